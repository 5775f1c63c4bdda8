use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use crate::{SystemKeyring, Token, Tokens};

/// What the Hub's own Python library reads from its environment, as one value.
///
/// Nothing else in this crate looks at the environment, so a test or a server can hold several of these at once.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the Hub is: `HF_ENDPOINT`, else `https://huggingface.co`. Without a slash at the end.
    pub endpoint: String,
    /// The cache shared with Python: `HF_HUB_CACHE`, else `HUGGINGFACE_HUB_CACHE`, else `$HF_HOME/hub`.
    pub cache: PathBuf,
    /// Where a token is looked for. It is sent to [`endpoint`](Self::endpoint) alone, never to a host that it redirects to.
    pub tokens: Tokens,
    /// `HF_HUB_OFFLINE`, else `TRANSFORMERS_OFFLINE`: use the cache and open no connection.
    pub offline: bool,
    /// How long to wait and how often to try again.
    pub patience: Patience,
}

/// How long to wait for an answer and how often to try again.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Tries after the first one that failed for a reason that may pass (a cut connection, 429, 5xx).
    /// A try that brought bytes of the file does not count.
    pub retries: u32,
    /// Pause before the first retry; each further one is twice as long.
    pub pause: Duration,
    /// The longest `Retry-After` of a 429 that is waited for instead of reported.
    pub longest_pause: Duration,
    /// Limit for opening a connection.
    pub connect: Duration,
    /// Limit between two pieces of an answer.
    pub read: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            retries: 4,
            pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(60),
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
        }
    }
}

impl Settings {
    /// The public Hub with the cache in `cache`, without a token.
    pub fn new(cache: impl Into<PathBuf>) -> Settings {
        Settings {
            endpoint: "https://huggingface.co".to_string(),
            cache: cache.into(),
            tokens: Tokens::default(),
            offline: false,
            patience: Patience::default(),
        }
    }

    /// Reads the environment of this process; for the edge of a program.
    pub fn from_environment() -> Settings {
        Settings::from_variables(|name| std::env::var(name).ok())
    }

    /// As [`from_environment`](Self::from_environment), from any source of variables. The token file is read.
    ///
    /// The names, their order and their meaning are those of `huggingface_hub` (`constants.py`, `utils/_auth.py`). The
    /// system's keyring stands between the variable and the file; `EPISOME_KEYRING=off` leaves it out.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Settings {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let user = set("HOME").or_else(|| set("USERPROFILE")).unwrap_or_default();
        let expand = |text: String| expand(&text, &user, &variable);

        let home = set("HF_HOME").map(expand).unwrap_or_else(|| {
            let caches = set("XDG_CACHE_HOME").map(expand).unwrap_or_else(|| Path::new(&user).join(".cache"));
            caches.join("huggingface")
        });
        let cache = set("HF_HUB_CACHE").or_else(|| set("HUGGINGFACE_HUB_CACHE")).map(expand);
        let token_file = set("HF_TOKEN_PATH").map(expand).unwrap_or_else(|| home.join("token"));
        let implicit_token = !set("HF_HUB_DISABLE_IMPLICIT_TOKEN").is_some_and(|value| is_true(&value));
        let token =
            set("HF_TOKEN").or_else(|| set("HUGGING_FACE_HUB_TOKEN")).and_then(|text| Token::new(&text));
        let kept = std::fs::read_to_string(&token_file).ok().and_then(|text| Token::new(&text));
        let endpoint = set("HF_ENDPOINT")
            .map(|endpoint| endpoint.trim_end_matches('/').to_string())
            .unwrap_or_else(|| "https://huggingface.co".to_string());
        let keyring = !set("EPISOME_KEYRING").is_some_and(|value| value.eq_ignore_ascii_case("off"));
        let mut tokens = Tokens::default();
        if implicit_token {
            tokens.environment = token;
            tokens.file = kept.map(|token| (token_file, token));
            if keyring {
                tokens = tokens.with_keyring(Arc::new(SystemKeyring::new(&endpoint)));
            }
        }
        Settings {
            endpoint,
            cache: cache.unwrap_or_else(|| home.join("hub")),
            tokens,
            offline: set("HF_HUB_OFFLINE")
                .or_else(|| set("TRANSFORMERS_OFFLINE"))
                .is_some_and(|value| is_true(&value)),
            patience: Patience::default(),
        }
    }
}

/// The values that `huggingface_hub` takes for yes.
fn is_true(value: &str) -> bool {
    ["1", "ON", "YES", "TRUE"].contains(&value.to_uppercase().as_str())
}

/// `~` at the start and `$NAME` or `${NAME}` anywhere, as Python's expanduser and expandvars.
fn expand(text: &str, user: &str, variable: &impl Fn(&str) -> Option<String>) -> PathBuf {
    let mut rest = text;
    let mut expanded = String::new();
    if let Some(after) = rest.strip_prefix('~')
        && (after.is_empty() || after.starts_with('/'))
    {
        expanded.push_str(user);
        rest = after;
    }
    while let Some(position) = rest.find('$') {
        expanded.push_str(&rest[..position]);
        let after = &rest[position + 1..];
        let (name, length) = match after.strip_prefix('{').and_then(|braced| braced.split_once('}')) {
            Some((name, _)) => (name, name.len() + 2),
            None => {
                let end = after
                    .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                    .unwrap_or(after.len());
                (&after[..end], end)
            }
        };
        match variable(name) {
            Some(value) => expanded.push_str(&value),
            None => expanded.push_str(&rest[position..position + 1 + length]),
        }
        rest = &after[length..];
    }
    expanded.push_str(rest);
    PathBuf::from(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Settings {
        Settings::from_variables(|name| {
            let given =
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
            // The keyring of whoever runs the tests is none of theirs.
            given.or_else(|| (name == "EPISOME_KEYRING").then(|| "off".to_string()))
        })
    }

    #[test]
    fn cache_follows_the_order_of_the_python_library() {
        let home = ("HOME", "/home/ada");
        assert_eq!(settings(&[home]).cache, Path::new("/home/ada/.cache/huggingface/hub"));
        assert_eq!(settings(&[home, ("XDG_CACHE_HOME", "/x")]).cache, Path::new("/x/huggingface/hub"));
        assert_eq!(settings(&[home, ("HF_HOME", "~/hf")]).cache, Path::new("/home/ada/hf/hub"));
        let old = ("HUGGINGFACE_HUB_CACHE", "/old");
        assert_eq!(settings(&[home, ("HF_HOME", "/hf"), old]).cache, Path::new("/old"));
        assert_eq!(settings(&[home, old, ("HF_HUB_CACHE", "$HOME/new")]).cache, Path::new("/home/ada/new"));
        assert_eq!(settings(&[home, ("HF_HOME", "${NONE}/a")]).cache, Path::new("${NONE}/a/hub"));
    }

    #[test]
    fn token_comes_from_variable_then_file_and_stays_hidden() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), "hf_file\n").unwrap();
        let home = ("HF_HOME", folder.path().to_str().unwrap());
        let found = |variables: &[_]| settings(variables).tokens.find().map(|(token, _)| token);
        assert_eq!(found(&[home]), Token::new("hf_file"));
        assert_eq!(found(&[home, ("HF_TOKEN", " hf_variable\r\n")]), Token::new("hf_variable"));
        assert_eq!(found(&[home, ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")]), None);
        assert!(!format!("{:?}", settings(&[home])).contains("hf_file"));
    }

    #[test]
    fn endpoint_loses_its_last_slash_and_offline_knows_four_words() {
        assert_eq!(settings(&[("HF_ENDPOINT", "https://mirror.org/")]).endpoint, "https://mirror.org");
        for word in ["1", "on", "YES", "True"] {
            assert!(settings(&[("HF_HUB_OFFLINE", word)]).offline, "{word}");
        }
        assert!(!settings(&[("HF_HUB_OFFLINE", "0")]).offline);
        assert!(settings(&[("TRANSFORMERS_OFFLINE", "1")]).offline);
    }
}
