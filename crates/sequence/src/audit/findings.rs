//! What the numbers of an audit mean: sentences with a severity.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::words::{bear, carry, counted, has, hold, percent, thousands, was};
use super::{Audit, Repeats};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Put it right before training: results would be wrong.
    Fix,
    /// Have a look: it may be meant, it may be a mistake.
    Look,
    /// In order.
    Fine,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Its name for programs, such as "leak" or "balance".
    kind: &'static str,
    /// What was found and what to do about it.
    pub sentence: String,
    /// How many records it concerns.
    count: u64,
    /// The numbers in the sentence, by name.
    pub numbers: BTreeMap<String, f64>,
}

impl Finding {
    /// Its name for programs: "invalid", "unlabelled", "classes", "balance", "missing-class", "leak", "near-leak",
    /// "duplicates", "contradictions", "relatives", "shortcut", "ambiguity", "short", "ids", "repairs".
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// How many records it concerns.
    pub fn count(&self) -> u64 {
        self.count
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence)
    }
}

struct Judge {
    findings: Vec<Finding>,
}

impl Judge {
    fn say(
        &mut self,
        severity: Severity,
        kind: &'static str,
        count: u64,
        numbers: &[(&str, f64)],
        sentence: String,
    ) {
        let numbers = numbers.iter().map(|(name, number)| (name.to_string(), *number)).collect();
        self.findings.push(Finding { severity, kind, sentence, count, numbers });
    }
}

/// All findings, the gravest first.
pub(crate) fn judge(audit: &Audit) -> Vec<Finding> {
    let mut judge = Judge { findings: Vec::new() };
    refused(audit, &mut judge);
    classes(audit, &mut judge);
    leaks(audit, &mut judge);
    duplicates(audit, &mut judge);
    contradictions(audit, &mut judge);
    relatives(audit, &mut judge);
    shortcuts(audit, &mut judge);
    letters(audit, &mut judge);
    judge.findings.sort_by_key(|finding| finding.severity);
    judge.findings
}

fn refused(audit: &Audit, judge: &mut Judge) {
    let count: u64 = audit.invalid.values().sum();
    if count > 0 {
        let kinds: Vec<String> =
            audit.invalid.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let protein = audit.invalid.get("protein").copied().unwrap_or(0);
        let mostly =
            if protein * 2 > count { " Most look like proteins: is this the right file?" } else { "" };
        judge.say(
            Severity::Look,
            "invalid",
            count,
            &[("invalid", count as f64), ("protein", protein as f64)],
            format!("{} refused ({}).{mostly}", was(count, "record"), kinds.join(", ")),
        );
    }
}

fn classes(audit: &Audit, judge: &mut Judge) {
    if audit.labels.is_empty() {
        judge.say(
            Severity::Fine,
            "unlabelled",
            audit.unlabelled,
            &[],
            "The records have no labels: they can be predicted, not trained on.".to_string(),
        );
        return;
    }
    if audit.unlabelled > 0 {
        judge.say(
            Severity::Fix,
            "unlabelled",
            audit.unlabelled,
            &[("unlabelled", audit.unlabelled as f64)],
            format!("{} no label; label them or leave them out.", has(audit.unlabelled, "record")),
        );
    }
    if let [only] = audit.labels.as_slice() {
        judge.say(
            Severity::Fix,
            "classes",
            only.records,
            &[("classes", 1.0)],
            format!("All labelled records are of one class, '{}'; a classifier needs two.", only.label),
        );
        return;
    }
    let (Some(largest), Some(smallest)) = (
        audit.labels.iter().max_by_key(|class| class.records),
        audit.labels.iter().min_by_key(|class| class.records),
    ) else {
        return;
    };
    let ratio = largest.records as f64 / smallest.records.max(1) as f64;
    let numbers =
        [("largest", largest.records as f64), ("smallest", smallest.records as f64), ("ratio", ratio)];
    if smallest.records < 10 {
        let sentence = format!(
            "The class '{}' has only {}: too few to learn from and to judge by.",
            smallest.label,
            counted(smallest.records, "record")
        );
        judge.say(Severity::Look, "balance", smallest.records, &numbers, sentence);
    } else if ratio >= 5.0 {
        let sentence = format!(
            "The classes are unbalanced: '{}' has {}, '{}' {}. Accuracy alone would flatter a model; look at MCC and F1.",
            largest.label,
            counted(largest.records, "record"),
            smallest.label,
            thousands(smallest.records),
        );
        judge.say(Severity::Look, "balance", smallest.records, &numbers, sentence);
    } else {
        judge.say(
            Severity::Fine,
            "balance",
            smallest.records,
            &numbers,
            "The classes are balanced.".to_string(),
        );
    }
    for part in audit.parts.iter().filter(|part| part.records > 0) {
        for class in part.labels.iter().filter(|class| class.records == 0) {
            let sentence = format!("No record of the class '{}' is in {}.", class.label, part.name);
            judge.say(Severity::Fix, "missing-class", 0, &[], sentence);
        }
    }
}

fn listed(repeats: &Repeats) -> String {
    let said = [
        (repeats.exact, "exact duplicate"),
        (repeats.reverse_complement, "reverse-complement duplicate"),
        (repeats.near, "near duplicate"),
    ];
    let parts: Vec<String> =
        said.iter().filter(|(count, _)| *count > 0).map(|(count, what)| counted(*count, what)).collect();
    parts.join(", ")
}

fn leaks(audit: &Audit, judge: &mut Judge) {
    let mut clean = true;
    for across in &audit.across {
        let Repeats { exact, reverse_complement, near } = across.repeats;
        let share = across.repeats.total() as f64 / across.records.max(1) as f64;
        if across.repeats.total() == 0 {
            continue;
        }
        clean = false;
        let numbers = [
            ("exact", exact as f64),
            ("reverse_complement", reverse_complement as f64),
            ("near", near as f64),
            ("records", across.records as f64),
            ("fraction", share),
        ];
        // A twentieth of near duplicates, or a hundredth with exact ones among them, moves a score by as much.
        let (kind, grave) =
            if exact + reverse_complement == 0 { ("near-leak", 0.05) } else { ("leak", 0.01) };
        let severity = if share >= grave { Severity::Fix } else { Severity::Look };
        let sentence = format!(
            "{} of {}'s {} ({}) repeat sequences of {}: {}. Scores there would flatter the model; take them out of {} or \
             split anew by similarity.",
            thousands(across.repeats.total()),
            across.part,
            counted(across.records, "record"),
            percent(share),
            across.other,
            listed(&across.repeats),
            across.other,
        );
        judge.say(severity, kind, across.repeats.total(), &numbers, sentence);
    }
    if clean && audit.parts.len() > 1 {
        let sentence = "No sequence stands in two parts, not even nearly or on the other strand.".to_string();
        judge.say(Severity::Fine, "leak", 0, &[], sentence);
    }
}

fn duplicates(audit: &Audit, judge: &mut Judge) {
    let mut clean = true;
    for part in audit.parts.iter().filter(|part| part.repeats.total() > 0) {
        clean = false;
        let Repeats { exact, reverse_complement, near } = part.repeats;
        let share = part.repeats.total() as f64 / part.records.max(1) as f64;
        let (place, advice) = if audit.parts.len() == 1 {
            (String::new(), "Split by similarity, or copies will stand on both sides.")
        } else {
            (format!(" of {}", part.name), "Copies weigh more than others in training and in scores.")
        };
        let sentence = format!(
            "{}{place} ({}) repeat earlier ones there: {}. {advice}",
            counted(part.repeats.total(), "record"),
            percent(share),
            listed(&part.repeats)
        );
        let numbers = [
            ("exact", exact as f64),
            ("reverse_complement", reverse_complement as f64),
            ("near", near as f64),
            ("fraction", share),
        ];
        judge.say(Severity::Look, "duplicates", part.repeats.total(), &numbers, sentence);
    }
    if clean {
        judge.say(Severity::Fine, "duplicates", 0, &[], "There are no duplicates within a part.".to_string());
    }
}

fn contradictions(audit: &Audit, judge: &mut Judge) {
    let found = &audit.contradictions;
    if audit.labels.len() < 2 {
        return;
    }
    let numbers = [
        ("sequences", found.sequences as f64),
        ("records", found.records as f64),
        ("near_records", found.near_records as f64),
    ];
    if found.sequences > 0 {
        let severity = if found.records * 100 >= audit.records { Severity::Fix } else { Severity::Look };
        let near = if found.near_records > 0 {
            format!(" {} more nearly repeat a record of another label.", thousands(found.near_records))
        } else {
            String::new()
        };
        let sentence = format!(
            "{} contradicting labels ({} in all), on the same strand or the other. No model can be right about both; \
             decide which label holds.{near}",
            carry(found.sequences),
            counted(found.records, "record"),
        );
        judge.say(severity, "contradictions", found.records, &numbers, sentence);
    } else if found.near_records > 0 {
        let sentence =
            format!("{} nearly repeat a record of another label.", counted(found.near_records, "record"));
        judge.say(Severity::Look, "contradictions", found.near_records, &numbers, sentence);
    } else {
        judge.say(
            Severity::Fine,
            "contradictions",
            0,
            &numbers,
            "No sequence has contradicting labels.".to_string(),
        );
    }
}

/// So many related records, and such a share of their class, are needed for a sign.
const RELATED: (u64, f64) = (3, 0.05);

fn relatives(audit: &Audit, judge: &mut Judge) {
    let ratio = |found: &super::Relatives| found.fraction / found.fraction_in_class.max(1e-9);
    let mut signs: Vec<&super::Relatives> = audit
        .relatives
        .iter()
        // Pieces in common are usual in genomes (repeats, families); they are a sign of made-up records where they tie a
        // class to another one more than to itself.
        .filter(|found| found.records >= RELATED.0 && found.fraction >= RELATED.1 && ratio(found) >= 2.0)
        // Of two classes that share pieces, the one more foreign to itself is the one that was made.
        .filter(|found| {
            !audit.relatives.iter().any(|other| {
                other.label == found.other && other.other == found.label && ratio(other) > ratio(found)
            })
        })
        .collect();
    signs.sort_by(|a, b| b.fraction.total_cmp(&a.fraction));
    let Some(strongest) = signs.first() else {
        return;
    };
    let described: Vec<String> = signs
        .iter()
        .map(|found| {
            format!(
                "{} of the class '{}' ({}) with '{}', but only {} with others of their own",
                counted(found.records, "record"),
                found.label,
                percent(found.fraction),
                found.other,
                percent(found.fraction_in_class),
            )
        })
        .collect();
    let sentence = format!(
        "Classes have pieces in common more than with themselves: {}. Perhaps the ones were made from the others; a model \
         may learn to tell the making, not the biology. Ask how these records came about.",
        first_few(&described)
    );
    let numbers = [
        ("records", strongest.records as f64),
        ("fraction", strongest.fraction),
        ("fraction_in_class", strongest.fraction_in_class),
        ("pairs", signs.len() as f64),
    ];
    judge.say(Severity::Look, "relatives", signs.iter().map(|found| found.records).sum(), &numbers, sentence);
}

/// Areas under the curve from here on are a shortcut worth naming.
const TELLING: f64 = 0.65;

fn shortcuts(audit: &Audit, judge: &mut Judge) {
    let area = |found: &super::Shortcut| found.auroc.max(1.0 - found.auroc);
    let mut clean = true;
    for (feature, words) in [("gc", "share of G and C"), ("length", "length")] {
        let mut telling: Vec<&super::Shortcut> = audit
            .shortcuts
            .iter()
            .filter(|found| found.feature == feature && area(found) >= TELLING)
            .collect();
        telling.sort_by(|a, b| area(b).total_cmp(&area(a)));
        let Some(strongest) = telling.first() else {
            continue;
        };
        clean = false;
        let shown = |mean: f64| if feature == "gc" { percent(mean) } else { format!("{mean:.0} bp") };
        let described: Vec<String> = telling
            .iter()
            .map(|found| {
                format!(
                    "'{}' (AUROC {:.2}; mean {} against {})",
                    found.label,
                    area(found),
                    shown(found.mean),
                    shown(found.mean_of_others)
                )
            })
            .collect();
        let sentence = format!(
            "The {words} alone tells a class from the others: {}. If that is no biology but the way the records were chosen, match \
             the classes in it.",
            first_few(&described)
        );
        let records =
            audit.labels.iter().find(|class| class.label == strongest.label).map_or(0, |class| class.records);
        let numbers = [
            ("auroc", area(strongest)),
            ("mean", strongest.mean),
            ("mean_of_others", strongest.mean_of_others),
            ("classes", telling.len() as f64),
        ];
        judge.say(Severity::Look, "shortcut", records, &numbers, sentence);
    }
    if clean && !audit.shortcuts.is_empty() {
        let sentence = "Neither length nor the share of G and C tells the classes apart.".to_string();
        judge.say(Severity::Fine, "shortcut", 0, &[], sentence);
    }
}

/// The first three of a list, with the number of the others.
fn first_few(described: &[String]) -> String {
    let shown = described.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("; ");
    match described.len().saturating_sub(3) {
        0 => shown,
        more => format!("{shown}; and {more} more"),
    }
}

/// Sequences shorter than this hold hardly a token or two of most base models.
const SHORT: f64 = 20.0;

fn letters(audit: &Audit, judge: &mut Judge) {
    if audit.ambiguous_records > 0 {
        let sentence = format!(
            "{} ambiguity codes ({} letters in all); a base model whose tokenizer does not know them refuses these records.",
            hold(audit.ambiguous_records),
            thousands(audit.ambiguous_letters)
        );
        let numbers =
            [("records", audit.ambiguous_records as f64), ("letters", audit.ambiguous_letters as f64)];
        judge.say(Severity::Look, "ambiguity", audit.ambiguous_records, &numbers, sentence);
    }
    for part in &audit.parts {
        if let Some(length) = part.length.as_ref().filter(|length| length.minimum < SHORT) {
            let sentence = format!(
                "The shortest sequence of {} has {:.0} letters, too few to say much.",
                part.name, length.minimum
            );
            judge.say(Severity::Look, "short", 1, &[("minimum", length.minimum)], sentence);
        }
    }
    if audit.repeated_ids > 0 {
        let sentence = format!(
            "{} a name that an earlier record carries too; rows of predictions will be hard to tell apart by name.",
            bear(audit.repeated_ids)
        );
        judge.say(
            Severity::Look,
            "ids",
            audit.repeated_ids,
            &[("records", audit.repeated_ids as f64)],
            sentence,
        );
    }
    if audit.repaired_records > 0 {
        let sentence =
            format!("{} repaired on reading: {}.", was(audit.repaired_records, "record"), audit.repairs);
        let numbers = [("records", audit.repaired_records as f64)];
        judge.say(Severity::Fine, "repairs", audit.repaired_records, &numbers, sentence);
    }
}
