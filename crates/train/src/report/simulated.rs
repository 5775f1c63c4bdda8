//! Whether data were simulated: the app must say so wherever it shows numbers on them.

use std::{fs, path::Path};

use serde_json::Value;

/// How the sequences of `files` were made, when one of them lies in a folder that `episome simulate` wrote: beside it stands
/// `simulation.json`, and its name is one of that project's. `None` for measured data.
#[must_use]
pub fn simulated<'a>(files: impl IntoIterator<Item = &'a Path>) -> Option<String> {
    files.into_iter().find_map(|file| {
        let name = file.file_name()?.to_str()?;
        if !matches!(name, "train.csv" | "unlabelled.fasta") {
            return None;
        }
        let text = fs::read_to_string(file.with_file_name("simulation.json")).ok()?;
        let settings: Value = serde_json::from_str(&text).ok()?;
        let seed = settings.get("seed")?.as_u64()?;
        Some(format!(
            "episome simulate made them from a motif grammar (seed {seed}), and their truth is known."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simulated_project_is_known_by_what_stands_beside_its_data() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("train.csv");
        assert_eq!(simulated([data.as_path()]), None);
        fs::write(folder.path().join("simulation.json"), "{\"seed\": 7}").unwrap();
        assert!(simulated([data.as_path()]).unwrap().contains("seed 7"));
        assert_eq!(simulated([folder.path().join("mine.csv").as_path()]), None);
    }
}
