//! Sentences.

use super::{Metrics, format};
use crate::metrics::Metric;

/// The metric by which model and baseline are compared: MCC, which is fair to unbalanced classes.
pub(super) const COMPARED: Metric = Metric::Mcc;

/// What the language model adds to the baseline, if anything, in a few plain sentences.
pub(super) fn what_it_adds(metrics: &Metrics) -> String {
    let records = format::plural(metrics.records as u64, &format!("{} record", metrics.split));
    let ours = &metrics.model;
    let (Some(interval), value) = (ours.intervals.get(&COMPARED), ours.evaluation.metric(COMPARED)) else {
        return format!("The {records} do not allow an MCC to be computed.");
    };
    let one = metrics.model.evaluation.per_class.iter().filter(|class| class.records > 0).count() < 2;
    if one {
        return format!(
            "All {records} are of one class, so they cannot show whether the model tells classes apart, \
             nor what the language model adds to a k-mer baseline."
        );
    }
    let model = format!(
        "On {records} the fine-tuned language model reaches an MCC of {} (95 % interval {} to {})",
        format::score(value),
        format::score(Some(interval.low)),
        format::score(Some(interval.high)),
    );
    let (Some(baseline), Some(comparison)) = (&metrics.baseline, &metrics.comparison) else {
        return format!(
            "{model}. No baseline was trained beside it, so what the language model adds is not known."
        );
    };
    let (Some(theirs), Some(difference)) =
        (baseline.intervals.get(&COMPARED), comparison.difference.get(&COMPARED))
    else {
        return format!("{model}. The baseline has no MCC on them.");
    };
    let baseline = format!(
        "the k-mer baseline {} ({} to {})",
        format::score(Some(theirs.estimate)),
        format::score(Some(theirs.low)),
        format::score(Some(theirs.high)),
    );
    // Where the whole interval is on one side, the words say on which, and the numbers need no sign.
    let plain = |value: f64| format::difference(value.abs()).trim_start_matches('+').to_owned();
    let verdict = if difference.low > 0.0 {
        format!(
            "The language model adds {} MCC to what k-mer counts give (95 % interval of the paired difference {} to {}).",
            plain(difference.estimate),
            plain(difference.low),
            plain(difference.high),
        )
    } else if difference.high < 0.0 {
        format!(
            "The language model adds nothing here: it is worse than k-mer counts, by {} MCC (95 % interval of the paired \
             difference {} to {}). Prefer the baseline, or train longer or with other settings.",
            plain(difference.estimate),
            plain(difference.high),
            plain(difference.low),
        )
    } else {
        format!(
            "Whether the language model adds anything to what k-mer counts give cannot be told from these records: \
             the difference is {} MCC, and its interval includes zero (95 % interval of the paired difference {} to {}).",
            format::difference(difference.estimate),
            format::difference(difference.low),
            format::difference(difference.high),
        )
    };
    format!("{model}, {baseline}. {verdict}")
}
