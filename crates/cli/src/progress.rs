//! A training as a person sees it on stderr, or as a machine reads it on stdout.

use api::Event;
use indicatif::ProgressBar;

use crate::console::{Console, is_closed_pipe};
use crate::text::{count, duration, grouped};

/// Shows the events of a run.
pub struct TrainingView<'a> {
    console: &'a Console,
    bar: ProgressBar,
    steps: bool,
    events_as_json: bool,
    reader_gone: bool,
}

impl<'a> TrainingView<'a> {
    /// Nothing is shown before the first event.
    pub fn new(console: &'a Console) -> TrainingView<'a> {
        let bar = console.bar(None, "");
        TrainingView { console, bar, steps: false, events_as_json: console.json(), reader_gone: false }
    }

    /// The same for a work whose answer comes at its end: its events are for people only.
    pub fn of_progress(console: &'a Console) -> TrainingView<'a> {
        TrainingView { events_as_json: false, ..TrainingView::new(console) }
    }

    /// Shows one event.
    pub fn show(&mut self, event: &Event) {
        if self.events_as_json && !self.reader_gone {
            // Nobody reads on: the run goes on all the same, as it does when a window is closed.
            self.reader_gone = self.console.line(event).is_err_and(|error| is_closed_pipe(&error));
        }
        match event {
            Event::Started { .. } => self.started(event),
            Event::Progress {
                message, done, total, ..
            } => {
                if let (true, Some(done), Some(total)) = (!self.steps, done, total) {
                    self.bar.set_length(*total);
                    self.bar.set_position(*done);
                }
                self.bar.set_message(message.clone());
                self.bar.tick();
                if done.is_none() {
                    self.say(message);
                }
            }
            Event::Step {
                step,
                steps,
                epoch,
                loss,
                learning_rate,
                tokens_per_second,
                ..
            } => {
                self.bar.set_length(*steps as u64);
                self.bar.set_position(*step as u64);
                self.bar.set_message(format!(
                    "epoch {epoch:.2}  loss {loss:.4}  learning rate {learning_rate:.1e}  {} tokens/s",
                    grouped(tokens_per_second.round() as u64)
                ));
            }
            Event::Evaluation {
                split,
                epoch,
                records,
                best,
                metrics,
                ..
            } => {
                let shown = headline(metrics);
                let mark = if *best && split == "validation" {
                    "  (best so far)"
                } else {
                    ""
                };
                self.say(&format!(
                    "epoch {epoch:.2}, {split} on {}: {}{mark}",
                    count(*records as u64, "record"),
                    shown
                ));
            }
            Event::Warning { message, .. } => self.bar.suspend(|| self.console.warn(message)),
            Event::Paused { reason, .. } => self.say(&format!("paused: {reason}")),
            Event::Finished {
                adapter,
                report,
                best_step,
                metric,
                best,
                ended_early,
                seconds,
                ..
            } => {
                if let Some(reason) = ended_early {
                    self.say(reason);
                }
                let best = best
                    .map(|best| format!(" ({metric} {best:.4} on validation)"))
                    .unwrap_or_default();
                self.say(&format!(
                    "finished in {}; the best state was at step {}{best}\nadapter: {}\nreport:  {}",
                    duration(*seconds),
                    grouped(*best_step as u64),
                    adapter.display(),
                    report.display()
                ));
            }
            Event::Pretrained { model, bits_per_base, markov_bits_per_base, seconds, .. } => self.say(&format!(
                "pretrained in {}: {bits_per_base:.3} bits a base on held-out sequence, where a Markov model of order 5 \
                 needs {markov_bits_per_base:.3}\nmodel: {}",
                duration(*seconds),
                model.display()
            )),
            // The error that follows says it in full.
            _ => {}
        }
    }

    /// Takes the bar away.
    pub fn close(&self) {
        self.bar.finish_and_clear();
    }

    fn started(&mut self, event: &Event) {
        let Event::Started {
            base,
            trainable_parameters,
            all_parameters,
            trainable_percent,
            matched_modules,
            records,
            labels,
            resumed_at,
            steps,
            ..
        } = event
        else {
            return;
        };
        self.bar.finish_and_clear();
        self.bar = self.console.bar(Some(*steps as u64), "steps");
        self.bar.set_position(*resumed_at as u64);
        self.bar.reset_eta();
        self.steps = true;
        if *resumed_at > 0 {
            self.say(&format!("going on after step {}", grouped(*resumed_at as u64)));
        }
        if labels.is_empty() {
            self.say(&format!("{base}: pretraining {} parameters", grouped(*trainable_parameters as u64)));
            return;
        }
        self.say(&format!(
            "{base}: training {} of {} parameters ({trainable_percent} %) on {}\n{} to train on, {} to choose by, {} to \
             test on; labels {}",
            grouped(*trainable_parameters as u64),
            grouped(*all_parameters as u64),
            count(matched_modules.len() as u64, "module"),
            count(records.train as u64, "record"),
            grouped(records.validation as u64),
            grouped(records.test as u64),
            labels.join(", ")
        ));
    }

    fn say(&self, text: &str) {
        self.bar.suspend(|| self.console.say(text));
    }
}

/// The metrics that say most; of an unusual kind of run, its first ones.
fn headline(metrics: &serde_json::Map<String, serde_json::Value>) -> String {
    let value = |name: &str| Some(format!("{} {:.4}", name.replace('_', " "), metrics.get(name)?.as_f64()?));
    let mut shown: Vec<String> =
        ["loss", "accuracy", "mcc", "f1", "auroc"].into_iter().filter_map(value).collect();
    if shown.is_empty() {
        shown = metrics.keys().filter_map(|name| value(name)).take(4).collect();
    }
    shown.join(", ")
}
