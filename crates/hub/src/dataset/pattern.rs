//! The path patterns of data sets, with the meaning that Python's fsspec gives them.

/// Whether `path` matches `pattern`: `*`, `?` and `[…]` stay within one part of the path, a part `**` is any number
/// of parts.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<_> = pattern.split('/').collect();
    let path: Vec<_> = path.split('/').collect();
    parts(&pattern, &path)
}

/// Whether there is anything in it but a plain path.
pub(super) fn has_magic(pattern: &str) -> bool {
    pattern.contains(['*', '?', '['])
}

fn parts(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        (["**"], path) => !path.is_empty(),
        (["**", rest @ ..], path) => (0..=path.len()).any(|skipped| parts(rest, &path[skipped..])),
        ([first, rest @ ..], [name, names @ ..]) => {
            part(first.as_bytes(), name.as_bytes()) && parts(rest, names)
        }
        _ => false,
    }
}

fn part(pattern: &[u8], name: &[u8]) -> bool {
    match pattern {
        [] => name.is_empty(),
        [b'*', rest @ ..] => (0..=name.len()).any(|skipped| part(rest, &name[skipped..])),
        [b'?', rest @ ..] => !name.is_empty() && part(rest, &name[1..]),
        [b'[', rest @ ..] => match (class(rest), name) {
            (Some((set, rest)), [letter, name @ ..]) => set_contains(set, *letter) && part(rest, name),
            (Some(_), []) => false,
            // A bracket that nothing closes is a bracket.
            (None, [b'[', name @ ..]) => part(rest, name),
            (None, _) => false,
        },
        [letter, rest @ ..] => name.first() == Some(letter) && part(rest, &name[1..]),
    }
}

/// Splits what follows `[` at its `]`; a `]` that comes first belongs to the set.
fn class(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = usize::from(text.first() == Some(&b'!'));
    let end = (start + 1..text.len()).find(|&position| text[position] == b']')?;
    Some((&text[..end], &text[end + 1..]))
}

fn set_contains(set: &[u8], letter: u8) -> bool {
    let (negated, mut set) = match set {
        [b'!', rest @ ..] => (true, rest),
        _ => (false, set),
    };
    let mut found = false;
    while let [first, rest @ ..] = set {
        // A hyphen between two letters is a range, at either end it is a hyphen.
        if let [b'-', last, after @ ..] = rest {
            found |= (*first..=*last).contains(&letter);
            set = after;
        } else {
            found |= *first == letter;
            set = rest;
        }
    }
    found != negated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_fsspec_means() {
        // Each row was checked against fsspec.utils.glob_translate.
        for (pattern, path, expected) in [
            ("**", "a.csv", true),
            ("**", "a/b.csv", true),
            ("data/**", "data/a/b.csv", true),
            ("data/**", "data", false),
            ("*.csv", "a/b.csv", false),
            ("**/*.csv", "b.csv", true),
            ("**/train/**", "train/x.csv", true),
            ("**/train/**", "a/train/b/x.csv", true),
            ("**/train/**", "a/training/x.csv", false),
            ("**/train[-._ 0-9]*", "train.csv", true),
            ("**/train[-._ 0-9]*", "a/train_1.csv", true),
            ("**/train[-._ 0-9]*", "trainer.csv", false),
            ("**/*[-._ 0-9]train[-._ 0-9]*", "my-train.csv", true),
            ("**/*[-._ 0-9]train[-._ 0-9]*", "mytrain.csv", false),
            ("data/*-[0-9][0-9]-of-[0-9][0-9]*.*", "data/train-00-of-01.parquet", true),
            ("[!a]*.csv", "b.csv", true),
            ("[!a]*.csv", "a.csv", false),
            ("?.csv", "ab.csv", false),
            ("a[.csv", "a[.csv", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} on {path}");
        }
    }
}
