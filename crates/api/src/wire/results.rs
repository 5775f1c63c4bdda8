//! What a finished run found, read from its report: the same numbers as in report.html.

mod metrics;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::carry::carry;
use super::command::Command;
use super::state::State;
use super::training::{ChartTheme, DrawnFigure, RunRequest};
use crate::results::{self, FigureFormat};
use crate::{Error, Run};
use metrics::RunMetrics;
pub(super) use metrics::{Averages, ClassScores, Interval, Scores};

/// What a run's report holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ResultsReport {
    /// The run.
    pub run: Run,
    /// The numbers, at full precision.
    pub metrics: RunMetrics,
    /// The figures, in the order of the page.
    pub figures: Vec<FigureName>,
    /// report.html
    pub page: PathBuf,
}

/// A figure that `results.figure` draws.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FigureName {
    /// `scores`, `confusion`, `roc`, `precision-recall`, `calibration`, `loss`, `validation`, `learning-rate` or `lengths`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The words below it.
    pub caption: String,
}

/// Which figure, and how large.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct FigureRequest {
    /// The run's folder.
    pub run: PathBuf,
    /// The figure's name.
    pub name: String,
    /// The colours, where the page sets none (`--chart-ink` and the like).
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub theme: ChartTheme,
    /// The width in px, of figures with lines; absent: as the report has it.
    pub width: Option<f64>,
    /// The height in px.
    pub height: Option<f64>,
}

/// A figure to save.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SaveFigureRequest {
    /// The run's folder.
    pub run: PathBuf,
    /// The figure's name.
    pub name: String,
    /// The kind of file.
    pub format: FigureFormat,
    /// The page that it is drawn for.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub theme: ChartTheme,
    /// The file as a person named it in the system's dialog, as [`SaveRowsRequest`](super::predictions::SaveRowsRequest) has it;
    /// absent: in the folder `exports` of the projects.
    #[ts(optional)]
    pub out: Option<PathBuf>,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Saved {
    /// Where it lies.
    pub path: PathBuf,
}

/// Which mistakes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct MistakesRequest {
    /// The run's folder.
    pub run: PathBuf,
    /// How many at most; absent: 50.
    pub limit: Option<usize>,
}

/// What the model got wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Mistakes {
    /// Records that were scored.
    pub records: usize,
    /// Of these, the wrong ones.
    pub wrong: usize,
    /// The wrong ones of which the model was surest, the surest first.
    pub mistakes: Vec<Mistake>,
    /// Why the sequences are not there, where they are not.
    pub note: Option<String>,
}

/// A record that the model got wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Mistake {
    /// The record's name.
    pub id: String,
    /// Its letters' number.
    pub length: usize,
    /// What it is.
    pub true_label: String,
    /// What the model called it.
    pub predicted_label: String,
    /// How sure the model was.
    pub confidence: f64,
    /// What the baseline called it.
    pub baseline_label: Option<String>,
    /// The sequence, from the data file.
    pub sequence: Option<String>,
    /// The data file.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u64>,
}

/// Which threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct ThresholdRequest {
    /// The run's folder.
    pub run: PathBuf,
    /// The class; absent: the second of two, the first of more.
    pub class: Option<String>,
    /// The threshold; absent: every hundredth from 0 to 1.
    pub threshold: Option<f64>,
}

/// The counts at thresholds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Thresholds {
    /// The class.
    pub class: String,
    /// Records of the class.
    pub positives: u64,
    /// All other records.
    pub negatives: u64,
    /// One for each threshold, from the lowest on.
    pub points: Vec<ThresholdPoint>,
}

/// The counts where records with at least this probability are called the class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ThresholdPoint {
    /// The probability.
    pub threshold: f64,
    /// Records of the class that are called so.
    pub true_positives: u64,
    /// Other records that are called so.
    pub false_positives: u64,
    /// Other records that are not.
    pub true_negatives: u64,
    /// Records of the class that are missed.
    pub false_negatives: u64,
    /// Of the called records, the share that is of the class.
    pub precision: Option<f64>,
    /// Of the class's records, the share that is called.
    pub recall: Option<f64>,
    /// Of the other records, the share that is not called.
    pub specificity: Option<f64>,
    /// The harmonic mean of precision and recall.
    pub f1: Option<f64>,
    /// Matthews' correlation.
    pub mcc: f64,
    /// The share of records on the right side.
    pub accuracy: Option<f64>,
}

/// Runs to set side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CompareRequest {
    /// Their folders.
    pub runs: Vec<PathBuf>,
}

/// Runs side by side. Lists of values have one for each run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RunComparison {
    /// The runs.
    pub runs: Vec<ComparedRun>,
    /// The settings that are not the same in all of them.
    pub differences: Vec<DifferentSetting>,
    /// The scores.
    pub metrics: Vec<MetricRow>,
    /// Whether all were scored on the same records: if not, their scores cannot be compared.
    pub same_records: bool,
}

/// A run beside others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComparedRun {
    /// Its folder.
    pub folder: PathBuf,
    /// Its name.
    pub name: String,
    /// The split that was scored.
    pub split: String,
    /// Records in it.
    pub records: usize,
}

/// A setting that is not the same in all runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DifferentSetting {
    /// Its name in run.json; `base`, `data` for the model and the files.
    pub name: String,
    /// Its name for people.
    pub label: String,
    /// Its values.
    pub values: Vec<super::method::SettingValue>,
}

/// A score of all runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MetricRow {
    /// The metric's name.
    pub metric: String,
    /// Its name for people.
    pub label: String,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// The scores with their intervals.
    pub values: Vec<Option<Interval>>,
    /// The baselines' scores.
    pub baselines: Vec<Option<Interval>>,
}

/// The words about a run for a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MethodsText {
    /// The run in a paragraph.
    pub methods: String,
    /// The items of the DOME recommendations (Walsh et al., Nature Methods 18:1122, 2021).
    pub dome: Vec<DomeItem>,
}

/// One item of the DOME recommendations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DomeItem {
    /// Data, Optimization, Model or Evaluation.
    pub section: String,
    /// What is asked.
    pub item: String,
    /// The answer; empty where only the author knows it.
    pub text: String,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("results.report", report),
        Command::new("results.figure", figure),
        Command::new("results.save_figure", save_figure),
        Command::new("results.mistakes", |_: &State, request: MistakesRequest| -> Result<Mistakes, Error> {
            carry(&results::mistakes(&request.run, request.limit.unwrap_or(50))?)
        }),
        Command::new(
            "results.threshold",
            |_: &State, request: ThresholdRequest| -> Result<Thresholds, Error> {
                carry(&results::thresholds(&request.run, request.class.as_deref(), request.threshold)?)
            },
        ),
        Command::new(
            "results.compare",
            |_: &State, request: CompareRequest| -> Result<RunComparison, Error> {
                carry(&results::compare(&request.runs)?)
            },
        ),
        Command::new("results.methods", |_: &State, request: RunRequest| -> Result<MethodsText, Error> {
            let sheet = results::sheet(&request.run)?;
            Ok(MethodsText { methods: sheet.methods, dome: carry(&sheet.dome)? })
        }),
    ]
}

fn report(_: &State, request: RunRequest) -> Result<ResultsReport, Error> {
    let name = |named: &train::report::Named| FigureName {
        name: named.name.clone(),
        title: named.figure.title().to_owned(),
        caption: named.caption.clone(),
    };
    let run = crate::runs::read(&request.run);
    Ok(ResultsReport {
        metrics: carry(&results::metrics(&request.run)?)?,
        figures: results::sheet(&request.run)?.figures.iter().map(name).collect(),
        page: request.run.join("report").join("report.html"),
        run,
    })
}

fn figure(_: &State, request: FigureRequest) -> Result<DrawnFigure, Error> {
    let size = request.width.zip(request.height);
    DrawnFigure::of(results::figure(&request.run, &request.name)?, size, request.theme)
}

fn save_figure(state: &State, request: SaveFigureRequest) -> Result<Saved, Error> {
    let path = match request.out {
        Some(path) => {
            let ending = request.format.ending();
            let fits = path.extension().is_some_and(|given| given.eq_ignore_ascii_case(ending));
            crate::folders::agreed(path, fits, ending)
        }
        None => {
            let run = request.run.file_name().unwrap_or_default().to_string_lossy().into_owned();
            state.place_for_export(&format!("{run} {}.{}", request.name, request.format.ending()))?
        }
    };
    results::save_figure(&request.run, &request.name, request.format, request.theme.into(), &path)?;
    Ok(Saved { path })
}
