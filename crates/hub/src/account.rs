//! Whose a token is, and what it may do.

use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::{Error, client::Client};

/// The account that a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The name that stands before the slash of its repositories.
    pub name: String,
    /// The name of the person, where told.
    pub full_name: Option<String>,
    /// The organizations that it belongs to.
    pub organizations: Vec<Organization>,
    /// What the token may do.
    pub access: Access,
    /// What its owner calls the token, where told.
    pub token_name: Option<String>,
}

/// An organization of the Hub, as one of its members sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// The name that stands before the slash of its repositories.
    pub name: String,
    /// Whether the member's role there allows to write.
    pub writes: bool,
}

/// What a token may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Access {
    /// Read.
    Read,
    /// Read and write whatever its account may.
    Write,
    /// What its owner ticked: the names of accounts, organizations and repositories that it may write to.
    FineGrained {
        /// Names, or `owner/name` of single repositories.
        writes: Vec<String>,
    },
    /// The Hub does not tell.
    Unknown,
}

impl Account {
    /// Names below which this token may make repositories, its own account first.
    pub fn owners(&self) -> Vec<String> {
        let own = std::iter::once(self.name.clone());
        let organizations = self.organizations.iter().filter(|one| one.writes).map(|one| one.name.clone());
        let all = own.chain(organizations);
        match &self.access {
            Access::Read => Vec::new(),
            Access::Write | Access::Unknown => all.collect(),
            Access::FineGrained { writes } => all.filter(|name| writes.contains(name)).collect(),
        }
    }

    /// Whether the token may write to the repository `id` (`owner/name`), as far as the Hub tells beforehand.
    pub fn may_write(&self, id: &str) -> bool {
        let owner = id.split_once('/').map_or(id, |(owner, _)| owner);
        let named =
            matches!(&self.access, Access::FineGrained { writes } if writes.iter().any(|name| name == id));
        named || self.owners().iter().any(|name| name == owner)
    }
}

/// The answer of `/api/whoami-v2`, as far as it is wanted.
#[derive(Deserialize)]
struct WhoAmI {
    name: String,
    fullname: Option<String>,
    #[serde(default)]
    orgs: Vec<Membership>,
    auth: Option<Authentication>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Membership {
    name: String,
    role_in_org: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Authentication {
    access_token: Option<AccessToken>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccessToken {
    display_name: Option<String>,
    role: Option<String>,
    fine_grained: Option<FineGrained>,
}

#[derive(Deserialize)]
struct FineGrained {
    #[serde(default)]
    scoped: Vec<Scope>,
}

#[derive(Deserialize)]
struct Scope {
    entity: Entity,
    #[serde(default)]
    permissions: Vec<String>,
}

#[derive(Deserialize)]
struct Entity {
    name: Option<String>,
}

impl From<WhoAmI> for Account {
    fn from(answer: WhoAmI) -> Account {
        let token = answer.auth.and_then(|auth| auth.access_token);
        let access = match token.as_ref().and_then(|token| token.role.as_deref()) {
            Some("read") => Access::Read,
            Some("write" | "admin") => Access::Write,
            Some("fineGrained") => {
                let scopes = token.as_ref().and_then(|token| token.fine_grained.as_ref());
                let scopes = scopes.into_iter().flat_map(|grained| &grained.scoped);
                let writing = scopes.filter(|scope| scope.permissions.iter().any(|one| one == "repo.write"));
                Access::FineGrained {
                    writes: writing.filter_map(|scope| scope.entity.name.clone()).collect(),
                }
            }
            _ => Access::Unknown,
        };
        let organization = |one: Membership| Organization {
            writes: one.role_in_org.as_deref() != Some("read"),
            name: one.name,
        };
        Account {
            name: answer.name,
            full_name: answer.fullname.filter(|name| !name.is_empty()),
            organizations: answer.orgs.into_iter().map(organization).collect(),
            access,
            token_name: token.and_then(|token| token.display_name),
        }
    }
}

impl Client {
    /// Asks whose the token is. `what` needs to know.
    pub(crate) async fn account(&self, what: &str) -> Result<Account, Error> {
        let endpoint = self.settings.endpoint.clone();
        let url = self.url(&format!("{endpoint}/api/whoami-v2"))?;
        let attempt = async || {
            if self.token_for(&url)?.is_none() {
                return Err(Error::TokenMissing { what: what.to_string(), endpoint: endpoint.clone() });
            }
            let (response, _) = self.get(url.clone(), &HeaderMap::new(), None).await?;
            let answer = response.bytes().await.map_err(|error| self.unreachable(&error))?;
            let answer: WhoAmI =
                serde_json::from_slice(&answer).map_err(|error| self.answer(error.to_string()))?;
            Ok(answer.into())
        };
        self.patiently(attempt).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn account(access_token: serde_json::Value) -> Account {
        let answer = json!({
            "type": "user", "name": "ada", "fullname": "Ada", "orgs": [
                { "name": "lab", "roleInOrg": "write" }, { "name": "journal", "roleInOrg": "read" },
            ],
            "auth": { "type": "access_token", "accessToken": access_token },
        });
        serde_json::from_value::<WhoAmI>(answer).unwrap().into()
    }

    #[test]
    fn what_a_token_may_do_depends_on_its_kind_and_on_its_owners_role() {
        let write = account(json!({ "displayName": "mine", "role": "write" }));
        assert_eq!(write.owners(), ["ada", "lab"]);
        assert!(write.may_write("lab/x") && !write.may_write("journal/x") && !write.may_write("other/x"));
        let read = account(json!({ "displayName": "mine", "role": "read" }));
        assert!(read.owners().is_empty() && !read.may_write("ada/x"));
        let scoped = json!([
            { "entity": { "type": "user", "name": "ada" }, "permissions": ["repo.content.read"] },
            { "entity": { "type": "org", "name": "lab" }, "permissions": ["repo.content.read", "repo.write"] },
            { "entity": { "type": "model", "name": "ada/only" }, "permissions": ["repo.write"] },
        ]);
        let grained = account(json!({ "role": "fineGrained", "fineGrained": { "scoped": scoped } }));
        assert_eq!(grained.owners(), ["lab"]);
        assert!(grained.may_write("ada/only") && !grained.may_write("ada/other"));
    }
}
