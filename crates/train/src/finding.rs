//! What went wrong quietly: a training that came to its end with a model that is of no use.

use serde::{Deserialize, Serialize};

use crate::HYPERPARAMETERS;
use crate::hyperparameters::Hyperparameters;
use crate::report::{History, Scored};

/// Something about a finished run that its scores alone do not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// A short word for machines: `diverged` or `one-class`.
    pub kind: String,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// A loss that ends this much above what guessing gives has diverged.
const RISEN: f64 = 1.5;
/// Steps of which the mean is the loss at the end.
const LAST: usize = 20;

/// What there is to say about a run whose training is over, before its numbers are believed.
pub(crate) fn findings(
    labels: &[String],
    scored: &Scored,
    history: &History,
    settings: &Hyperparameters,
) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(loss) = diverged(labels.len(), history) {
        let message = format!(
            "The training loss ended at {loss:.2}, where guessing alone gives {:.2}: the training diverged.",
            guessing(labels.len())
        );
        found.push(Finding { kind: "diverged".to_owned(), message, remedy: calmer(settings) });
    }
    if let Some(class) = only_class(labels.len(), scored) {
        let message = format!(
            "The model calls every one of the {} {} records '{}': it has not learned to tell the classes apart.",
            scored.labels.len(),
            scored.split,
            labels[class]
        );
        let remedy = match usual_learning_rate() {
            Some([_, most]) if settings.learning_rate > most || !found.is_empty() => calmer(settings),
            Some([least, _]) if settings.learning_rate < least => {
                format!("train again with a higher learning rate, such as {}", default_learning_rate())
            }
            _ => "train for more epochs, try another learning rate, and look whether the labels are right and whether one \
                  class is far more common than the others"
                .to_owned(),
        };
        found.push(Finding { kind: "one-class".to_owned(), message, remedy });
    }
    found
}

/// The mean loss at the end, where it is far above what guessing gives.
fn diverged(classes: usize, history: &History) -> Option<f64> {
    let losses: Vec<f64> = history.steps.iter().rev().take(LAST).map(|step| step.loss).collect();
    let mean = losses.iter().sum::<f64>() / losses.len() as f64;
    // Not a number is no small loss either.
    let risen = mean.is_nan() || mean > RISEN * guessing(classes);
    (!losses.is_empty() && risen).then_some(mean)
}

/// The cross-entropy of a model that knows nothing, in nats.
fn guessing(classes: usize) -> f64 {
    (classes.max(2) as f64).ln()
}

/// The class that all records are given, where they are of several.
fn only_class(classes: usize, scored: &Scored) -> Option<usize> {
    let first = *scored.labels.first()?;
    if classes < 2 || scored.labels.iter().all(|label| *label == first) {
        return None;
    }
    let called = |row: &[f32]| (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b]));
    let mut rows = scored.logits.chunks_exact(classes);
    let class = called(rows.next()?)?;
    rows.all(|row| called(row) == Some(class)).then_some(class)
}

fn calmer(settings: &Hyperparameters) -> String {
    let rate = (settings.learning_rate / 10.0).min(default_learning_rate());
    let clip = if settings.clip > 0.0 { "" } else { " and with gradient clipping (--clip 1)" };
    format!("train again with a learning rate of {rate} or less{clip}")
}

fn usual_learning_rate() -> Option<[f64; 2]> {
    HYPERPARAMETERS.iter().find(|one| one.name == "learning_rate")?.usual
}

fn default_learning_rate() -> f64 {
    Hyperparameters::default().learning_rate
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::StepPoint;

    fn scored(logits: Vec<f32>) -> Scored {
        let records = logits.len() / 2;
        Scored {
            split: "test".to_owned(),
            ids: vec![String::new(); records],
            lengths: vec![100; records],
            labels: (0..records).map(|record| record % 2).collect(),
            logits,
            truncated: 0,
        }
    }

    fn history(losses: impl Fn(u64) -> f64) -> History {
        let steps =
            (1..=100).map(|step| StepPoint { step, epoch: 1.0, loss: losses(step), learning_rate: 1.0 });
        History { steps: steps.collect(), ..History::default() }
    }

    fn kinds(scored: &Scored, history: &History, settings: &Hyperparameters) -> Vec<String> {
        let labels = ["no".to_owned(), "yes".to_owned()];
        findings(&labels, scored, history, settings).into_iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn a_model_that_tells_classes_apart_has_nothing_to_answer_for() {
        let good = scored(vec![1.0, 0.0, 0.0, 1.0]);
        assert!(kinds(&good, &history(|_| 0.4), &Hyperparameters::default()).is_empty());
        assert!(kinds(&good, &History::default(), &Hyperparameters::default()).is_empty());
    }

    #[test]
    fn one_class_and_a_loss_that_rose_are_found_with_what_to_do() {
        let same = scored(vec![0.0, 1.0, 0.0, 2.0, 0.5, 0.6]);
        let wild = Hyperparameters { learning_rate: 10.0, clip: 0.0, ..Hyperparameters::default() };
        assert_eq!(kinds(&same, &history(|step| step as f64), &wild), ["diverged", "one-class"]);
        assert_eq!(kinds(&same, &history(|_| f64::NAN), &wild), ["diverged", "one-class"]);
        let labels = ["no".to_owned(), "yes".to_owned()];
        let found = findings(&labels, &same, &history(|_| 0.69), &wild);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("every one of the 3 test records 'yes'"), "{}", found[0].message);
        assert!(
            found[0].remedy.contains("0.001") && found[0].remedy.contains("--clip 1"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn records_of_one_class_may_all_be_called_it() {
        let mut same = scored(vec![0.0, 1.0, 0.0, 2.0]);
        same.labels = vec![1, 1];
        assert!(kinds(&same, &history(|_| 0.1), &Hyperparameters::default()).is_empty());
    }
}
