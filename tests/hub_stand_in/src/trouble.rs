use serde::Deserialize;

/// Something that goes wrong on demand, for requests whose path contains a text.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trouble {
    /// The connection breaks after so many bytes of the body.
    Cut {
        /// Bytes that arrive.
        after: usize,
    },
    /// An answer with this status, such as 429 or 500.
    Status {
        /// The status.
        status: u16,
        /// `Retry-After` in seconds.
        retry_after: Option<u64>,
    },
    /// The first byte of the body is another one.
    Corrupt,
    /// The whole file comes although a part was asked for.
    IgnoreRange,
    /// Nothing comes for so many milliseconds.
    Slow {
        /// The wait before the answer.
        milliseconds: u64,
    },
}

/// A trouble that waits for its requests.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Waiting {
    /// What the path must contain.
    pub(crate) path: String,
    /// Requests that are still to suffer.
    pub(crate) times: usize,
    #[serde(flatten)]
    pub(crate) trouble: Trouble,
}

/// Takes the first trouble that fits off the list, one use of it. HEAD requests suffer only a status.
pub(crate) fn take(list: &mut [Waiting], path: &str, head: bool) -> Option<Trouble> {
    let fits = |waiting: &Waiting| {
        let status = matches!(waiting.trouble, Trouble::Status { .. });
        path.contains(&waiting.path) && waiting.times > 0 && (status || !head)
    };
    let position = list.iter().position(fits)?;
    list[position].times -= 1;
    Some(list[position].trouble.clone())
}
