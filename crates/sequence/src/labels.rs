//! The classes: distinct labels in a stable order.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::record::Record;

/// The distinct labels of a data set. If all are numbers they stand in numeric order, otherwise in alphabetical order
/// (by Unicode code point); a class's index is its place here.
///
/// ```
/// use episome_sequence::Labels;
/// let labels = Labels::from_names(["10", "9", "9"]);
/// assert_eq!(labels.names(), ["9", "10"]);
/// assert_eq!(labels.index_of("10"), Some(1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(Vec<String>);

/// So many distinct values that are no whole numbers are measurements, not classes.
const MEASUREMENTS: usize = 20;

impl Labels {
    /// The labels of records that are to train or test a classifier. Every record must have one; there must be two
    /// classes or more; numbers that look like measurements are refused.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Result<Labels, Error> {
        let mut distinct = HashSet::new();
        let mut count = 0_usize;
        for record in records {
            count += 1;
            match &record.label {
                Some(label) if distinct.contains(label.as_str()) => {}
                Some(label) => {
                    distinct.insert(label.as_str());
                }
                None => {
                    return Err(Error::Labels {
                        what: format!("{}: record {} has no label", record.origin, record.id),
                        advice: "Give every record a label, or leave out those without.".to_string(),
                    });
                }
            }
        }
        let labels = Labels::from_names(distinct);
        let fractions = labels.0.iter().all(|label| number(label).is_some())
            && labels.0.iter().any(|label| fraction(label));
        if fractions && (labels.len() > MEASUREMENTS || (count >= 10 && labels.len() * 2 > count)) {
            return Err(Error::Labels {
                what: format!("the labels are {} different numbers, such as {}", labels.len(), labels.examples()),
                advice: "Predicting a measured value (regression) is not supported; turn the numbers into classes, for \
                         example high and low, or choose another column."
                    .to_string(),
            });
        }
        if count >= 20 && labels.len() * 2 > count {
            return Err(Error::Labels {
                what: format!(
                    "there are {} different labels among {count} records, such as {}",
                    labels.len(),
                    labels.examples()
                ),
                advice: "A column of names or of measured values was perhaps taken for the labels; choose another \
                         column."
                    .to_string(),
            });
        }
        if labels.len() < 2 {
            let advice = "A classifier needs records of at least two classes.".to_string();
            let what = match labels.0.first() {
                Some(only) => format!("all {count} records have the label '{only}'"),
                None => "there are no records".to_string(),
            };
            return Err(Error::Labels { what, advice });
        }
        Ok(labels)
    }

    /// Labels from their names, in any order and with repetitions.
    pub fn from_names<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Labels {
        let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
        let numeric = names.iter().all(|name| number(name).is_some());
        names.sort_by(|a, b| match (numeric, number(a), number(b)) {
            (true, Some(x), Some(y)) => x.partial_cmp(&y).unwrap_or(Ordering::Equal).then_with(|| a.cmp(b)),
            _ => a.cmp(b),
        });
        names.dedup();
        Labels(names)
    }

    /// The class of a label.
    pub fn index_of(&self, label: &str) -> Option<usize> {
        self.0.iter().position(|name| name == label)
    }

    /// The label of a class.
    pub fn name(&self, index: usize) -> Option<&str> {
        self.0.get(index).map(String::as_str)
    }

    /// All labels in order.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// The number of classes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no class.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The class of every record, in order. A label that is not among these is an error that names the record.
    pub fn indices<'a>(&self, records: impl IntoIterator<Item = &'a Record>) -> Result<Vec<usize>, Error> {
        records
            .into_iter()
            .map(|record| {
                record.label.as_deref().and_then(|label| self.index_of(label)).ok_or_else(|| Error::Labels {
                    what: match &record.label {
                        Some(label) => {
                            format!("{} ({}): the label '{label}' is unknown", record.origin, record.id)
                        }
                        None => format!("{} ({}) has no label", record.origin, record.id),
                    },
                    advice: format!("The labels are {}.", self.examples()),
                })
            })
            .collect()
    }

    /// How many of the given classes there are of each.
    pub fn counts(&self, indices: &[usize]) -> Vec<u64> {
        let mut counts = vec![0; self.len()];
        for &index in indices {
            if let Some(count) = counts.get_mut(index) {
                *count += 1;
            }
        }
        counts
    }

    fn examples(&self) -> String {
        let mut shown = self.0.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
        if self.0.len() > 8 {
            shown.push_str(", …");
        }
        shown
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

fn fraction(text: &str) -> bool {
    number(text).is_some_and(|number| number.fract() != 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(labels: &[&str]) -> Vec<Record> {
        labels.iter().map(|label| Record::new("r", "ACGT").with_label(*label)).collect()
    }

    #[test]
    fn numbers_stand_in_numeric_order_and_text_in_alphabetical() {
        assert_eq!(Labels::of(&records(&["10", "2", "-1"])).unwrap().names(), ["-1", "2", "10"]);
        assert_eq!(Labels::of(&records(&["b", "10", "a"])).unwrap().names(), ["10", "a", "b"]);
    }

    #[test]
    fn measurements_names_and_a_single_class_are_refused() {
        let floats: Vec<String> = (0..100).map(|i| format!("{}.5", i % 30)).collect();
        let floats: Vec<&str> = floats.iter().map(String::as_str).collect();
        assert!(Labels::of(&records(&floats)).unwrap_err().to_string().contains("regression"));
        let names: Vec<String> = (0..50).map(|i| format!("gene{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(Labels::of(&records(&names)).is_err());
        assert!(Labels::of(&records(&["1", "1"])).unwrap_err().to_string().contains("'1'"));
        assert!(Labels::of(&[]).is_err());
        assert!(Labels::of(&[Record::new("r", "ACGT")]).unwrap_err().to_string().contains("no label"));
        assert_eq!(Labels::of(&records(&["0.5", "1.5", "0.5", "1.5"])).unwrap().len(), 2);
    }
}
