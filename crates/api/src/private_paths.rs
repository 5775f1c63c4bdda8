//! Paths of this computer in a text: they name people and projects, and lead nowhere elsewhere.

/// A path found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The line, from 1 on.
    pub line: usize,
    /// The path as it stands there.
    pub path: String,
}

/// What may stand before a path.
fn opens(c: char) -> bool {
    c.is_whitespace() || "\"'`([{<=,;:|>*".contains(c)
}

/// What a path consists of outside of quotes; a blank ends it.
fn goes_on(c: char) -> bool {
    !c.is_whitespace() && !"\"'`()[]{}<>,;|*?".contains(c)
}

/// The length in bytes of the path with which `rest` begins, after the letter `before`.
fn length(rest: &str, before: char) -> Option<usize> {
    let bytes = rest.as_bytes();
    let drive = bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.get(1) == Some(&b':')
        && bytes.get(2).is_some_and(|byte| b"\\/".contains(byte));
    let share = rest.starts_with("\\\\");
    // `//` follows the scheme of an address.
    let unix = (rest.starts_with('/') && !rest.starts_with("//")) || rest.starts_with("file:///");
    if !(drive || share || unix) {
        return None;
    }
    let line = rest.lines().next().unwrap_or_default();
    // Between quotes a path may hold blanks.
    let quoted = line.find(before).filter(|_| "\"'`".contains(before));
    let end = quoted.or_else(|| rest.find(|c| !goes_on(c))).unwrap_or(rest.len());
    let path = rest[..end].trim_end_matches(['.', ':', '!']);
    // One part alone, such as "/", "/100" or "N/A", is none of this computer's.
    let parts = path.trim_start_matches("file:").split(['/', '\\']).filter(|part| !part.is_empty());
    let real = parts.filter(|part| part.chars().any(char::is_alphanumeric)).count() >= 2;
    real.then_some(path.len())
}

/// Every part of `text`, told whether it is a path.
fn pieces(text: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    let (mut start, mut position, mut before) = (0, 0, ' ');
    while let Some(c) = text[position..].chars().next() {
        match length(&text[position..], before).filter(|_| opens(before)) {
            Some(length) => {
                pieces.push((false, &text[start..position]));
                pieces.push((true, &text[position..position + length]));
                position += length;
                start = position;
                before = '/';
            }
            None => {
                before = c;
                position += c.len_utf8();
            }
        }
    }
    pieces.push((false, &text[start..]));
    pieces
}

/// The paths in a text.
pub(crate) fn find(text: &str) -> Vec<Found> {
    let mut line = 1;
    let mut found = Vec::new();
    for (is_path, piece) in pieces(text) {
        if is_path {
            found.push(Found { line, path: piece.to_owned() });
        }
        line += piece.matches('\n').count();
    }
    found
}

/// The text with each path cut to its last part.
pub(crate) fn shorten(text: &str) -> String {
    let last = |path: &str| {
        let part = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next();
        part.unwrap_or_default().to_owned()
    };
    pieces(text)
        .into_iter()
        .map(|(is_path, piece)| if is_path { last(piece) } else { piece.to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_every_system_are_found_and_addresses_are_not() {
        let text = "Trained on `/home/ada/secret project/x.csv`.\n\"base\": \"C:\\\\Users\\\\ada\\\\base\",\n\
                    see https://huggingface.co/ada/base and file:///Users/ada/notes.txt or \\\\server\\share\\x";
        let found = find(text);
        let paths: Vec<(usize, &str)> = found.iter().map(|one| (one.line, one.path.as_str())).collect();
        assert_eq!(
            paths,
            [
                (1, "/home/ada/secret project/x.csv"),
                (2, "C:\\\\Users\\\\ada\\\\base"),
                (3, "file:///Users/ada/notes.txt"),
                (3, "\\\\server\\share\\x")
            ]
        );
        for text in [
            "and/or",
            "5 / 6",
            "10 bp/s",
            "</think>",
            "N/A",
            "ada/base",
            "a // b",
            "1/2/3",
            "#/$defs",
            "text/plain",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }

    #[test]
    fn a_shortened_text_keeps_the_names_of_files() {
        let text = "{\"name_or_path\": \"/data/ada/tokenizer/\", \"n\": 1} cut at /tmp/x/train.csv.";
        assert_eq!(shorten(text), "{\"name_or_path\": \"tokenizer\", \"n\": 1} cut at train.csv.");
        assert_eq!(find(&shorten(text)), []);
    }
}
