//! How well short words tell the classes apart: the wire form of [`train::baseline::KmerShortcut`].

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::wire::results::Interval;

/// How well short words alone tell the classes apart, on a sample of the records that a training would not test on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct KmerShortcut {
    /// Labelled records that the sample was drawn from.
    pub records: usize,
    /// Records that a regression was fitted on.
    pub fitted_on: usize,
    /// Other records, on which it was scored.
    pub scored_on: usize,
    /// The longest word, in letters.
    pub longest_word: usize,
    /// Matthews' correlation, with its 95 % interval.
    pub mcc: Interval,
    /// The area under the ROC curve, with its 95 % interval.
    pub auroc: Option<Interval>,
    /// What that means.
    pub verdict: ShortcutVerdict,
    /// The words that tell most, class by class.
    pub telling: Vec<TellingWords>,
}

/// What a shortcut comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ShortcutVerdict {
    /// Words tell the classes apart almost by themselves.
    Easy,
    /// Words tell much; a language model has to beat that.
    Partly,
    /// No more than chance would.
    Nothing,
}

/// The words that speak for a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TellingWords {
    /// The class.
    pub label: String,
    /// Words that it has more of than the others, the most telling first.
    pub words: Vec<String>,
}

/// How the measuring gets on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShortcutProgress {
    /// What is being done.
    pub stage: ShortcutStage,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ShortcutStage {
    /// Finding similar sequences, which must stand on one side.
    Dividing,
    /// Fitting the regression.
    Fitting,
    /// Scoring it on the records that were held out.
    Scoring,
}
