//! Which files of a repository make which split, by the rules of Python's `datasets` (`data_files.py`, 5.2).
//!
//! A file that two patterns of one split take is taken once; `datasets` takes it, and each of its records, twice.
//! Left out are its two newest patterns, for logs of language-model evaluations: no table of sequences is named so.

use std::collections::BTreeSet;

use super::{
    card::{self, Entry},
    format::{self, Format},
    pattern::{has_magic, matches},
};
use crate::{Error, RepositoryFile};

/// A configuration whose files are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) configuration: String,
    pub(super) format: Format,
    pub(super) separator: Option<String>,
    /// Paths in the repository by split, in the order of the patterns and then of the names.
    pub(super) splits: Vec<(String, Vec<String>)>,
}

/// Never data, unless a pattern names them.
const IGNORED: [&str; 6] = [
    "README.md",
    "config.json",
    "dataset_info.json",
    "dataset_infos.json",
    "dummy_data.zip",
    "dataset_dict.json",
];

/// The words that tell a split in the name of a file or folder, the split's own name first.
pub(super) const KEYWORDS: [(&str, &[&str]); 3] = [
    ("train", &["train", "training"]),
    ("validation", &["validation", "valid", "dev", "val"]),
    ("test", &["test", "testing", "eval", "evaluation"]),
];

/// What may stand beside such a word.
const BESIDE: &str = "[-._ 0-9]";

/// The layout of one configuration: the one that is asked for, else the default one.
pub(super) fn resolve(
    id: &str,
    entries: &[Entry],
    wanted: Option<&str>,
    files: &[RepositoryFile],
) -> Result<Layout, Error> {
    let files: Vec<&RepositoryFile> = files.iter().collect();
    let Some(entry) = choose(id, entries, wanted)? else {
        if let Some(name) = wanted.filter(|name| *name != "default") {
            let known = vec!["default".to_string()];
            return Err(Error::ConfigurationNotFound { id: id.to_string(), name: name.to_string(), known });
        }
        return finish(id, "default", None, expand(id, &guess(&files), &files, "")?);
    };
    let folder = entry.folder.as_deref().map(|folder| format!("{folder}/")).unwrap_or_default();
    let inside: Vec<_> = files.iter().copied().filter(|file| file.path.starts_with(&folder)).collect();
    let patterns = match &entry.splits {
        Some(splits) => splits.clone(),
        None => guess_inside(&inside, &folder),
    };
    finish(id, &entry.name, entry.separator.clone(), expand(id, &patterns, &inside, &folder)?)
}

/// The default one is the only one, the one named so, or the one marked so.
fn choose<'a>(id: &str, entries: &'a [Entry], wanted: Option<&str>) -> Result<Option<&'a Entry>, Error> {
    let known = || entries.iter().map(|entry| entry.name.clone()).collect::<Vec<_>>();
    if let (Some(name), false) = (wanted, entries.is_empty()) {
        let found = entries.iter().find(|entry| entry.name == name);
        let missing =
            || Error::ConfigurationNotFound { id: id.to_string(), name: name.to_string(), known: known() };
        return found.map(Some).ok_or_else(missing);
    }
    let is_default = |entry: &&Entry| entries.len() == 1 || entry.name == "default" || entry.default;
    let defaults: Vec<_> = entries.iter().filter(is_default).collect();
    match defaults.as_slice() {
        [] if entries.is_empty() => Ok(None),
        [] => Err(Error::ConfigurationNeeded { id: id.to_string(), known: known() }),
        [entry] => Ok(Some(entry)),
        [first, second, ..] => {
            let reason = format!("both {} and {} are its default configuration", first.name, second.name);
            Err(Error::Card { id: id.to_string(), reason })
        }
    }
}

type Patterns = Vec<(String, Vec<String>)>;

fn guess_inside(files: &[&RepositoryFile], folder: &str) -> Patterns {
    let moved: Vec<_> = files
        .iter()
        .map(|file| RepositoryFile { path: file.path[folder.len()..].to_string(), ..(*file).clone() })
        .collect();
    guess(&moved.iter().collect::<Vec<_>>())
}

/// Patterns from the names: `data/<split>-00000-of-00001.…`, else split words in folders, else in files, else all is
/// for training.
fn guess(files: &[&RepositoryFile]) -> Patterns {
    const SHARDED: &str = "data/*-[0-9][0-9][0-9][0-9][0-9]-of-[0-9][0-9][0-9][0-9][0-9]*.*";
    let any = |pattern: &str| files.iter().any(|file| is_match(pattern, &file.path));
    let sharded = files.iter().filter(|file| is_match(SHARDED, &file.path));
    // As datasets' own pattern has it, the split is all that precedes the numbers.
    let named: BTreeSet<_> = sharded.filter_map(|file| sharded_split(file.name())).collect();
    if !named.is_empty() && named.iter().all(|split| card::is_split(split)) {
        let first = KEYWORDS.iter().map(|(split, _)| *split).filter(|split| named.contains(split));
        let rest = named.iter().copied().filter(|name| KEYWORDS.iter().all(|(split, _)| split != name));
        let pattern = |split: &str| (split.to_string(), vec![SHARDED.replacen('*', split, 1)]);
        return first.chain(rest).map(pattern).collect();
    }
    for beside_word in [in_folder as fn(&str) -> Vec<String>, in_name] {
        let patterns = KEYWORDS.iter().map(|(split, words)| {
            let patterns: Vec<_> = words.iter().flat_map(|word| beside_word(word)).collect();
            (split.to_string(), patterns)
        });
        let found: Patterns =
            patterns.filter(|(_, patterns)| patterns.iter().any(|pattern| any(pattern))).collect();
        if !found.is_empty() {
            return found;
        }
    }
    vec![("train".to_string(), vec!["**".to_string()])]
}

fn in_folder(word: &str) -> Vec<String> {
    vec![
        format!("**/{word}/**"),
        format!("**/{word}{BESIDE}*/**"),
        format!("**/*{BESIDE}{word}/**"),
        format!("**/*{BESIDE}{word}{BESIDE}*/**"),
    ]
}

fn in_name(word: &str) -> Vec<String> {
    vec![format!("**/{word}{BESIDE}*"), format!("**/*{BESIDE}{word}{BESIDE}*")]
}

/// `train` of `train-00000-of-00001.parquet`.
fn sharded_split(name: &str) -> Option<&str> {
    let of = name.rfind("-of-")?;
    let (split, number) = name[..of].rsplit_once('-')?;
    (number.len() == 5 && !split.is_empty()).then_some(split)
}

/// The files that match: none that is hidden, starts its folder with `__` or describes the repository, unless the
/// pattern says so.
fn is_match(pattern: &str, path: &str) -> bool {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_string();
    let hidden = |path: &str| {
        path.split('/').filter(|part| part.starts_with('.') && part.chars().any(|c| c != '.')).count()
    };
    let special = |path: &str| {
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        folders.split('/').filter(|part| part.starts_with("__")).count()
    };
    let ignored = IGNORED.contains(&name(path).as_str()) && name(path) != name(pattern);
    matches(pattern, path) && !ignored && hidden(path) == hidden(pattern) && special(path) == special(pattern)
}

fn expand(id: &str, patterns: &Patterns, files: &[&RepositoryFile], folder: &str) -> Result<Splits, Error> {
    let mut splits = Splits::new();
    for (split, patterns) in patterns {
        let mut found: Vec<RepositoryFile> = Vec::new();
        for pattern in patterns {
            if pattern.contains("://") {
                let reason = format!("its card points to another site ({pattern})");
                return Err(Error::NoData { id: id.to_string(), reason });
            }
            let full = format!("{folder}{}", pattern.trim_start_matches("./"));
            let hits: Vec<_> = files
                .iter()
                .filter(|file| is_match(&full, &file.path) && format::is_data(file))
                .copied()
                .collect();
            if hits.is_empty() && !has_magic(&full) {
                let reason = format!("its card names {full}, which is not there or not a table");
                return Err(Error::NoData { id: id.to_string(), reason });
            }
            for file in hits {
                // Two patterns for one word may take the same file; its records count once.
                if !found.iter().any(|known| known.path == file.path) {
                    found.push(file.clone());
                }
            }
        }
        splits.push((split.clone(), found));
    }
    Ok(splits)
}

type Splits = Vec<(String, Vec<RepositoryFile>)>;

/// One format for all splits, and only files that have it.
fn finish(id: &str, configuration: &str, separator: Option<String>, splits: Splits) -> Result<Layout, Error> {
    let no_data = |reason: String| Error::NoData { id: id.to_string(), reason };
    let mut format = None;
    for (split, files) in splits.iter().filter(|(_, files)| !files.is_empty()) {
        let own = format::of_most(&files.iter().collect::<Vec<_>>()).map_err(|what| {
            no_data(match what {
                Some("zip archives") => {
                    "its files are zip archives. Download and unpack them, and give the files inside to --data".to_string()
                }
                Some(what) => format!("its files are {what}"),
                None => "no name of a file ends like a table (csv, tsv, json, parquet, txt, fasta)".to_string(),
            })
        })?;
        match format {
            Some(other) if other != own => {
                return Err(no_data(format!(
                    "its splits have different formats ({other:?}, and {own:?} in {split})"
                )));
            }
            _ => format = Some(own),
        }
    }
    let format = format.ok_or_else(|| {
        no_data("no name of a file ends like a table (csv, tsv, json, parquet, txt, fasta)".to_string())
    })?;
    let paths = |files: Vec<RepositoryFile>| {
        files.into_iter().filter(|file| format::has(file, format)).map(|file| file.path).collect::<Vec<_>>()
    };
    let splits =
        splits.into_iter().map(|(split, files)| (split, paths(files))).filter(|(_, files)| !files.is_empty());
    Ok(Layout { configuration: configuration.to_string(), format, separator, splits: splits.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Vec<RepositoryFile> {
        let file = |path: &&str| RepositoryFile {
            path: path.to_string(),
            size: 1,
            git_sha1: None,
            sha256: None,
            xet: None,
        };
        paths.iter().map(file).collect()
    }

    fn plain(paths: &[&str]) -> Result<Vec<(String, Vec<String>)>, Error> {
        resolve("a/b", &[], None, &files(paths)).map(|layout| layout.splits)
    }

    fn split(name: &str, paths: &[&str]) -> (String, Vec<String>) {
        (name.to_string(), paths.iter().map(|path| path.to_string()).collect())
    }

    #[test]
    fn words_need_a_delimiter() {
        let found = plain(&["trainer.csv", "contest.csv"]).unwrap();
        assert_eq!(found, [split("train", &["trainer.csv", "contest.csv"])], "no split word in these names");
        let found = plain(&["my-train-1.csv", "my.dev.csv", "Test.csv"]).unwrap();
        assert_eq!(found, [split("train", &["my-train-1.csv"]), split("validation", &["my.dev.csv"])]);
    }

    #[test]
    fn files_that_are_no_data_are_left_out() {
        let found = plain(&[
            "README.md",
            ".gitattributes",
            ".hidden/train.csv",
            "__MACOSX/train.csv",
            "data.csv",
            "notes.doc",
        ]);
        assert_eq!(found.unwrap(), [split("train", &["data.csv"])]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert!(plain(&["data.zip"]).unwrap_err().to_string().contains("unpack"));
        assert!(plain(&["train.tar", "test.tar"]).unwrap_err().to_string().contains("tar archives"));
        assert!(plain(&["train.csv", "test.parquet"]).unwrap_err().to_string().contains("different formats"));
        assert!(plain(&["README.md"]).unwrap_err().to_string().contains("no name"));
    }
}
