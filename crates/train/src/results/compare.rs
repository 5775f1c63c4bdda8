//! Runs side by side: what differs in their settings, and what each scored.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::HYPERPARAMETERS;
use crate::bootstrap::Interval;
use crate::configuration::RunConfiguration;
use crate::error::Error;
use crate::hyperparameters::Group;
use crate::metrics::Metric;
use crate::report::Metrics;

/// Runs side by side. Lists of values have one for each run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The runs.
    pub runs: Vec<Compared>,
    /// The settings that are not the same in all of them.
    pub differences: Vec<DifferentSetting>,
    /// The scores.
    pub metrics: Vec<MetricRow>,
    /// Whether all were scored on the same records: if not, their scores cannot be compared.
    pub same_records: bool,
}

/// A run beside others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DifferentSetting {
    /// Its name in run.json; `base`, `data` for the model and the files.
    pub name: String,
    /// Its name for people.
    pub label: String,
    /// Its values.
    pub values: Vec<Value>,
}

/// A score of all runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricRow {
    /// The metric's name.
    pub metric: Metric,
    /// Its name for people.
    pub label: String,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// The scores with their intervals.
    pub values: Vec<Option<Interval>>,
    /// The baselines' scores.
    pub baselines: Vec<Option<Interval>>,
}

/// Sets runs side by side.
///
/// # Errors
/// When one of them has no report, or its files cannot be understood.
pub fn compare(runs: &[PathBuf]) -> Result<Comparison, Error> {
    let mut configurations = Vec::new();
    let mut reports = Vec::new();
    for run in runs {
        configurations.push(RunConfiguration::read(run)?);
        reports.push(super::metrics(run)?);
    }
    let ids: Vec<BTreeSet<String>> =
        runs.iter().zip(&reports).map(|(run, metrics)| ids(run, metrics)).collect::<Result<_, _>>()?;
    Ok(Comparison {
        runs: runs.iter().zip(&reports).map(|(run, metrics)| compared(run, metrics)).collect(),
        differences: differences(&configurations)?,
        metrics: Metric::ALL.iter().map(|metric| row(*metric, &reports)).collect(),
        same_records: ids.windows(2).all(|pair| pair[0] == pair[1]),
    })
}

fn compared(run: &Path, metrics: &Metrics) -> Compared {
    Compared {
        folder: run.to_owned(),
        name: run.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        split: metrics.split.clone(),
        records: metrics.records,
    }
}

/// The scored records by their names, lengths and true classes.
fn ids(run: &Path, metrics: &Metrics) -> Result<BTreeSet<String>, Error> {
    let rows = super::scored::read(run, &metrics.labels)?;
    Ok(rows
        .into_iter()
        .map(|row| format!("{}\t{}\t{}", row.id, row.length, metrics.labels[row.truth]))
        .collect())
}

fn differences(configurations: &[RunConfiguration]) -> Result<Vec<DifferentSetting>, Error> {
    let mut found = Vec::new();
    let mut look = |name: &str, label: String, values: Vec<Value>| {
        if values.windows(2).any(|pair| pair[0] != pair[1]) {
            found.push(DifferentSetting { name: name.to_owned(), label, values });
        }
    };
    let bases = configurations.iter().map(|one| Value::from(one.base.name.clone()));
    look("base", "Base model".to_owned(), bases.collect());
    let files = |one: &RunConfiguration| -> Value {
        let names = one.data.files.iter().map(|file| {
            let name = file.path.file_name().unwrap_or_default().to_string_lossy();
            // Files of one name may differ in what they hold.
            Value::from(format!("{name} ({})", file.sha256.get(..8).unwrap_or_default()))
        });
        names.collect()
    };
    look("data", "Data".to_owned(), configurations.iter().map(files).collect());
    let mut fields = Vec::new();
    for one in configurations {
        fields.push((serde_json::to_value(&one.data)?, serde_json::to_value(&one.hyperparameters)?));
    }
    for one in HYPERPARAMETERS {
        let value = |(data, settings): &(Value, Value)| {
            let fields = if one.group == Group::Data { data } else { settings };
            fields.get(one.name).cloned().unwrap_or_default()
        };
        look(one.name, one.label(), fields.iter().map(value).collect());
    }
    Ok(found)
}

fn row(metric: Metric, reports: &[Metrics]) -> MetricRow {
    let baseline = |report: &Metrics| report.baseline.as_ref()?.intervals.get(&metric).copied();
    MetricRow {
        metric,
        label: metric.title().to_owned(),
        higher_is_better: metric.higher_is_better(),
        values: reports.iter().map(|report| report.model.intervals.get(&metric).copied()).collect(),
        baselines: reports.iter().map(baseline).collect(),
    }
}
