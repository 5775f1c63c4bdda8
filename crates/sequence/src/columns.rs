//! Which column holds what: by the name that was asked for, else by the usual names, else by content.

use std::collections::HashSet;
use std::path::Path;

use serde::Serialize;

use crate::error::Error;
use crate::reader::ReadOptions;

/// Names under which data sets keep their sequences, the likeliest first.
const SEQUENCE_NAMES: &[&str] = &[
    "sequence",
    "seq",
    "dna",
    "dna_sequence",
    "dna_seq",
    "sequences",
    "nucleotide_sequence",
    "nucleotides",
    "rna",
    "read",
    "text",
    "input",
    "inputs",
    "fasta",
    "x",
];
/// … their labels, …
pub(crate) const LABEL_NAMES: &[&str] = &[
    "label",
    "labels",
    "class",
    "target",
    "y",
    "category",
    "label_id",
    "class_id",
    "classification",
    "annotation",
    "phenotype",
    "type",
];
/// … their names, …
const ID_NAMES: &[&str] = &[
    "id",
    "name",
    "seq_id",
    "sequence_id",
    "seqid",
    "seq_name",
    "sequence_name",
    "accession",
    "identifier",
    "read_id",
    "header",
    "record_id",
    "key",
];
/// … their splits …
const SPLIT_NAMES: &[&str] = &["split", "partition", "fold", "subset", "set", "dataset_split"];
/// … and what must stay together in a split. Used only when asked for.
const GROUP_NAMES: &[&str] = &["group", "chromosome", "chrom", "chr", "family", "cluster", "gene"];

/// What the reader takes from where. For FASTA files the columns are places in the header.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Columns {
    /// The column of names; none: records are numbered.
    pub id: Option<String>,
    /// The column of sequences.
    pub sequence: Option<String>,
    /// The column of labels, or where else labels come from.
    pub label: Option<String>,
    /// The column that assigns train, validation and test.
    pub split: Option<String>,
    /// The column of groups.
    pub group: Option<String>,
    /// All columns of the file.
    pub available: Vec<String>,
    /// Columns that look as if they named groups (chromosomes, families) to keep together in a split.
    pub group_candidates: Vec<String>,
}

/// Columns by index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chosen {
    pub id: Option<usize>,
    pub sequence: usize,
    pub label: Option<usize>,
    pub split: Option<usize>,
    pub group: Option<usize>,
}

impl Chosen {
    pub(crate) fn named(&self, names: &[String]) -> Columns {
        let name = |index: Option<usize>| index.and_then(|index| names.get(index).cloned());
        Columns {
            id: name(self.id),
            sequence: name(Some(self.sequence)),
            label: name(self.label),
            split: name(self.split),
            group: name(self.group),
            available: names.to_vec(),
            group_candidates: names
                .iter()
                .filter(|name| GROUP_NAMES.contains(&normal(name).as_str()))
                .cloned()
                .collect(),
        }
    }
}

fn normal(name: &str) -> String {
    name.trim().trim_start_matches('#').to_lowercase().replace([' ', '-'], "_")
}

/// Whether a row of cells looks like the names of columns: one of them has a usual name.
pub(crate) fn names_columns<S: AsRef<str>>(cells: &[S]) -> bool {
    cells.iter().any(|cell| {
        let name = normal(cell.as_ref());
        [SEQUENCE_NAMES, LABEL_NAMES, ID_NAMES, SPLIT_NAMES]
            .iter()
            .any(|names| names.contains(&name.as_str()))
    })
}

/// Whether a cell could be a nucleotide sequence: letters of DNA, at least five, perhaps gaps and blanks.
pub(crate) fn looks_like_dna(cell: &str) -> bool {
    let mut letters = 0_usize;
    let mut plain = 0_usize;
    for byte in cell.bytes() {
        match byte.to_ascii_uppercase() {
            b'A' | b'C' | b'G' | b'T' | b'U' | b'N' => {
                letters += 1;
                plain += 1;
            }
            b'R' | b'Y' | b'S' | b'W' | b'K' | b'M' | b'B' | b'D' | b'H' | b'V' => letters += 1,
            b' ' | b'-' | b'.' | b'*' => {}
            _ => return false,
        }
    }
    letters >= 5 && plain * 10 >= letters * 8
}

/// Chooses the columns of a table from their names and a sample of rows.
pub(crate) fn choose(
    path: &Path,
    names: &[String],
    has_names: bool,
    sample: &[Vec<String>],
    options: &ReadOptions,
) -> Result<Chosen, Error> {
    let asked = |wanted: &Option<String>, what: &str| -> Result<Option<usize>, Error> {
        match wanted {
            None => Ok(None),
            Some(wanted) => find(names, wanted).map(Some).ok_or_else(|| Error::Column {
                path: path.to_path_buf(),
                what: format!("there is no column '{wanted}' for the {what}"),
                advice: listed(names, has_names),
            }),
        }
    };
    let id = asked(&options.id_column, "names")?;
    let sequence = asked(&options.sequence_column, "sequences")?;
    let label = asked(&options.label_column, "labels")?;
    let split = asked(&options.split_column, "split")?;
    let group = asked(&options.group_column, "groups")?;

    let cells = |index: usize| {
        sample.iter().filter_map(move |row| row.get(index)).filter(|cell| !cell.trim().is_empty())
    };
    let dna_cells: Vec<(usize, usize)> = (0..names.len())
        .map(|index| {
            let all = cells(index).count();
            let dna = cells(index).filter(|cell| looks_like_dna(cell)).count();
            (all, dna)
        })
        .collect();
    // Four cells in five are DNA in a column of sequences; where that is so of none, more than half must do.
    let share = |tenths: usize| -> Vec<bool> {
        dna_cells.iter().map(|(all, dna)| *all > 0 && dna * 10 > all * tenths).collect()
    };
    let mut dna_columns = share(7);
    if !dna_columns.contains(&true) {
        dna_columns = share(5);
    }
    let taken = |index: usize, others: &[Option<usize>]| others.contains(&Some(index));
    let by_name = |known: &[&str], others: &[Option<usize>]| -> Option<usize> {
        if !has_names {
            return None;
        }
        known.iter().find_map(|name| {
            (0..names.len()).find(|&index| normal(&names[index]) == *name && !taken(index, others))
        })
    };
    let named = [id, label, split, group];
    let sequence = match sequence {
        Some(index) => index,
        None => {
            let usual: Vec<usize> = SEQUENCE_NAMES
                .iter()
                .filter(|_| has_names)
                .flat_map(|name| (0..names.len()).filter(move |&index| normal(&names[index]) == *name))
                .filter(|&index| !taken(index, &named))
                .collect();
            let length = |index: usize| cells(index).map(|cell| cell.len()).sum::<usize>();
            usual
                .iter()
                .copied()
                .find(|&index| dna_columns[index])
                .or_else(|| {
                    (0..names.len())
                        .filter(|&index| dna_columns[index] && !taken(index, &named))
                        .max_by_key(|&index| (length(index), std::cmp::Reverse(index)))
                })
                .or_else(|| usual.first().copied())
                .or_else(|| (names.len() == 1).then_some(0))
                .ok_or_else(|| Error::Column {
                    path: path.to_path_buf(),
                    what: "no column holds DNA sequences".to_string(),
                    advice: listed(names, has_names),
                })?
        }
    };
    let id = id.or_else(|| by_name(ID_NAMES, &[Some(sequence), label, split, group]));
    let split = split.or_else(|| by_name(SPLIT_NAMES, &[Some(sequence), label, id, group]));
    let label = label.or_else(|| by_name(LABEL_NAMES, &[Some(sequence), id, split, group])).or_else(|| {
        // By content, where nothing has a telling name: the column that repeats few values. Among columns with names of
        // their own it must be the only such one.
        let others = [Some(sequence), id, split, group];
        let mut candidates = (0..names.len())
            .filter(|&index| !taken(index, &others) && !dna_columns[index])
            .filter(|&index| {
                let count = cells(index).count();
                let distinct: HashSet<&str> = cells(index).map(|cell| cell.trim()).collect();
                count == sample.len() && repeats(distinct.len(), count)
            });
        let first = candidates.next();
        first.filter(|_| !has_names || candidates.next().is_none())
    });
    let id = id.or_else(|| {
        if has_names {
            return None;
        }
        let others = [Some(sequence), label, split, group];
        (0..names.len()).find(|&index| {
            let distinct: HashSet<&str> = cells(index).map(|cell| cell.trim()).collect();
            !taken(index, &others)
                && !dna_columns[index]
                && !sample.is_empty()
                && distinct.len() * 10 >= sample.len() * 9
        })
    });
    Ok(Chosen { id, sequence, label, split, group })
}

/// Whether so many distinct values among so many could be classes: few enough that they repeat.
pub(crate) fn repeats(distinct: usize, count: usize) -> bool {
    count >= 2 && distinct >= 1 && distinct <= (count / 3).max(2)
}

fn find(names: &[String], wanted: &str) -> Option<usize> {
    let wanted = wanted.trim();
    names
        .iter()
        .position(|name| name.trim() == wanted)
        .or_else(|| names.iter().position(|name| normal(name) == normal(wanted)))
        .or_else(|| {
            wanted.parse::<usize>().ok().filter(|number| (1..=names.len()).contains(number)).map(|n| n - 1)
        })
}

fn listed(names: &[String], has_names: bool) -> String {
    if has_names {
        let shown: Vec<String> = names.iter().take(30).map(|name| format!("'{}'", name.trim())).collect();
        let more = if names.len() > 30 { format!(" and {} more", names.len() - 30) } else { String::new() };
        format!("The columns are {}{more}: name one, or give its number counted from 1.", shown.join(", "))
    } else {
        format!("The file has {} columns without names: give the number of one, counted from 1.", names.len())
    }
}
