//! Whose tokens there are.

use serde_json::{Value, json};

use crate::{MEMBER, WRITER, repository::Repository};

/// Owners below which [`WRITER`] may write.
const OWNED: [&str; 2] = ["ada", "lab"];

/// The answer of `/api/whoami-v2`.
pub(crate) fn describe(token: &str) -> Value {
    let organization = |name: &str, role: &str| json!({ "type": "org", "id": "6500000000000000000000aa", "name": name, "fullname": name, "roleInOrg": role });
    let (name, full, role, organizations) = if token == WRITER {
        ("ada", "Ada Example", "write", vec![organization("lab", "write"), organization("journal", "read")])
    } else {
        (token.trim_start_matches("hf_"), "", "read", Vec::new())
    };
    json!({
        "type": "user",
        "id": "6500000000000000000000bb",
        "name": name,
        "fullname": full,
        "email": format!("{name}@example.org"),
        "emailVerified": true,
        "isPro": false,
        "orgs": organizations,
        "auth": {
            "type": "access_token",
            "accessToken": { "displayName": "laptop", "role": role, "createdAt": "2024-11-01T12:00:00.000Z" },
        },
    })
}

/// Whether the owner of a token may see a repository.
pub(crate) fn sees(token: Option<&str>, repository: &Repository) -> bool {
    !repository.private || token == Some(MEMBER) || writes(token, &repository.id)
}

/// Whether a token may write to a repository or below an owner.
pub(crate) fn writes(token: Option<&str>, id: &str) -> bool {
    token == Some(WRITER) && OWNED.contains(&id.split('/').next().unwrap_or_default())
}
