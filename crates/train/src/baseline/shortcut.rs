//! The k-mer shortcut, measured before a training: how well short words alone tell the classes apart.
//!
//! Negatives that were made carelessly (random pieces of a genome, shuffled positives) differ from the positives in their
//! short words, and a model that notices no more than that looks brilliant. The baseline beside every run says so
//! afterwards; this says it beforehand, from a sample, in seconds. The sample is divided anew, similar sequences kept
//! together: six tenths are fitted on, two choose the penalty, two are scored. Records that a training would test on are
//! not the caller's to hand in: the number is of other records, and no forecast of the test's.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use sequence::{Part, Record, audit::similarity_groups, split};
use serde::{Deserialize, Serialize};

use super::{Counts, Error, KmerLogisticRegression, Options, counts};
use crate::{
    bootstrap::{self, Interval, Resampling},
    metrics::{Metric, Predictions},
    random::{Site, shuffle},
};

/// From this Matthews correlation on, words alone tell the classes apart so well that little is left to a model.
pub const EASY: f64 = 0.8;

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShortcutLimits {
    /// Records of the sample.
    pub records: usize,
    /// Letters of the sample.
    pub letters: usize,
    /// How long it may take.
    pub time: Duration,
}

impl Default for ShortcutLimits {
    fn default() -> Self {
        Self { records: 20_000, letters: 8_000_000, time: Duration::from_secs(60) }
    }
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShortcutStage {
    /// Finding similar sequences, which must stand on one side.
    Dividing,
    /// Fitting the regression.
    Fitting,
    /// Scoring it on the records that were held out.
    Scoring,
}

/// What a shortcut comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShortcutVerdict {
    /// Words tell the classes apart almost by themselves ([`EASY`]).
    Easy,
    /// Words tell much; a language model has to beat that.
    Partly,
    /// No more than chance would.
    Nothing,
}

/// How well short words alone tell the classes apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KmerShortcut {
    /// Labelled records that came.
    pub records: usize,
    /// Records of the sample that the regression was fitted on, those that chose its penalty included.
    pub fitted_on: usize,
    /// Other records of the sample, on which it was scored.
    pub scored_on: usize,
    /// The longest word, in letters.
    pub longest_word: usize,
    /// Matthews' correlation on these, with its 95 % interval.
    pub mcc: Interval,
    /// The area under the ROC curve, with its 95 % interval.
    pub auroc: Option<Interval>,
    /// What that means.
    pub verdict: ShortcutVerdict,
    /// The words that tell most, class by class.
    pub telling: Vec<TellingWords>,
}

/// The words that speak for a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellingWords {
    /// The class.
    pub label: String,
    /// Words that it has more of than the others, the most telling first.
    pub words: Vec<String>,
}

impl KmerShortcut {
    /// What it means, in plain words.
    #[must_use]
    pub fn sentence(&self) -> String {
        let reached = format!(
            "Words of 1 to {} letters alone reach an MCC of {:.2} ({:.2} to {:.2}) on {} held-out records of a sample",
            self.longest_word, self.mcc.estimate, self.mcc.low, self.mcc.high, self.scored_on
        );
        match self.verdict {
            ShortcutVerdict::Easy => format!(
                "{reached}: they tell the classes apart almost by themselves. Your negatives may be too easy: a model can \
                 win without biology. Ask how they were chosen, and match them to the positives."
            ),
            ShortcutVerdict::Partly => {
                format!("{reached}. A language model has to beat that to be worth its while.")
            }
            ShortcutVerdict::Nothing => {
                format!(
                    "{reached}: no better than chance. What a model learns beyond that is not composition."
                )
            }
        }
    }
}

/// Why the shortcut was not measured.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ShortcutError {
    /// One class, or a class with too few records to fit, choose and score on.
    #[error("the shortcut can't be measured: it needs two classes with at least {LEAST} records each")]
    TooFew,
    /// It took longer than was allowed.
    #[error("the shortcut was not measured within {} seconds", .0.as_secs())]
    Time(Duration),
    /// The stop flag was raised.
    #[error("the measuring was stopped")]
    Stopped,
    /// The fit or the scores failed.
    #[error("the shortcut can't be measured: {0}")]
    Failed(String),
}

/// The fewest records of a class.
const LEAST: usize = 10;

/// Measures the shortcut on the labelled ones of `records`, which must not be those that a training tests on. Classes
/// with fewer than ten records are left out. The same records give the same numbers.
///
/// # Errors
/// With fewer than two classes, when stopped, or when the time is over.
pub fn kmer_shortcut(
    records: &[&Record],
    limits: &ShortcutLimits,
    tell: &mut dyn FnMut(ShortcutStage),
    stop: &AtomicBool,
) -> Result<KmerShortcut, ShortcutError> {
    let (names, labelled) = classes(records);
    if names.len() < 2 {
        return Err(ShortcutError::TooFew);
    }
    tell(ShortcutStage::Dividing);
    let sample = sample(&labelled, limits);
    let parts = divide(&sample);
    let of = |part: Part| -> (Vec<&str>, Vec<usize>) {
        let chosen = sample.iter().zip(&parts).filter(|(_, found)| **found == part);
        chosen.map(|((record, class), _)| (record.sequence.as_str(), *class)).unzip()
    };
    let (train, validation, test) = (of(Part::Train), of(Part::Validation), of(Part::Test));

    tell(ShortcutStage::Fitting);
    let options = Options::default();
    let model = within(limits.time, stop, |over| {
        let validation = Some((&validation.0[..], &validation.1[..]));
        KmerLogisticRegression::fit(&train.0, &train.1, names.len(), validation, &options, over)
    })?;

    tell(ShortcutStage::Scoring);
    let failed = |error: crate::metrics::Error| ShortcutError::Failed(error.to_string());
    let predictions =
        Predictions::from_logits(&model.logits(&test.0), &test.1, names.len()).map_err(failed)?;
    let resampling = Resampling { resamples: 1_000, ..Resampling::default() };
    let intervals = bootstrap::intervals(&predictions, &resampling);
    let mcc = intervals.get(&Metric::Mcc).copied().ok_or(ShortcutError::TooFew)?;
    Ok(KmerShortcut {
        records: labelled.len(),
        fitted_on: train.0.len() + validation.0.len(),
        scored_on: test.0.len(),
        longest_word: options.longest_word,
        mcc,
        auroc: intervals.get(&Metric::Auroc).copied(),
        verdict: match mcc {
            mcc if mcc.estimate >= EASY => ShortcutVerdict::Easy,
            mcc if mcc.low > 0.0 => ShortcutVerdict::Partly,
            _ => ShortcutVerdict::Nothing,
        },
        telling: telling(&model, &train, &names, options.longest_word),
    })
}

/// The classes with enough records, in the usual order, and their records with the class's number.
fn classes<'a>(records: &[&'a Record]) -> (Vec<String>, Vec<(&'a Record, usize)>) {
    let mut counts = std::collections::HashMap::<&str, usize>::new();
    for label in records.iter().filter_map(|record| record.label.as_deref()) {
        *counts.entry(label).or_default() += 1;
    }
    let labels = sequence::Labels::from_names(
        counts.iter().filter(|(_, count)| **count >= LEAST).map(|(label, _)| *label),
    );
    let labelled = records
        .iter()
        .filter_map(|record| Some((*record, labels.index_of(record.label.as_deref()?)?)))
        .collect();
    (labels.names().to_vec(), labelled)
}

/// As many records as the limits allow, drawn at random.
fn sample<'a>(labelled: &[(&'a Record, usize)], limits: &ShortcutLimits) -> Vec<(&'a Record, usize)> {
    let mut letters = 0;
    let mut chosen: Vec<usize> = (0..labelled.len()).collect();
    shuffle(&mut chosen, 0, Site::Shortcut, 0);
    chosen.truncate(limits.records);
    chosen.retain(|&index| {
        letters += labelled[index].0.sequence.len();
        letters <= limits.letters
    });
    chosen.sort_unstable();
    chosen.into_iter().map(|index| labelled[index]).collect()
}

/// Similar sequences stay together, so that no copy of a scored record was fitted on.
fn divide(sample: &[(&Record, usize)]) -> Vec<Part> {
    let (records, classes): (Vec<&Record>, Vec<usize>) = sample.iter().copied().unzip();
    split::grouped(&similarity_groups(&records), &classes, [0.6, 0.2, 0.2], 0)
}

/// `work` with a flag that is raised when `stop` is, or when the time is over.
fn within<T>(
    time: Duration,
    stop: &AtomicBool,
    work: impl FnOnce(&AtomicBool) -> Result<T, Error>,
) -> Result<T, ShortcutError> {
    let begun = Instant::now();
    let (over, done) = (AtomicBool::new(false), AtomicBool::new(false));
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                if stop.load(Ordering::Relaxed) || begun.elapsed() > time {
                    over.store(true, Ordering::Relaxed);
                }
                std::thread::park_timeout(Duration::from_millis(20));
            }
        });
        let result = work(&over);
        done.store(true, Ordering::Relaxed);
        result
    });
    result.map_err(|error| match error {
        Error::Stopped if stop.load(Ordering::Relaxed) => ShortcutError::Stopped,
        Error::Stopped => ShortcutError::Time(time),
        other => ShortcutError::Failed(other.to_string()),
    })
}

/// The most telling words of each class: those of which it has more than the others, by how much this moves the model.
fn telling(
    model: &KmerLogisticRegression,
    (sequences, labels): &(Vec<&str>, Vec<usize>),
    names: &[String],
    longest: usize,
) -> Vec<TellingWords> {
    const SHOWN: usize = 3;
    let features = counts::features(longest);
    let mut sums = vec![0.0; features * names.len()];
    let mut records = vec![0.0; names.len()];
    for (sequence, &class) in sequences.iter().zip(labels) {
        records[class] += 1.0;
        for (feature, count) in Counts::of(sequence, longest).0 {
            sums[usize::from(feature) * names.len() + class] += f64::from(count).ln_1p();
        }
    }
    let all: f64 = records.iter().sum();
    let more = |feature: usize, class: usize| {
        let row = &sums[feature * names.len()..(feature + 1) * names.len()];
        let others = (row.iter().sum::<f64>() - row[class]) / (all - records[class]).max(1.0);
        row[class] / records[class].max(1.0) - others
    };
    let of_class = |class: usize| {
        let mut words: Vec<(f64, String)> = (0..features)
            .map(|feature| (feature, counts::word(feature)))
            .filter_map(|(feature, word)| {
                let difference = more(feature, class);
                let moved = difference * model.weight(&word, class)?;
                (difference > 0.0 && moved > 0.0).then_some((moved, word))
            })
            .collect();
        words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        words.into_iter().take(SHOWN).map(|(_, word)| word).collect()
    };
    names
        .iter()
        .enumerate()
        .map(|(class, label)| TellingWords { label: label.clone(), words: of_class(class) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    static NEVER: AtomicBool = AtomicBool::new(false);

    fn letters(seed: u64, length: u64, rich: u64) -> String {
        (0..length)
            .map(|site| {
                let hash = crate::random::number(seed, Site::Shortcut, site);
                let strong = hash % 10 < rich;
                ["AT", "CG"][usize::from(strong)].as_bytes()[(hash >> 40 & 1) as usize] as char
            })
            .collect()
    }

    fn records(count: u64, rich: [u64; 2]) -> Vec<Record> {
        let make = |seed: u64| {
            let class = (seed % 2) as usize;
            Record::new(seed.to_string(), letters(seed, 120, rich[class])).with_label(["no", "yes"][class])
        };
        (0..count).map(make).collect()
    }

    fn measure(records: &[Record], limits: &ShortcutLimits) -> Result<KmerShortcut, ShortcutError> {
        let records: Vec<&Record> = records.iter().collect();
        kmer_shortcut(&records, limits, &mut |_| {}, &NEVER)
    }

    #[test]
    fn easy_negatives_are_called_easy_and_the_words_say_why() {
        let found = measure(&records(400, [2, 8]), &ShortcutLimits::default()).unwrap();
        assert_eq!(found.verdict, ShortcutVerdict::Easy);
        assert!(found.sentence().contains("too easy"), "{}", found.sentence());
        assert_eq!((found.records, found.fitted_on + found.scored_on), (400, 400));
        let words = |label: &str| &found.telling.iter().find(|one| one.label == label).unwrap().words;
        assert!(words("yes").iter().all(|word| word.bytes().all(|letter| b"CG".contains(&letter))));
        assert!(words("no").iter().all(|word| word.bytes().all(|letter| b"AT".contains(&letter))));
    }

    #[test]
    fn classes_alike_in_their_words_are_no_shortcut() {
        let found = measure(&records(400, [5, 5]), &ShortcutLimits::default()).unwrap();
        assert_eq!(found.verdict, ShortcutVerdict::Nothing, "{found:?}");
    }

    #[test]
    fn copies_do_not_stand_on_both_sides() {
        // Each sequence ten times, no word in common with its class: whoever has seen a copy knows the answer.
        let mut copies = Vec::new();
        for mut record in records(60, [5, 5]) {
            for _ in 0..10 {
                copies.push(record.clone());
                record.id.push('x');
            }
        }
        let found = measure(&copies, &ShortcutLimits::default()).unwrap();
        assert!(found.mcc.estimate < 0.5, "{found:?}");
    }

    #[test]
    fn limits_hold_and_too_little_is_an_error() {
        let many = records(400, [2, 8]);
        let found = measure(&many, &ShortcutLimits { records: 100, ..ShortcutLimits::default() }).unwrap();
        assert_eq!((found.records, found.fitted_on + found.scored_on), (400, 100));
        let found =
            measure(&many, &ShortcutLimits { letters: 120 * 50, ..ShortcutLimits::default() }).unwrap();
        assert_eq!(found.fitted_on + found.scored_on, 50);
        let short = ShortcutLimits { time: Duration::ZERO, ..ShortcutLimits::default() };
        assert_eq!(measure(&many, &short), Err(ShortcutError::Time(Duration::ZERO)));
        assert_eq!(measure(&many[..15], &ShortcutLimits::default()), Err(ShortcutError::TooFew));
    }
}
