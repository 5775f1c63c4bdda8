//! The scored records of a run: the rows of report/predictions.csv.

use std::path::Path;

use crate::error::Error;
use crate::folder::RunFolder;

/// A scored record.
pub(super) struct Scored {
    /// Its place among the scored records, from 0.
    pub place: usize,
    pub id: String,
    pub length: usize,
    pub truth: usize,
    pub predicted: usize,
    /// The probability of each class.
    pub probabilities: Vec<f64>,
    /// The class that the baseline names.
    pub baseline: Option<usize>,
}

/// Every scored record, in the order of the file.
pub(super) fn read(run: &Path, labels: &[String]) -> Result<Vec<Scored>, Error> {
    let path = RunFolder::at(run.to_owned()).report().join("predictions.csv");
    let broken = |reason: String| Error::Broken { path: path.clone(), reason };
    let mut reader = csv::Reader::from_path(&path).map_err(|error| broken(error.to_string()))?;
    let headers = reader.headers().map_err(|error| broken(error.to_string()))?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let needed = |name: &str| column(name).ok_or_else(|| broken(format!("there is no column {name}")));
    let (id, length) = (needed("id")?, needed("length")?);
    let (truth, predicted) = (needed("true_label")?, needed("predicted_label")?);
    let first = needed(&format!("prob_{}", labels.first().map_or("", String::as_str)))?;
    let baseline = column("baseline_label");
    let class = |text: &str| labels.iter().position(|label| label == text);
    let mut rows = Vec::new();
    for (place, row) in reader.records().enumerate() {
        let row = row.map_err(|error| broken(error.to_string()))?;
        let cell = |index: usize| row.get(index).unwrap_or_default();
        let known = |index: usize| {
            class(cell(index))
                .ok_or_else(|| broken(format!("line {}: there is no class {:?}", place + 2, cell(index))))
        };
        let number = |index: usize| {
            cell(index)
                .parse::<f64>()
                .map_err(|_| broken(format!("line {}: {:?} is no number", place + 2, cell(index))))
        };
        rows.push(Scored {
            place,
            id: cell(id).to_owned(),
            length: cell(length).parse().unwrap_or(0),
            truth: known(truth)?,
            predicted: known(predicted)?,
            probabilities: (first..first + labels.len()).map(number).collect::<Result<_, _>>()?,
            baseline: baseline.and_then(|index| class(cell(index))),
        });
    }
    Ok(rows)
}
