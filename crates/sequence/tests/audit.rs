//! The audit finds what is known about real data sets and what is hidden in made ones.

#![allow(clippy::unwrap_used, clippy::panic)] // in tests a failure is a panic, also in their helpers

use std::path::{Path, PathBuf};

use episome_sequence::audit::{Severity, similarity_groups};
use episome_sequence::{Audit, Part, ReadOptions, Record, Table, reverse_complement, simulate, split};

fn data(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(name)
}

fn table(name: &str) -> Table {
    Table::read(&[data(name)], &ReadOptions::default()).unwrap()
}

fn audit(tables: &[(Part, Table)]) -> Audit {
    let records: Vec<(Part, Vec<&Record>)> =
        tables.iter().map(|(part, table)| (*part, table.records.iter().collect())).collect();
    let parts: Vec<(Part, &[&Record])> =
        records.iter().map(|(part, records)| (*part, records.as_slice())).collect();
    Audit::of(&parts)
}

fn three_parts(folder: &str) -> Audit {
    audit(&[
        (Part::Train, table(&format!("{folder}/train.csv"))),
        (Part::Validation, table(&format!("{folder}/dev.csv"))),
        (Part::Test, table(&format!("{folder}/test.csv"))),
    ])
}

fn kinds(audit: &Audit, severity: Severity) -> Vec<&'static str> {
    audit
        .all_findings()
        .iter()
        .filter(|finding| finding.severity == severity)
        .map(|finding| finding.kind())
        .collect()
}

/// Exact repeats counted the plain way, for comparison.
fn exact_across(tables: &[(Part, Table)], part: usize, other: usize) -> u64 {
    let known: std::collections::HashSet<&str> =
        tables[other].1.records.iter().map(|record| record.sequence.as_str()).collect();
    tables[part].1.records.iter().filter(|record| known.contains(record.sequence.as_str())).count() as u64
}

#[test]
fn the_published_promoter_splits_leak_and_contradict_themselves() {
    let tables = [
        (Part::Train, table("gue/prom/prom_core_all/train.csv")),
        (Part::Validation, table("gue/prom/prom_core_all/dev.csv")),
        (Part::Test, table("gue/prom/prom_core_all/test.csv")),
    ];
    let audit = audit(&tables);
    assert_eq!(audit.records, 59_196);
    for across in &audit.across {
        let place = |name: &str| Part::ALL.iter().position(|part| part.name() == name).unwrap();
        let expected = exact_across(&tables, place(&across.part), place(&across.other));
        assert_eq!(across.repeats.exact, expected, "{across:?}");
        assert!(expected > 0);
    }
    assert!(audit.contradictions.sequences >= 21, "{:?}", audit.contradictions);
    // Negatives that keep blocks of promoters: a class tied to the other more than to itself.
    let made = audit.relatives.iter().find(|found| found.label == "0").unwrap();
    assert!(made.fraction > 0.2 && made.fraction_in_class < 0.02, "{made:?}");
    let look = kinds(&audit, Severity::Look);
    assert!(look.contains(&"relatives") && look.contains(&"contradictions"), "{look:?}");
    assert!(kinds(&audit, Severity::Fix).contains(&"leak"));
    assert!(audit.to_string().contains("To put right before training"));
}

#[test]
fn the_mended_promoter_set_has_neither_exact_leaks_nor_contradictions() {
    let audit = three_parts("prom300");
    assert!(
        audit.across.iter().all(|across| across.repeats.exact == 0 && across.repeats.reverse_complement == 0)
    );
    assert_eq!(audit.contradictions.sequences, 0);
    assert!(kinds(&audit, Severity::Look).contains(&"relatives"));
    assert!(kinds(&audit, Severity::Fix).is_empty(), "{audit}");
}

#[test]
fn the_primate_splice_set_has_its_185_duplicates_and_15_ambiguous_rows() {
    let audit = Audit::of_table(&table("uci_splice/spliceData.txt"));
    assert_eq!(audit.parts.len(), 1);
    assert_eq!(audit.parts[0].repeats.exact, 185);
    assert_eq!(audit.ambiguous_records, 15);
    assert_eq!(audit.labels.iter().map(|class| class.records).collect::<Vec<_>>(), [767, 768, 1655]);
}

#[test]
fn what_was_hidden_is_counted() {
    let settings = simulate::Settings { length: 200, ..simulate::Settings::default() };
    let made: Vec<String> =
        simulate::sequences(&settings, 400, 9).unwrap().into_iter().map(|one| one.sequence).collect();
    let record = |index: usize, sequence: String, label: &str| {
        Record::new(format!("r{index}"), sequence).with_label(label)
    };
    let label = |index: usize| if index.is_multiple_of(4) { "rare" } else { "usual" };
    let mut train: Vec<Record> =
        made[..300].iter().enumerate().map(|(index, one)| record(index, one.clone(), label(index))).collect();
    let mut test: Vec<Record> = made[300..]
        .iter()
        .enumerate()
        .map(|(index, one)| record(300 + index, one.clone(), label(index)))
        .collect();
    // In train: one exact copy, one on the other strand, one with a contradicting label; in test: two exact copies, three
    // on the other strand, four that keep three quarters.
    train.push(record(400, made[1].clone(), "usual"));
    train.push(record(401, reverse_complement(&made[2]), "usual"));
    train.push(record(402, made[3].clone(), "rare"));
    test.extend([10, 11].map(|index| record(410 + index, made[index].clone(), label(index))));
    test.extend(
        [20, 21, 22].map(|index| record(420 + index, reverse_complement(&made[index]), label(index))),
    );
    test.extend([30, 31, 32, 33].map(|index| {
        let near = format!("{}{}", &made[index][..150], &made[index + 300][..50]);
        record(430 + index, near, label(index))
    }));
    let (train, test): (Vec<&Record>, Vec<&Record>) = (train.iter().collect(), test.iter().collect());
    let audit = Audit::of(&[("train", &train), ("test", &test)]);
    let inside = audit.parts[0].repeats;
    assert_eq!((inside.exact, inside.reverse_complement, inside.near), (2, 1, 0));
    let across = &audit.across[0];
    assert_eq!((across.part.as_str(), across.other.as_str()), ("test", "train"));
    assert_eq!((across.repeats.exact, across.repeats.reverse_complement, across.repeats.near), (2, 3, 4));
    assert_eq!((audit.contradictions.sequences, audit.contradictions.records), (1, 2));
    let said = audit.to_string();
    assert!(
        said.contains("2 exact duplicates, 3 reverse-complement duplicates, 4 near duplicates"),
        "{said}"
    );
    // As JSON.
    let json = serde_json::to_value(&audit).unwrap();
    assert_eq!(json["across"][0]["repeats"]["near"], 4);
    assert_eq!(json["findings"][0]["severity"], "fix");
    // A split by similarity leaks nothing.
    let all: Vec<&Record> = train.iter().chain(&test).copied().collect();
    let groups = similarity_groups(&all);
    let parts = split::grouped(&groups, &vec![0; all.len()], [0.7, 0.0, 0.3], 5);
    let of = |wanted: Part| -> Vec<&Record> {
        all.iter().zip(&parts).filter(|(_, part)| **part == wanted).map(|(record, _)| *record).collect()
    };
    let again = Audit::of(&[("train", of(Part::Train).as_slice()), ("test", of(Part::Test).as_slice())]);
    assert_eq!(again.across[0].repeats.total(), 0);
}

#[test]
fn length_and_composition_that_give_the_class_away_are_named() {
    let records: Vec<Record> = (0..60)
        .map(|index| {
            let (unit, count, label) =
                if index % 2 == 0 { ("GCGCA", 20 + index, "a") } else { ("ATATG", 200 + index, "b") };
            Record::new(index.to_string(), unit.repeat(count)).with_label(label)
        })
        .collect();
    let views: Vec<&Record> = records.iter().collect();
    let audit = Audit::of(&[("all", views.as_slice())]);
    assert_eq!(audit.shortcuts.len(), 2);
    assert!(audit.shortcuts.iter().all(|shortcut| shortcut.auroc == 0.0 || shortcut.auroc == 1.0));
    let said = audit.to_string();
    assert!(said.contains("The length alone") && said.contains("The share of G and C alone"), "{said}");
}

#[test]
fn the_simulated_project_is_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let project = simulate::write_project(folder.path(), &simulate::Settings::default()).unwrap();
    let audit = Audit::of_table(&Table::read(&[project.train], &ReadOptions::default()).unwrap());
    assert_eq!(
        audit.parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(),
        ["train", "validation", "test"]
    );
    assert_eq!(audit.findings().count(), 0, "{audit}");
}

#[test]
fn nothing_and_odd_things_can_be_audited() {
    let none: &[&Record] = &[];
    let audit = Audit::of(&[("train", none)]);
    assert_eq!(audit.records, 0);
    let short = Record::new("a", "N").with_label("x");
    let audit = Audit::of(&[(Part::Train, &[&short, &short][..]), (Part::Test, none)]);
    assert_eq!(audit.parts[0].repeats.exact, 1);
    assert!(audit.parts[0].gc.is_none());
    assert!(!audit.to_string().is_empty());
}

#[test]
fn refused_records_and_proteins_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mixed.fa");
    std::fs::write(
        &path,
        ">a\nACGTACGTACGTACGTACGTACGT\n>p\nMKVLAAGIVGLLLAQWEF\n>q\nMSTNPKPQRKTKRNTNRR\n>e\n\n",
    )
    .unwrap();
    let options = ReadOptions { skip_invalid: true, ..ReadOptions::default() };
    let audit = Audit::of_table(&Table::read(&[path], &options).unwrap());
    let said = audit.to_string();
    assert!(said.contains("3 records were refused (empty 1, protein 2). Most look like proteins"), "{said}");
}
