//! Labels in FASTA and FASTQ headers, or in the file's name.

use std::collections::HashSet;
use std::path::Path;

use crate::columns::{LABEL_NAMES, repeats};

/// Where in a FASTA or FASTQ header the label stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HeaderLabel {
    /// Nowhere.
    None,
    /// `>id label=promoter`: the value after this key.
    Key(String),
    /// `>id|label`: the last of the fields that `|` sets apart in the first word.
    Bar,
    /// `>id promoter`: the one word after the name.
    Word,
    /// The field of this number, counted from 1, of the header cut at blanks and `|`.
    Field(usize),
    /// Not in the header: every record of the file has this one.
    File(String),
}

impl HeaderLabel {
    /// The label in a header (without its `>`), untrimmed.
    pub(crate) fn of(&self, header: &str) -> Option<String> {
        let label = match self {
            HeaderLabel::None => None,
            HeaderLabel::File(label) => Some(label.as_str()),
            HeaderLabel::Key(key) => keyed(header, key),
            HeaderLabel::Bar => header
                .split_whitespace()
                .next()
                .and_then(|word| word.rsplit_once('|'))
                .map(|(_, label)| label),
            HeaderLabel::Word => {
                let mut words = header.split_whitespace();
                let label = words.nth(1);
                if words.next().is_some() { None } else { label }
            }
            HeaderLabel::Field(number) => fields(header).nth(number - 1),
        };
        label.map(str::to_string).filter(|label| !label.is_empty())
    }

    /// In words, for `Columns`.
    pub(crate) fn described(&self) -> Option<String> {
        match self {
            HeaderLabel::None => None,
            HeaderLabel::Key(key) => Some(format!("header: {key}=…")),
            HeaderLabel::Bar => Some("header: id|label".to_string()),
            HeaderLabel::Word => Some("header: the word after the name".to_string()),
            HeaderLabel::Field(number) => Some(format!("header: field {number}")),
            HeaderLabel::File(label) => Some(format!("the file's name ({label})")),
        }
    }

    /// What the user asked for: a key, the number of a field, or "file".
    pub(crate) fn asked(wanted: &str, path: &Path) -> HeaderLabel {
        match wanted.trim() {
            "file" => HeaderLabel::File(stem(path)),
            number if number.parse::<usize>().is_ok_and(|number| number > 0) => {
                HeaderLabel::Field(number.parse().unwrap_or(1))
            }
            key => HeaderLabel::Key(key.to_string()),
        }
    }

    /// The convention that a sample of headers follows, if the labels that it gives repeat. A few headers may be broken: one
    /// in ten may lack the label, or half of them where a key such as `label=` leaves no doubt. Were all needed, one broken
    /// header would turn another word of the others into their label.
    pub(crate) fn guess(headers: &[String]) -> HeaderLabel {
        let mut candidates: Vec<HeaderLabel> =
            LABEL_NAMES.iter().map(|name| HeaderLabel::Key(name.to_string())).collect();
        candidates.extend([HeaderLabel::Bar, HeaderLabel::Word]);
        candidates
            .into_iter()
            .find(|candidate| {
                let labels: Vec<String> = headers.iter().filter_map(|header| candidate.of(header)).collect();
                let keyed = matches!(candidate, HeaderLabel::Key(_));
                let allowed = match headers.len() {
                    count if keyed => count / 2,
                    4..10 => 1,
                    count => count / 10,
                };
                if labels.is_empty() || headers.len() - labels.len() > allowed {
                    return false;
                }
                let distinct: HashSet<&String> = labels.iter().collect();
                // A word after the name that never changes ("human", "sequence") is a description, not a label; a key that
                // says label= is believed even so.
                repeats(distinct.len(), labels.len()) && (keyed || distinct.len() >= 2)
                    || keyed && headers.len() == 1
            })
            .unwrap_or(HeaderLabel::None)
    }
}

pub(crate) fn fields(header: &str) -> impl Iterator<Item = &str> {
    header.split(|letter: char| letter == '|' || letter.is_whitespace()).filter(|field| !field.is_empty())
}

/// The value of `key=value` or `key:value` in a header; blanks, `|`, `;` and `,` end it, quotes may hold it together.
pub(crate) fn keyed<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    let mut from = 0;
    while let Some(rest) = header.get(from..) {
        let place = from + find_ignoring_case(rest, key)?;
        let before = header[..place].chars().next_back();
        let starts = before.is_none_or(|letter| letter.is_whitespace() || "|;,[".contains(letter));
        let after = &header[place + key.len()..];
        if let (true, Some(value)) = (starts, after.strip_prefix(['=', ':'])) {
            return Some(match value.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next().unwrap_or_default(),
                None => value
                    .split(|letter: char| letter.is_whitespace() || "|;,]".contains(letter))
                    .next()
                    .unwrap_or_default(),
            });
        }
        from = place + key.len().max(1);
    }
    None
}

fn find_ignoring_case(text: &str, key: &str) -> Option<usize> {
    let (text, key) = (text.as_bytes(), key.as_bytes());
    (0..(text.len() + 1).saturating_sub(key.len().max(1)))
        .find(|&start| text[start..start + key.len()].eq_ignore_ascii_case(key))
}

/// A file's name without folders and without the endings that say format and compression.
pub(crate) fn stem(path: &Path) -> String {
    let mut name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    const ENDINGS: &[&str] = &[
        ".gz", ".bgz", ".bz2", ".xz", ".zst", ".zstd", ".fasta", ".fa", ".fna", ".ffn", ".fas", ".fsa",
        ".fastq", ".fq", ".txt", ".seq",
    ];
    while let Some(shorter) = ENDINGS
        .iter()
        .find_map(|ending| name.to_lowercase().strip_suffix(ending).map(str::len))
        .filter(|&n| n > 0)
    {
        match name.get(..shorter) {
            Some(start) => name = start.to_string(),
            None => break,
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(headers: &[&str]) -> HeaderLabel {
        HeaderLabel::guess(&headers.iter().map(|header| header.to_string()).collect::<Vec<_>>())
    }

    #[test]
    fn labels_are_found_in_headers() {
        assert_eq!(guess(&["a|1", "b|0", "c|1", "d|0", "e|0", "f|1"]), HeaderLabel::Bar);
        assert_eq!(guess(&["a label=x", "b label=y", "c label=x"]), HeaderLabel::Key("label".into()));
        assert_eq!(guess(&["a promoter", "b enhancer", "c promoter"]), HeaderLabel::Word);
        assert_eq!(guess(&["a", "b", "c"]), HeaderLabel::None);
        assert_eq!(guess(&["a one", "b two", "c three", "d four", "e five", "f six"]), HeaderLabel::None);
        assert_eq!(guess(&["a human", "b human", "c human", "d human"]), HeaderLabel::None);
        // One broken header does not make another word the label.
        let broken = ["a|promoter hg38", "b|other hg38", "c|promoter hg38", "d mm10", "e|other hg38"];
        assert_eq!(guess(&broken), HeaderLabel::Bar);
        assert_eq!(HeaderLabel::Bar.of("d mm10"), None);
        let broken = ["a label=x hg38", "b hg38", "c label=y hg38", "d label=x hg38"];
        assert_eq!(guess(&broken), HeaderLabel::Key("label".into()));
        assert_eq!(guess(&["a x", "b x", "c", "d", "e y"]), HeaderLabel::None);
        let numbers = ["gi|1|ref|NG_1.1| fungus", "gi|2|ref|NG_2.1| fungus", "gi|3|ref|NG_3.1| fungus"];
        assert_eq!(guess(&numbers), HeaderLabel::None);
    }

    #[test]
    fn keys_are_whole_words() {
        let key = HeaderLabel::Key("class".into());
        assert_eq!(key.of("a subclass=1 class=2"), Some("2".into()));
        assert_eq!(key.of("a [Class=\"two words\"]"), Some("two words".into()));
        assert_eq!(key.of("a class"), None);
        assert_eq!(HeaderLabel::Field(2).of("a|b c"), Some("b".into()));
    }

    #[test]
    fn stems_lose_format_and_compression() {
        assert_eq!(stem(Path::new("x/Promoters.fa.GZ")), "Promoters");
        assert_eq!(stem(Path::new("non.coding.fasta")), "non.coding");
        assert_eq!(stem(Path::new(".fa")), ".fa");
    }
}
