//! The rows of a prediction, read along while they are written.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use predict::{Row, Scores};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::Error;

/// A page of rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct RowsRequest {
    /// The number of the prediction's job.
    pub job: String,
    /// Rows to pass over.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub offset: usize,
    /// Rows at most.
    #[serde(default = "page")]
    #[ts(optional, as = "Option<_>")]
    pub limit: usize,
    /// The order; absent: that of the input.
    pub sort: Option<RowSort>,
    /// Which rows; absent: all.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub filter: RowFilter,
}

fn page() -> usize {
    100
}

/// An order of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowSort {
    /// `id`, `length`, `label`, `confidence`, `note`, or `prob_` and a label.
    pub column: String,
    /// From the largest on.
    pub descending: bool,
}

/// Which rows. All conditions that are given must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct RowFilter {
    /// The predicted label.
    pub label: Option<String>,
    /// The least confidence.
    pub confidence: Option<f64>,
    /// The class of `at_least`.
    pub class: Option<String>,
    /// The least probability of `class`.
    pub at_least: Option<f64>,
    /// Text in the name or the note, whatever its case.
    pub text: Option<String>,
    /// Only rows unlike anything trained on.
    #[ts(optional, as = "Option<_>")]
    pub unlike: bool,
    /// Only rows with a note.
    #[ts(optional, as = "Option<_>")]
    pub noted: bool,
    /// Only rows without a prediction.
    #[ts(optional, as = "Option<_>")]
    pub unpredicted: bool,
}

/// Rows of a prediction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct RowsPage {
    /// Rows so far.
    pub total: usize,
    /// Of these, rows that pass the filter.
    pub matched: usize,
    /// The labels, in the order of the probabilities.
    pub labels: Vec<String>,
    /// The rows of the page.
    pub rows: Vec<PredictedRow>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PredictedRow {
    /// Its place in the input, from 0.
    pub place: usize,
    /// The record's name.
    pub id: String,
    /// Letters of the cleaned sequence.
    pub length: Option<u64>,
    /// What was predicted; none where there is no prediction, and then the note says why.
    pub label: Option<String>,
    /// Its probability.
    pub confidence: Option<f64>,
    /// The probability of each label.
    pub probabilities: Vec<f64>,
    /// What the reader should know.
    pub note: String,
    /// Whether it is unlike anything trained on; the note says in what.
    pub unlike: bool,
    /// The cleaned sequence.
    pub sequence: Option<String>,
}

/// What is kept of a row: its sequence stays in the file.
struct Kept {
    id: String,
    length: Option<u64>,
    best: Option<usize>,
    probabilities: Box<[f64]>,
    note: String,
    /// Where its line begins.
    from: u64,
    /// Bytes of its line.
    bytes: usize,
}

#[derive(Default)]
struct Rows {
    labels: Vec<String>,
    kept: Vec<Kept>,
    position: u64,
}

/// The rows of one prediction.
pub struct Table {
    out: PathBuf,
    rows: Mutex<Rows>,
    asked: Mutex<Instant>,
}

impl Table {
    /// The rows that are or will be in `out`.
    pub fn new(out: &Path) -> Table {
        Table { out: out.to_owned(), rows: Mutex::default(), asked: Mutex::new(Instant::now()) }
    }

    fn path(&self) -> PathBuf {
        if self.out.exists() { self.out.clone() } else { predict::partial_path(&self.out) }
    }

    /// The rows that were read so far; they are asked for now.
    fn rows(&self) -> MutexGuard<'_, Rows> {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the rows were not asked for in that time; their list is then let go.
    pub fn rests(&self, time: Duration) -> bool {
        let rests = self.asked.lock().unwrap_or_else(PoisonError::into_inner).elapsed() >= time;
        if rests {
            *self.rows.lock().unwrap_or_else(PoisonError::into_inner) = Rows::default();
        }
        rests
    }

    /// Whether the file is there.
    pub fn is_there(&self) -> bool {
        self.path().exists()
    }

    /// Removes the file.
    pub fn remove(&self) {
        for path in [self.out.clone(), predict::partial_path(&self.out), self.out.with_extension("txt")] {
            // What is not there need not be removed.
            let _ = std::fs::remove_file(path);
        }
    }

    fn open(&self) -> Result<Option<File>, Error> {
        let path = self.path();
        match File::open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            other => other.map(Some).map_err(|error| Error::file("read", &path, &error)),
        }
    }

    /// Takes in the rows that were written meanwhile.
    fn read_on(&self, rows: &mut Rows) -> Result<(), Error> {
        let Some(mut file) = self.open()? else {
            return Ok(());
        };
        let wrap = |error: std::io::Error| Error::file("read", &self.out, &error);
        file.seek(SeekFrom::Start(rows.position)).map_err(wrap)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(wrap)?;
        let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') else {
            return Ok(());
        };
        for line in bytes[..=end].split_inclusive(|byte| *byte == b'\n') {
            if let Ok(Value::Object(object)) = serde_json::from_slice(line) {
                if rows.labels.is_empty() {
                    let names = object.keys().filter_map(|key| key.strip_prefix("prob_"));
                    rows.labels = names.map(str::to_owned).collect();
                }
                let kept = keep(&object, &rows.labels, rows.position, line.len());
                rows.kept.push(kept);
            }
            rows.position += line.len() as u64;
        }
        Ok(())
    }

    /// Calls `each` with the rows that `filter` lets through, in the order of `sort`.
    fn chosen(rows: &Rows, sort: Option<&RowSort>, filter: &RowFilter) -> Vec<usize> {
        let text = filter.text.as_deref().map(str::to_lowercase).filter(|text| !text.is_empty());
        let class = |name: &Option<String>| {
            name.as_ref().map(|name| rows.labels.iter().position(|label| label == name))
        };
        let (label, bounded) = (class(&filter.label), class(&filter.class).flatten());
        let passes = |row: &Kept| {
            let sure = row.best.map(|best| row.probabilities[best]);
            label.is_none_or(|label| label.is_some() && row.best == label)
                && filter.confidence.is_none_or(|least| sure.is_some_and(|sure| sure >= least))
                && filter.at_least.is_none_or(|least| {
                    bounded.is_some_and(|class| row.probabilities.get(class).is_some_and(|one| *one >= least))
                })
                && text.as_ref().is_none_or(|text| {
                    row.id.to_lowercase().contains(text) || row.note.to_lowercase().contains(text)
                })
                && (!filter.unlike || row.note.contains(predict::UNLIKE))
                && (!filter.noted || !row.note.is_empty())
                && (!filter.unpredicted || row.best.is_none())
        };
        let mut chosen: Vec<usize> =
            (0..rows.kept.len()).filter(|&place| passes(&rows.kept[place])).collect();
        let Some(RowSort { column, descending }) = sort else {
            return chosen;
        };
        let probability = column.strip_prefix("prob_");
        let probability = probability.and_then(|name| rows.labels.iter().position(|label| label == name));
        let number = |row: &Kept| match (column.as_str(), probability) {
            ("length", _) => row.length.map(|length| length as f64),
            ("confidence", _) => row.best.map(|best| row.probabilities[best]),
            ("label", _) => row.best.map(|best| best as f64),
            (_, Some(class)) => row.probabilities.get(class).copied(),
            _ => None,
        };
        chosen.sort_by(|&a, &b| {
            let (one, other) = (&rows.kept[a], &rows.kept[b]);
            let order = match column.as_str() {
                "id" => one.id.cmp(&other.id),
                "note" => one.note.cmp(&other.note),
                // Rows without a prediction come last, whichever way.
                _ => match (number(one), number(other)) {
                    (Some(one), Some(other)) => one.total_cmp(&other),
                    (None, None) => std::cmp::Ordering::Equal,
                    (None, _) => return std::cmp::Ordering::Greater,
                    (_, None) => return std::cmp::Ordering::Less,
                },
            };
            if *descending { order.reverse() } else { order }
        });
        chosen
    }

    /// A page of the rows so far.
    pub fn page(&self, request: &RowsRequest) -> Result<RowsPage, Error> {
        let mut rows = self.rows();
        self.read_on(&mut rows)?;
        let chosen = Table::chosen(&rows, request.sort.as_ref(), &request.filter);
        let mut file = self.open()?;
        let mut page = Vec::new();
        for &place in chosen.iter().skip(request.offset).take(request.limit.min(1000)) {
            let kept = &rows.kept[place];
            let line = file.as_mut().and_then(|file| line(file, kept));
            page.push(PredictedRow {
                place,
                id: kept.id.clone(),
                length: kept.length,
                label: kept.best.map(|best| rows.labels[best].clone()),
                confidence: kept.best.map(|best| kept.probabilities[best]),
                probabilities: kept.probabilities.to_vec(),
                unlike: kept.note.contains(predict::UNLIKE),
                note: kept.note.clone(),
                sequence: line.and_then(|line| line.get("sequence")?.as_str().map(str::to_owned)),
            });
        }
        Ok(RowsPage {
            total: rows.kept.len(),
            matched: chosen.len(),
            labels: rows.labels.clone(),
            rows: page,
        })
    }

    /// Calls `each` with the whole rows that `filter` lets through, in the order of `sort`; the labels come first.
    pub fn each(
        &self,
        sort: Option<&RowSort>,
        filter: &RowFilter,
        begin: impl FnOnce(&[String]) -> Result<predict::RowWriter, Error>,
    ) -> Result<predict::RowWriter, Error> {
        let mut rows = self.rows();
        self.read_on(&mut rows)?;
        let mut writer = begin(&rows.labels)?;
        let chosen = Table::chosen(&rows, sort, filter);
        if let Some(mut file) = self.open()? {
            for place in chosen {
                let kept = &rows.kept[place];
                let Some(object) = line(&mut file, kept) else { continue };
                let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
                let logits: Vec<f32> = rows
                    .labels
                    .iter()
                    .filter_map(|label| Some(object.get(&format!("logit_{label}"))?.as_f64()? as f32))
                    .collect();
                let scores = kept.best.map(|_| Scores::of(&logits));
                let written = writer.write(Row {
                    id: kept.id.clone(),
                    length: kept.length,
                    scores,
                    note: kept.note.clone(),
                    sequence: text("sequence"),
                });
                if let Err(error) = written {
                    writer.discard();
                    return Err(error.into());
                }
            }
        }
        Ok(writer)
    }
}

fn keep(object: &Map<String, Value>, labels: &[String], from: u64, bytes: usize) -> Kept {
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let label = object.get("predicted_label").and_then(Value::as_str);
    let probability = |label: &String| object.get(&format!("prob_{label}"))?.as_f64();
    let probabilities: Box<[f64]> = labels.iter().filter_map(probability).collect();
    let best = label.and_then(|label| labels.iter().position(|known| known == label));
    Kept {
        id: text("id"),
        length: object.get("length").and_then(Value::as_u64),
        best: best.filter(|_| probabilities.len() == labels.len()),
        probabilities,
        note: text("note"),
        from,
        bytes,
    }
}

fn line(file: &mut File, kept: &Kept) -> Option<Map<String, Value>> {
    file.seek(SeekFrom::Start(kept.from)).ok()?;
    let mut bytes = vec![0; kept.bytes];
    file.read_exact(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_rest_are_read_again_when_they_are_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("rows.jsonl");
        let row = r#"{"id":"a","length":4,"predicted_label":"x","prob_x":0.75,"prob_y":0.25,"note":""}"#;
        std::fs::write(&out, format!("{row}\n{row}\n")).unwrap();
        let table = Table::new(&out);
        let request: RowsRequest = serde_json::from_str(r#"{"job":"1"}"#).unwrap();
        let page = table.page(&request).unwrap();
        assert_eq!(page.total, 2);
        assert!(!table.rests(Duration::from_secs(60)));
        assert_eq!(table.rows.lock().unwrap().kept.len(), 2);
        assert!(table.rests(Duration::ZERO) && table.is_there());
        assert_eq!(table.rows.lock().unwrap().kept.len(), 0);
        assert_eq!(table.page(&request).unwrap(), page);
        table.remove();
        assert!(!table.is_there());
    }
}
