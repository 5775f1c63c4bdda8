//! What the YAML at the head of a data set's README says about its files.

use saphyr::{LoadableYamlNode, Yaml};

use crate::Error;

/// An entry of `configs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) default: bool,
    /// Patterns by split; none: to be found out from the names of the files.
    pub(super) splits: Option<Vec<(String, Vec<String>)>>,
    /// The folder that patterns start from.
    pub(super) folder: Option<String>,
    /// `sep` or `delimiter`.
    pub(super) separator: Option<String>,
}

/// The `configs` of a README, or of `.huggingface.yaml` when that names them, too.
pub(super) fn read(id: &str, readme: Option<&str>, standalone: Option<&str>) -> Result<Vec<Entry>, Error> {
    let refuse = |reason: String| Error::Card { id: id.to_string(), reason };
    let mut entries = Vec::new();
    for block in [readme.and_then(front_matter), standalone.map(str::to_string)].into_iter().flatten() {
        let documents =
            Yaml::load_from_str(&block).map_err(|error| refuse(format!("its YAML has an error, {error}")))?;
        let Some(configs) = documents.first().and_then(|document| document.as_mapping_get("configs")) else {
            continue;
        };
        if configs.is_null() {
            continue;
        }
        let Some(configs) = configs.as_sequence() else {
            return Err(refuse("“configs” is not a list".to_string()));
        };
        entries = configs.iter().map(entry).collect::<Result<Vec<_>, _>>().map_err(refuse)?;
    }
    Ok(entries)
}

/// What stands between the first two lines `---`.
fn front_matter(readme: &str) -> Option<String> {
    let mut lines = readme.trim_start_matches('\u{feff}').lines();
    if lines.next()?.trim_end() != "---" {
        return None;
    }
    let mut block = String::new();
    for line in lines {
        if line.trim_end() == "---" {
            return Some(block);
        }
        block.push_str(line);
        block.push('\n');
    }
    None
}

fn entry(config: &Yaml) -> Result<Entry, String> {
    let name = config.as_mapping_get("config_name").and_then(text);
    let name = name.ok_or("an entry of “configs” has no config_name")?;
    let splits = match config.as_mapping_get("data_files").filter(|files| !files.is_null()) {
        Some(files) => {
            let wrong = "is neither a path, nor a list of paths, nor a list of “split” with “path”";
            Some(data_files(files).map_err(|reason| {
                format!("data_files of configuration {name} {}", reason.unwrap_or(wrong))
            })?)
        }
        None => None,
    };
    let get = |key: &str| config.as_mapping_get(key).and_then(text);
    Ok(Entry {
        default: config.as_mapping_get("default").and_then(Yaml::as_bool).unwrap_or(false),
        folder: get("data_dir")
            .map(|folder| folder.trim_matches('/').to_string())
            .filter(|folder| !folder.is_empty()),
        separator: get("sep").or_else(|| get("delimiter")),
        splits,
        name,
    })
}

type Splits = Vec<(String, Vec<String>)>;

fn data_files(files: &Yaml) -> Result<Splits, Option<&'static str>> {
    let train = "train".to_string();
    if let Some(pattern) = text(files) {
        return Ok(vec![(train, vec![pattern])]);
    }
    let items = files.as_sequence().ok_or(None)?;
    if items.iter().all(|item| text(item).is_some()) {
        return Ok(vec![(train, items.iter().filter_map(text).collect())]);
    }
    let mut splits = Splits::new();
    for item in items {
        let split = item.as_mapping_get("split").and_then(text).ok_or(None)?;
        let path = item.as_mapping_get("path").ok_or(None)?;
        let patterns = match path.as_sequence() {
            Some(paths) => paths.iter().map(|path| text(path).ok_or(None)).collect::<Result<_, _>>()?,
            None => vec![text(path).ok_or(None)?],
        };
        if !is_split(&split) {
            return Err(Some("names a split with letters other than a-z, A-Z, 0-9, “_” and “.”"));
        }
        if splits.iter().any(|(known, _)| *known == split) {
            return Err(Some("names a split twice"));
        }
        splits.push((split, patterns));
    }
    Ok(splits)
}

/// `^\w+(\.\w+)*$`, the rule of `datasets`.
pub(super) fn is_split(name: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    name.split('.').all(word)
}

/// A scalar as it was written.
fn text(yaml: &Yaml) -> Option<String> {
    if let Some(text) = yaml.as_str() {
        return Some(text.to_string());
    }
    let number = yaml.as_integer().map(|number| number.to_string());
    number.or_else(|| yaml.as_floating_point().map(|number| number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splits(readme: &str) -> Splits {
        read("a/b", Some(readme), None).unwrap()[0].splits.clone().unwrap()
    }

    #[test]
    fn every_form_of_data_files_is_read() {
        let head = "---\nlicense: mit\nconfigs:\n- config_name: default\n  data_files: ";
        assert_eq!(
            splits(&format!("{head}all.csv\n---\n# Title")),
            [("train".into(), vec!["all.csv".into()])]
        );
        let list = splits(&format!("{head}\n  - a/*\n  - b/*\n---\n"));
        assert_eq!(list, [("train".into(), vec!["a/*".into(), "b/*".into()])]);
        let pairs = format!(
            "{head}\n  - split: train\n    path: t.csv\n  - split: test\n    path: [x.csv, y.csv]\n---\n"
        );
        let test = ("test".to_string(), vec!["x.csv".to_string(), "y.csv".to_string()]);
        assert_eq!(splits(&pairs), [("train".into(), vec!["t.csv".into()]), test]);
    }

    #[test]
    fn broken_cards_are_explained() {
        for (body, expected) in [
            ("configs: yes", "not a list"),
            ("configs:\n- data_files: x", "config_name"),
            ("configs:\n- config_name: a\n  data_files:\n  - path: x", "neither"),
            ("configs:\n- config_name: a\n  data_files:\n  - split: a-b\n    path: x", "letters"),
            (
                "configs:\n- config_name: a\n  data_files:\n  - split: t\n    path: x\n  - split: t\n    path: y",
                "twice",
            ),
            ("configs: [", "YAML"),
        ] {
            let error = read("a/b", Some(&format!("---\n{body}\n---\n")), None).unwrap_err().to_string();
            assert!(error.contains(expected) && error.contains("a/b"), "{error}");
        }
    }

    #[test]
    fn no_card_or_one_without_yaml_says_nothing() {
        for readme in
            [None, Some("# Title\n"), Some("---\nnever closed: 1\n"), Some("---\nlicense: mit\n---\n")]
        {
            assert_eq!(read("a/b", readme, None).unwrap(), []);
        }
    }
}
