//! From what `--data` names to files: files, a folder of files, or a data set of the Hub.

use std::path::{Path, PathBuf};

use sequence::Part;

use crate::{Downloads, Engine, Error, Kind};

/// The files of a data set on this machine, by the part that they serve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataFiles {
    /// The Hub data set that they come from, and its commit.
    pub hub: Option<(String, String)>,
    /// Records to train on, and to draw the other parts from where they are empty.
    pub train: Vec<PathBuf>,
    /// Records that choose the checkpoint.
    pub validation: Vec<PathBuf>,
    /// Records that are scored once.
    pub test: Vec<PathBuf>,
    /// Something that the user should know.
    pub note: Option<String>,
}

/// Endings of files that may lie in a folder of data; what a file is, its content decides later.
const ENDINGS: &[&str] = &[
    "csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson", "parquet", "xlsx", "fa", "fasta", "fna", "ffn",
    "fas", "fq", "fastq", "seq",
];
/// Endings that compression adds.
const COMPRESSIONS: &[&str] = &["gz", "bgz", "bz2", "xz", "zst"];

/// The files that `names` stand for: files and folders of this machine, or one Hub data set (`owner/name`, or
/// `owner/name:configuration`).
pub fn data_files(engine: &Engine, names: &[String], downloads: Downloads<'_>) -> Result<DataFiles, Error> {
    if let [name] = names
        && !Path::new(name).exists()
        && looks_like_an_id(name)
    {
        return from_hub(engine, name, downloads);
    }
    let mut files = DataFiles::default();
    for name in names {
        let path = Path::new(name);
        if path.is_dir() {
            let found = from_folder(path)?;
            files.train.extend(found.train);
            files.validation.extend(found.validation);
            files.test.extend(found.test);
        } else {
            files.train.push(path.to_owned());
        }
    }
    Ok(files)
}

/// The plain files that `names` stand for, of which none is another part's.
pub fn plain_files(names: &[String]) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for name in names {
        let path = Path::new(name);
        if path.is_dir() {
            return Err(Error::new(Kind::Data, format!("{name} is a folder, and files are wanted here"))
                .at(name)
                .remedy("name the files in it"));
        }
        files.push(path.to_owned());
    }
    Ok(files)
}

fn looks_like_an_id(name: &str) -> bool {
    let (id, _) = name.split_once(':').unwrap_or((name, ""));
    let known = hub::catalogue().datasets.iter().any(|dataset| dataset.id == id);
    let plain = id.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./".contains(letter));
    known || (plain && id.matches('/').count() == 1 && !id.starts_with(['.', '/']) && !is_data(Path::new(id)))
}

/// Whether a file's name ends as those of sequence files do.
fn is_data(path: &Path) -> bool {
    let ending =
        |path: &Path| path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let last = ending(path);
    if COMPRESSIONS.contains(&last.as_str()) {
        return path.file_stem().is_some_and(|stem| ENDINGS.contains(&ending(Path::new(stem)).as_str()));
    }
    ENDINGS.contains(&last.as_str())
}

/// The part that a file's name tells: `train.csv`, `dev.fa.gz`, `promoters_test.csv`.
fn part_of(path: &Path) -> Option<Part> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let stem = name.split('.').next()?;
    let words: Vec<&str> = stem.split(['_', '-', ' ']).collect();
    Part::parse(stem).or_else(|| Part::parse(words.last()?)).or_else(|| Part::parse(words.first()?))
}

fn from_folder(folder: &Path) -> Result<DataFiles, Error> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::file("read", folder, &error))?;
    let mut paths: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file() && is_data(path)).collect();
    paths.sort();
    if paths.is_empty() {
        return Err(Error::new(
            Kind::Data,
            format!("the folder {} holds no file of sequences", folder.display()),
        )
        .at(folder.display())
        .remedy(
            "name the files themselves; FASTA, FASTQ, CSV, TSV, XLSX, JSON lines, Parquet and text are read",
        ));
    }
    let mut files = DataFiles::default();
    if !paths.iter().any(|path| part_of(path) == Some(Part::Train)) {
        // One file a class, or parts of one table.
        files.train = paths;
        return Ok(files);
    }
    for path in paths {
        match part_of(&path) {
            Some(Part::Train) => files.train.push(path),
            Some(Part::Validation) => files.validation.push(path),
            Some(Part::Test) => files.test.push(path),
            // Notes beside the data, such as a README.txt.
            None => {}
        }
    }
    Ok(files)
}

fn from_hub(engine: &Engine, name: &str, downloads: Downloads<'_>) -> Result<DataFiles, Error> {
    let (id, configuration) = match name.split_once(':') {
        Some((id, configuration)) => (id, Some(configuration)),
        None => (name, None),
    };
    let client = hub::Hub::new(engine.hub.clone())?;
    let found = client.dataset(id, configuration, None, &mut |progress| downloads(&progress), &engine.stop);
    let found = found.map_err(|error| {
        let error = Error::from(error);
        let remedy = format!("{}; if {name} was meant as a file, it is not there", error.remedy);
        error.remedy(remedy)
    })?;
    let mut train = found.train;
    if train.is_empty() {
        train = found.other.into_iter().flat_map(|(_, files)| files).collect();
    }
    Ok(DataFiles {
        hub: Some((name.to_owned(), found.commit)),
        train,
        validation: found.validation,
        test: found.test,
        note: found.note,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_files_to_the_parts_that_their_names_tell() {
        let scratch = tempfile::tempdir().unwrap();
        for name in ["train.csv", "dev.csv.gz", "prom_test.csv", "README.txt", "notes.pdf"] {
            std::fs::write(scratch.path().join(name), "").unwrap();
        }
        let files = from_folder(scratch.path()).unwrap();
        assert_eq!(files.train, [scratch.path().join("train.csv")]);
        assert_eq!(files.validation, [scratch.path().join("dev.csv.gz")]);
        assert_eq!(files.test, [scratch.path().join("prom_test.csv")]);
    }

    #[test]
    fn files_named_otherwise_are_classes() {
        let scratch = tempfile::tempdir().unwrap();
        for name in ["enhancer.fa", "other.fa"] {
            std::fs::write(scratch.path().join(name), "").unwrap();
        }
        assert_eq!(from_folder(scratch.path()).unwrap().train.len(), 2);
    }

    #[test]
    fn ids_are_told_from_paths() {
        for id in ["dnagpt/dna_promoter_300", "someone/data:tata"] {
            assert!(looks_like_an_id(id), "{id}");
        }
        for path in ["data/train.csv", "nowhere.fa", "./a/b", "/a/b", "a/b/c", "reads/x.fq.gz", "sub\\train"]
        {
            assert!(!looks_like_an_id(path), "{path}");
        }
    }
}
