//! The files of a simulated project.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::grammar::{Settings, Simulated, sequences};
use crate::error::Error;
use crate::record::Part;
use crate::split;
use crate::write::written_aside;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Labelled sequences: id, sequence, label, split.
    pub train: PathBuf,
    /// Sequences without labels.
    pub unlabelled: PathBuf,
    /// The truth about all of them.
    pub truth: PathBuf,
    /// The settings, as JSON.
    pub settings: PathBuf,
    /// What this is.
    pub readme: PathBuf,
}

/// Writes a project into a folder, which is made if it is not there: `train.csv`, `unlabelled.fasta`, `truth.csv`,
/// `simulation.json` and `README.md`. The bytes depend on nothing but the settings. Files of these names are replaced.
pub fn write_project(folder: &Path, settings: &Settings) -> Result<Project, Error> {
    if settings.sequences == 0 && settings.unlabelled == 0 {
        return Err(Error::Simulation {
            what: "no sequence was asked for".to_string(),
            advice: "Ask for at least one.".to_string(),
        });
    }
    let labelled = sequences(settings, settings.sequences, 0)?;
    let unlabelled = sequences(settings, settings.unlabelled, 1)?;
    std::fs::create_dir_all(folder).map_err(|source| Error::Write { path: folder.to_path_buf(), source })?;
    let project = Project {
        train: folder.join("train.csv"),
        unlabelled: folder.join("unlabelled.fasta"),
        truth: folder.join("truth.csv"),
        settings: folder.join("simulation.json"),
        readme: folder.join("README.md"),
    };
    let classes: Vec<usize> = labelled.iter().map(|one| usize::from(one.kind.label() == "signal")).collect();
    let parts = split::stratified(&classes, [0.8, 0.1, 0.1], settings.seed);

    let mut train = String::from("id,sequence,label,split\n");
    let mut truth = String::from("id,file,label,kind,first_start,first_site,second_start,second_site\n");
    for (index, (one, part)) in labelled.iter().zip(&parts).enumerate() {
        let id = format!("sim{:05}", index + 1);
        let part = if *part == Part::Validation { "validation" } else { part.name() };
        line(&mut train, format_args!("{id},{},{},{part}", one.sequence, one.kind.label()));
        truth_line(&mut truth, &id, "train.csv", one);
    }
    let mut fasta = String::new();
    for (index, one) in unlabelled.iter().enumerate() {
        let id = format!("new{:05}", index + 1);
        line(&mut fasta, format_args!(">{id}"));
        for start in (0..one.sequence.len()).step_by(60) {
            line(&mut fasta, format_args!("{}", &one.sequence[start..one.sequence.len().min(start + 60)]));
        }
        truth_line(&mut truth, &id, "unlabelled.fasta", one);
    }
    let json = serde_json::to_string_pretty(settings)
        .map_err(|error| Error::Write { path: project.settings.clone(), source: error.into() })?;
    written_aside(&project.train, train.as_bytes())?;
    written_aside(&project.unlabelled, fasta.as_bytes())?;
    written_aside(&project.truth, truth.as_bytes())?;
    written_aside(&project.settings, format!("{json}\n").as_bytes())?;
    written_aside(&project.readme, readme(settings).as_bytes())?;
    Ok(project)
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String can't fail.
    let _ = text.write_fmt(arguments);
    text.push('\n');
}

fn truth_line(truth: &mut String, id: &str, file: &str, one: &Simulated) {
    line(
        truth,
        format_args!(
            "{id},{file},{},{},{},{},{},{}",
            one.kind.label(),
            one.kind.name(),
            one.first_start,
            one.first_site,
            one.second_start,
            one.second_site
        ),
    );
}

fn readme(settings: &Settings) -> String {
    let grammar = &settings.grammar;
    format!(
        "# Simulated sequences

**These sequences are simulated.** No organism made them, and nothing that a model learns from them says anything about
biology. They are here to show how Episome works and to test it where the truth is known.

`episome simulate` made them (seed {seed}, all settings in `simulation.json`); the same settings give the same files.

| file | what it holds |
|---|---|
| `train.csv` | {sequences} sequences of {length} letters: `id`, `sequence`, `label` (`signal` or `background`, half each), `split` (train, validation, test: 80, 10 and 10 %) |
| `unlabelled.fasta` | {unlabelled} more of the same kinds, without labels, to predict |
| `truth.csv` | for each of them: label, kind, and where which site stands (positions count from 1) |

## The rule to be found
A `signal` holds two motifs: `{first}` and, {nearest} to {farthest} letters after its end, `{second}`. The letters are IUPAC
codes (W is A or T, S is C or G, R is A or G, …), and {errors} % of a site's letters are replaced by random ones.

Half of the `background` holds both motifs too, as far apart, but in the other order. The other half lacks the first motif,
the second, or both, a third of it each; what it lacks is there with its letters shuffled, in the same place. So neither
length nor composition tells the classes apart, and one motif alone is not enough. Counts of short words, which is what the
baseline sees, can tell that a motif is lacking, but not in which order two motifs stand.

The letters around are random, with the frequencies of neighbouring letters that vertebrate genomes show.
",
        seed = settings.seed,
        sequences = settings.sequences,
        length = settings.length,
        unlabelled = settings.unlabelled,
        first = grammar.first,
        second = grammar.second,
        nearest = grammar.nearest,
        farthest = grammar.farthest,
        errors = (grammar.errors * 1000.0).round() / 10.0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadOptions, Table};

    #[test]
    fn a_project_is_the_same_for_the_same_seed_and_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { sequences: 200, unlabelled: 20, ..Settings::default() };
        let first = write_project(&folder.path().join("a"), &settings).unwrap();
        let again = write_project(&folder.path().join("b"), &settings).unwrap();
        let other =
            write_project(&folder.path().join("c"), &Settings { seed: 2, ..settings.clone() }).unwrap();
        let read = |path: &PathBuf| std::fs::read(path).unwrap();
        for (a, b) in [
            (&first.train, &again.train),
            (&first.unlabelled, &again.unlabelled),
            (&first.truth, &again.truth),
            (&first.settings, &again.settings),
            (&first.readme, &again.readme),
        ] {
            assert_eq!(read(a), read(b));
        }
        assert_ne!(read(&first.train), read(&other.train));
        let table = Table::read(&[first.train], &ReadOptions::default()).unwrap();
        assert_eq!(table.records.len(), 200);
        assert_eq!(table.labels().unwrap().names(), ["background", "signal"]);
        let parts = split::by_column(table.records.iter().map(|record| record.split.as_deref())).unwrap();
        assert_eq!(parts.iter().filter(|part| **part == Part::Test).count(), 20);
        let unlabelled = Table::read(&[first.unlabelled], &ReadOptions::default()).unwrap();
        assert!(
            unlabelled.records.iter().all(|record| record.label.is_none() && record.sequence.len() == 120)
        );
    }

    #[test]
    fn the_sample_project_is_what_the_defaults_make() {
        let folder = tempfile::tempdir().unwrap();
        write_project(folder.path(), &Settings::default()).unwrap();
        let sample = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/sample-project"));
        for name in ["train.csv", "unlabelled.fasta", "truth.csv", "simulation.json", "README.md"] {
            let read = |folder: &Path| std::fs::read(folder.join(name)).unwrap();
            assert!(read(folder.path()) == read(sample), "{name} is not what `episome simulate` writes");
        }
    }
}
