//! The audit of a data set: what a careful scientist would want to know before training on it.
//!
//! Counts and balance, lengths and composition, duplicates on either strand and near duplicates within and across splits,
//! contradicting labels, and signs that something other than biology tells the classes apart. See [`Audit::of`].

mod display;
mod distribution;
mod findings;
mod repeats;
mod shortcut;
mod sketch;
mod words;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Display;

use rayon::prelude::*;
use serde::Serialize;

pub use distribution::{Distribution, Histogram};
pub use findings::{Finding, Severity};
pub use repeats::{Across, Contradictions, Relatives, Repeats, similarity_groups};
pub use shortcut::Shortcut;
pub use sketch::{KMER, NEAR, RELATED};

use crate::alphabet::gc_fraction;
use crate::record::{Invalid, Record};
use crate::repairs::Repairs;
use crate::table::Table;

/// What an audit found. Serialises to JSON; displays as a page of text.
#[derive(Debug, Clone, Serialize)]
pub struct Audit {
    /// Records in all parts.
    pub records: u64,
    /// Their letters.
    pub letters: u64,
    /// Records per label; records without a label are left out here.
    pub labels: Vec<ClassCount>,
    /// Records without a label.
    pub unlabelled: u64,
    /// Each part by itself.
    pub parts: Vec<PartAudit>,
    /// What is repeated from one part in another.
    pub across: Vec<Across>,
    /// The same sequence, on either strand, under different labels.
    pub contradictions: Contradictions,
    /// Records that share pieces with records of another class, as if made from them.
    pub relatives: Vec<Relatives>,
    /// How well length or composition alone tells each class from the others.
    pub shortcuts: Vec<Shortcut>,
    /// Records that hold ambiguity codes.
    pub ambiguous_records: u64,
    /// Ambiguity codes in all.
    pub ambiguous_letters: u64,
    /// Records whose name an earlier one carries too.
    pub repeated_ids: u64,
    /// What cleaning changed.
    pub repairs: Repairs,
    /// Records that it changed.
    pub repaired_records: u64,
    /// Refused records, by the kind of reason.
    pub invalid: BTreeMap<String, u64>,
    /// Everything that was looked at, with a judgement each, the gravest first.
    findings: Vec<Finding>,
}

/// How many records a class has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassCount {
    /// The label.
    pub label: String,
    /// Its records.
    pub records: u64,
    /// Their share of the labelled records counted beside it.
    pub fraction: f64,
}

/// One part (train, validation, test) by itself.
#[derive(Debug, Clone, Serialize)]
pub struct PartAudit {
    /// Its name.
    pub name: String,
    /// Its records.
    pub records: u64,
    /// Records per label.
    pub labels: Vec<ClassCount>,
    /// Lengths, in letters.
    pub length: Option<Distribution>,
    /// The share of G and C, from 0 to 1.
    pub gc: Option<Distribution>,
    /// Length and composition of each class.
    pub classes: Vec<ClassAudit>,
    /// What repeats an earlier record of the same part.
    pub repeats: Repeats,
}

/// One class of a part.
#[derive(Debug, Clone, Serialize)]
pub struct ClassAudit {
    /// The label.
    pub label: String,
    /// Lengths, in letters.
    pub length: Option<Distribution>,
    /// The share of G and C, from 0 to 1.
    pub gc: Option<Distribution>,
}

/// A record as the audit sees it.
pub(crate) struct Seen<'a> {
    pub record: &'a Record,
    /// Index of its part.
    pub part: usize,
    /// Index of its label among all labels in alphabetical order.
    pub class: Option<usize>,
    pub gc: Option<f64>,
}

impl Audit {
    /// Audits the parts of a data set, each with its name.
    ///
    /// Duplicates are exact comparisons, on the same strand and on the other. Near duplicates share at least half
    /// ([`NEAR`]) of the 15-mers ([`KMER`]) of the shorter sequence, either strand, by a FracMinHash sketch (Irber et al.,
    /// 2022, doi:10.1101/2022.01.11.475838) that keeps every k-mer of small data sets and at most about 8 million of large
    /// ones; sequences shorter than 25 letters are compared exactly only. Time grows little faster than the number of
    /// letters. The same records give the same audit, however many threads work.
    pub fn of<N: Display>(parts: &[(N, &[&Record])]) -> Audit {
        let names: Vec<String> = parts.iter().map(|(name, _)| name.to_string()).collect();
        let labels: Vec<&str> = {
            let records = parts.iter().flat_map(|(_, records)| records.iter());
            let distinct: HashSet<&str> = records.filter_map(|record| record.label.as_deref()).collect();
            let labels = crate::labels::Labels::from_names(distinct.iter().copied());
            let mut ordered: Vec<&str> = distinct.into_iter().collect();
            ordered.sort_by_key(|label| labels.index_of(label));
            ordered
        };
        let class_of: std::collections::HashMap<&str, usize> =
            labels.iter().enumerate().map(|(index, label)| (*label, index)).collect();
        let seen: Vec<Seen<'_>> = parts
            .iter()
            .enumerate()
            .flat_map(|(part, (_, records))| records.iter().map(move |record| (part, *record)))
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|(part, record)| Seen {
                record,
                part,
                class: record.label.as_deref().and_then(|label| class_of.get(label).copied()),
                gc: gc_fraction(&record.sequence),
            })
            .collect();
        let repeats = repeats::find(&seen, names.len(), labels.len());
        let (mut repairs, mut repaired_records, mut ambiguous_records, mut ambiguous_letters) =
            (Repairs::default(), 0, 0, 0);
        let (mut ids, mut repeated_ids) = (HashSet::new(), 0);
        for one in &seen {
            repairs += one.record.repairs;
            repaired_records += u64::from(!one.record.repairs.is_empty());
            let codes = one.record.sequence.bytes().filter(|letter| !b"ACGT".contains(letter)).count() as u64;
            ambiguous_records += u64::from(codes > 0);
            ambiguous_letters += codes;
            repeated_ids += u64::from(!one.record.is_numbered() && !ids.insert(one.record.id.as_str()));
        }
        let parts = names
            .iter()
            .enumerate()
            .map(|(part, name)| {
                let inside: Vec<&Seen<'_>> = seen.iter().filter(|one| one.part == part).collect();
                PartAudit {
                    name: name.clone(),
                    records: inside.len() as u64,
                    labels: class_counts(&labels, inside.iter().copied()),
                    length: lengths(inside.iter().copied()),
                    gc: compositions(inside.iter().copied()),
                    classes: labels
                        .iter()
                        .enumerate()
                        .map(|(class, label)| {
                            let of_class =
                                || inside.iter().copied().filter(move |one| one.class == Some(class));
                            ClassAudit {
                                label: label.to_string(),
                                length: lengths(of_class()),
                                gc: compositions(of_class()),
                            }
                        })
                        .collect(),
                    repeats: repeats.within[part],
                }
            })
            .collect();
        let mut audit = Audit {
            records: seen.len() as u64,
            letters: seen.iter().map(|one| one.record.sequence.len() as u64).sum(),
            labels: class_counts(&labels, seen.iter()),
            unlabelled: seen.iter().filter(|one| one.class.is_none()).count() as u64,
            parts,
            across: repeats
                .across
                .iter()
                .map(|found| Across {
                    part: names[found.part].clone(),
                    other: names[found.other].clone(),
                    records: seen.iter().filter(|one| one.part == found.part).count() as u64,
                    repeats: found.repeats,
                })
                .collect(),
            contradictions: repeats.contradictions,
            relatives: repeats
                .relatives
                .iter()
                .map(|found| Relatives {
                    label: labels[found.class].to_string(),
                    other: labels[found.other].to_string(),
                    records: found.records,
                    fraction: found.fraction,
                    fraction_in_class: found.fraction_in_class,
                })
                .collect(),
            shortcuts: shortcut::find(&seen, &labels),
            ambiguous_records,
            ambiguous_letters,
            repeated_ids,
            repairs,
            repaired_records,
            invalid: BTreeMap::new(),
            findings: Vec::new(),
        };
        audit.findings = findings::judge(&audit);
        audit
    }

    /// Audits a table. Where a column of the file assigns splits, these are the parts; otherwise all records are one part.
    pub fn of_table(table: &Table) -> Audit {
        let mut parts: Vec<(&str, Vec<&Record>)> = Vec::new();
        let by_split = table.records.iter().all(|record| record.split.is_some())
            && table
                .records
                .iter()
                .filter_map(|record| record.split.as_deref())
                .collect::<HashSet<_>>()
                .len()
                <= 20;
        for record in &table.records {
            let name = if by_split { record.split.as_deref().unwrap_or("all") } else { "all" };
            match parts.iter_mut().find(|(other, _)| *other == name) {
                Some((_, records)) => records.push(record),
                None => parts.push((name, vec![record])),
            }
        }
        // Train first, then validation, then test, then names of other kinds as they came.
        parts.sort_by_key(|(name, _)| crate::record::Part::parse(name).map_or(3, |part| part as usize));
        let parts: Vec<(&str, &[&Record])> =
            parts.iter().map(|(name, records)| (*name, records.as_slice())).collect();
        Audit::of(&parts).with_invalid(&table.invalid)
    }

    /// The same audit with the records that reading refused.
    pub fn with_invalid(mut self, invalid: &[Invalid]) -> Audit {
        for refused in invalid {
            *self.invalid.entry(refused.reason.kind().to_string()).or_insert(0) += 1;
        }
        self.findings = findings::judge(&self);
        self
    }

    /// What deserves a look or must be put right, the gravest first.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity != Severity::Fine)
    }

    /// Everything that was looked at, also what is fine.
    pub fn all_findings(&self) -> &[Finding] {
        &self.findings
    }
}

fn class_counts<'a>(labels: &[&str], seen: impl Iterator<Item = &'a Seen<'a>>) -> Vec<ClassCount> {
    let mut counts = vec![0_u64; labels.len()];
    for class in seen.filter_map(|one| one.class) {
        counts[class] += 1;
    }
    let all: u64 = counts.iter().sum();
    labels
        .iter()
        .zip(counts)
        .map(|(label, records)| ClassCount {
            label: label.to_string(),
            records,
            fraction: if all == 0 { 0.0 } else { records as f64 / all as f64 },
        })
        .collect()
}

fn lengths<'a>(seen: impl Iterator<Item = &'a Seen<'a>>) -> Option<Distribution> {
    Distribution::of_lengths(seen.map(|one| one.record.sequence.len()).collect())
}

fn compositions<'a>(seen: impl Iterator<Item = &'a Seen<'a>>) -> Option<Distribution> {
    Distribution::of_fractions(seen.filter_map(|one| one.gc).collect())
}
