use episome_hub::{Error, Format, Hub};
use episome_hub_stand_in::Repository;
use tempfile::tempdir;

use crate::{fetch_dataset, offline, serve, settings};

const TABLE: &str = "sequence,label\nACGT,0\n";

fn names(paths: &[std::path::PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn splits_come_from_file_names_and_the_files_from_the_hub() {
    let repository = Repository::dataset("lab/promoters")
        .file("README.md", "# No YAML here")
        .file("train.csv", TABLE)
        .file("dev.csv", TABLE)
        .file("test.csv", TABLE);
    let (hub, cache) = (serve([repository]), tempdir().unwrap());
    let found =
        fetch_dataset(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/promoters", None).unwrap();
    assert_eq!((found.format, found.configuration.as_str()), (Format::Csv, "default"));
    assert_eq!(names(&found.train), ["train.csv"]);
    assert_eq!(names(&found.validation), ["dev.csv"]);
    assert_eq!(names(&found.test), ["test.csv"]);
    assert_eq!(std::fs::read_to_string(&found.train[0]).unwrap(), TABLE);
    assert!(found.train[0].starts_with(cache.path().join("datasets--lab--promoters")));
    assert_eq!(fetch_dataset(&offline(&hub, cache.path()), "lab/promoters", None).unwrap(), found);
}

#[test]
fn the_card_names_configurations_and_only_the_wanted_one_is_fetched() {
    let card = "---\nconfigs:\n- config_name: core\n  default: true\n  sep: ;\n  data_files:\n  - split: train\n    path: core/t*.csv\n  \
                - split: holdout\n    path: core/h.csv\n- config_name: full\n  data_dir: full\n---\n";
    let repository = Repository::dataset("lab/two")
        .file("README.md", card)
        .file("core/t1.csv", TABLE)
        .file("core/t2.csv", "x")
        .file("core/h.csv", "y")
        .file("full/train.jsonl", "{}")
        .file("full/test.jsonl", "{} ");
    let (hub, cache) = (serve([repository]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let core = fetch_dataset(&face, "lab/two", None).unwrap();
    assert_eq!((core.configuration.as_str(), core.separator.as_deref()), ("core", Some(";")));
    assert_eq!(names(&core.train), ["t1.csv", "t2.csv"]);
    assert_eq!(core.other.iter().map(|(split, _)| split.as_str()).collect::<Vec<_>>(), ["holdout"]);
    assert!(!hub.requests().iter().any(|request| request.path.contains("full/")));
    let full = fetch_dataset(&face, "lab/two", Some("full")).unwrap();
    assert_eq!(
        (full.format, names(&full.train), names(&full.test)),
        (Format::Json, vec!["train.jsonl".into()], vec!["test.jsonl".into()])
    );
    let error = fetch_dataset(&face, "lab/two", Some("core2")).unwrap_err();
    assert!(error.to_string().contains("core, full"), "{error}");
}

#[test]
fn several_configurations_without_a_default_ask_for_one() {
    let card =
        "---\nconfigs:\n- config_name: a\n  data_files: a.csv\n- config_name: b\n  data_files: b.csv\n---\n";
    let repository =
        Repository::dataset("lab/ab").file("README.md", card).file("a.csv", TABLE).file("b.csv", TABLE);
    let (hub, cache) = (serve([repository]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let error = fetch_dataset(&face, "lab/ab", None).unwrap_err();
    assert!(matches!(&error, Error::ConfigurationNeeded { known, .. } if known == &["a", "b"]), "{error}");
    assert_eq!(names(&fetch_dataset(&face, "lab/ab", Some("b")).unwrap().train), ["b.csv"]);
}

#[test]
fn a_program_is_never_run_and_its_parquet_copy_is_taken() {
    let program =
        Repository::dataset("lab/scripted").file("scripted.py", "import os").file("train.csv", TABLE);
    let copied = program
        .clone()
        .file_at("refs/convert/parquet", "default/train/0000.parquet", "PAR1a", true)
        .file_at("refs/convert/parquet", "default/train/0001.parquet", "PAR1b", true)
        .file_at("refs/convert/parquet", "default/partial-test/0000.parquet", "PAR1c", true);
    let cache = tempdir().unwrap();
    let hub = serve([program]);
    let error =
        fetch_dataset(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/scripted", None).unwrap_err();
    assert!(matches!(&error, Error::Script { script, .. } if script == "scripted.py"), "{error}");
    let (hub, cache) = (serve([copied]), tempdir().unwrap());
    let found =
        fetch_dataset(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/scripted", None).unwrap();
    assert_eq!(found.format, Format::Parquet);
    assert_eq!((names(&found.train).len(), names(&found.test).len()), (2, 1));
    assert!(found.note.as_ref().unwrap().contains("5 GB"), "{:?}", found.note);
    assert_eq!(fetch_dataset(&offline(&hub, cache.path()), "lab/scripted", None).unwrap(), found);
    assert!(
        !hub.requests().iter().any(|request| request.path.ends_with(".py")),
        "the program is not even fetched"
    );
}

#[test]
fn compressed_files_are_tables_and_archives_are_explained() {
    let compressed = Repository::dataset("lab/gz").file("train.csv.gz", "x").file("test.csv.xz", "x");
    let zipped = Repository::dataset("lab/zip").file("data.zip", "PK");
    let (hub, cache) = (serve([compressed, zipped]), tempdir().unwrap());
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let found = fetch_dataset(&face, "lab/gz", None).unwrap();
    assert_eq!((found.format, names(&found.test)), (Format::Csv, vec!["test.csv.xz".to_string()]));
    let error = fetch_dataset(&face, "lab/zip", None).unwrap_err();
    assert!(error.to_string().contains("unpack"), "{error}");
}

#[test]
fn a_path_that_the_card_names_must_be_there() {
    let card = "---\nconfigs:\n- config_name: default\n  data_files: gone.csv\n---\n";
    let repository = Repository::dataset("lab/gone").file("README.md", card).file("train.csv", TABLE);
    let (hub, cache) = (serve([repository]), tempdir().unwrap());
    let error =
        fetch_dataset(&Hub::new(settings(&hub, cache.path())).unwrap(), "lab/gone", None).unwrap_err();
    assert!(error.to_string().contains("gone.csv"), "{error}");
}
