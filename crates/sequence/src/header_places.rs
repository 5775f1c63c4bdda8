//! Where labels may stand in FASTA and FASTQ headers, for a person to choose from.

use serde::Serialize;

use crate::header_label::{fields, keyed};

/// Examples told of a place.
const EXAMPLES: usize = 3;

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HeaderPlaceKind {
    /// The value after a key: `label=promoter`.
    Key,
    /// A field of the header cut at blanks and `|`.
    Field,
    /// The name of the file.
    File,
}

/// A place in headers where a label may stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeaderPlace {
    /// The words for it as the column of labels: a key, the number of a field counted from 1, or `file`.
    pub value: String,
    /// What it is.
    pub kind: HeaderPlaceKind,
    /// What stands there in the first headers, each once.
    pub examples: Vec<String>,
}

/// The places that these headers have in common: keys first, then fields after the first, which is the name; then the file's name.
pub(crate) fn places(headers: &[String]) -> Vec<HeaderPlace> {
    let mut places = Vec::new();
    let first = headers.first().map_or("", String::as_str);
    for key in keys(first) {
        if let Some(examples) = in_all(headers, |header| keyed(header, key)) {
            places.push(HeaderPlace { value: key.to_owned(), kind: HeaderPlaceKind::Key, examples });
        }
    }
    for number in 1..fields(first).count() {
        // A field that names a key is that key's place.
        if let Some(examples) = in_all(headers, |header| fields(header).nth(number))
            && !examples.iter().any(|text| text.contains(['=', ':']))
        {
            let value = (number + 1).to_string();
            places.push(HeaderPlace { value, kind: HeaderPlaceKind::Field, examples });
        }
    }
    places.push(HeaderPlace { value: "file".into(), kind: HeaderPlaceKind::File, examples: Vec::new() });
    places
}

/// Some of what stands at a place that every header has.
fn in_all<'a>(headers: &'a [String], at: impl Fn(&'a str) -> Option<&'a str>) -> Option<Vec<String>> {
    let mut examples: Vec<String> = Vec::new();
    for header in headers {
        let text = at(header).filter(|text| !text.is_empty())?;
        if examples.len() < EXAMPLES && !examples.iter().any(|known| known == text) {
            examples.push(text.to_owned());
        }
    }
    Some(examples)
}

/// The words that a `=` or a `:` follows, each once.
fn keys(header: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for (end, _) in header.match_indices(['=', ':']) {
        let before = &header[..end];
        let start = before
            .rfind(|letter: char| !(letter.is_ascii_alphanumeric() || "_-".contains(letter)))
            .map_or(0, |place| place + before[place..].chars().next().map_or(1, char::len_utf8));
        let key = &before[start..];
        let is_word = key.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
        if is_word && !found.contains(&key) {
            found.push(key);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(headers: &[&str]) -> Vec<(String, String)> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        places(&headers).into_iter().map(|place| (place.value, place.examples.join(","))).collect()
    }

    #[test]
    fn keys_and_fields_that_all_headers_have_are_found() {
        let pair = |value: &str, examples: &str| (value.to_owned(), examples.to_owned());
        assert_eq!(
            told(&["a|promoter|hg38 class=x", "b|other|hg38 class=\"y\""]),
            [pair("class", "x,y"), pair("2", "promoter,other"), pair("3", "hg38"), pair("file", "")]
        );
    }

    #[test]
    fn the_name_of_the_file_is_offered_where_headers_tell_nothing() {
        assert_eq!(told(&["a", "b x"]).len(), 1);
        assert_eq!(told(&[]).len(), 1);
        assert_eq!(told(&["", "é=1 ü"]).len(), 1);
    }
}
