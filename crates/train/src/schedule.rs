//! The learning rate over a run: a warm-up, then a line, half a cosine or a constant.
//!
//! The factors are those of `transformers.get_scheduler` ("linear", "cosine", "constant_with_warmup"), so a run here and a
//! run of the Trainer with the same numbers see the same learning rate at every step.

use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// The course that the learning rate takes after the warm-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheduler {
    /// Falls in a straight line to zero at the last step.
    #[default]
    Linear,
    /// Falls along half a cosine to zero at the last step.
    Cosine,
    /// Stays where it is.
    Constant,
}

/// How long the learning rate rises from zero before it takes its course.
///
/// In run.json a number: below 1 it is a share of all steps, from 1 on a number of steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "f64", into = "f64")]
pub enum Warmup {
    /// A number of optimizer steps.
    Steps(usize),
    /// A share of all steps, at least 0 and below 1; rounded up as transformers does.
    Ratio(f64),
}

impl Warmup {
    /// The number of steps that this means in a run of `total` steps.
    #[must_use]
    pub fn steps(self, total: usize) -> usize {
        match self {
            Warmup::Steps(steps) => steps,
            Warmup::Ratio(ratio) => (ratio * total as f64).ceil() as usize,
        }
    }
}

impl Default for Warmup {
    fn default() -> Self {
        Warmup::Steps(0)
    }
}

impl From<f64> for Warmup {
    fn from(number: f64) -> Self {
        if number > 0.0 && number < 1.0 {
            Warmup::Ratio(number)
        } else {
            Warmup::Steps(number.max(0.0).round() as usize)
        }
    }
}

impl From<Warmup> for f64 {
    fn from(warmup: Warmup) -> Self {
        match warmup {
            Warmup::Steps(steps) => steps as f64,
            Warmup::Ratio(ratio) => ratio,
        }
    }
}

/// The learning rate of every step of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// The highest learning rate, reached at the end of the warm-up.
    pub learning_rate: f64,
    /// The course after the warm-up.
    pub scheduler: Scheduler,
    /// Steps of warm-up.
    pub warmup: usize,
    /// All steps of the run, the warm-up among them.
    pub total: usize,
}

impl Schedule {
    /// A schedule over `total` steps.
    #[must_use]
    pub fn new(learning_rate: f64, scheduler: Scheduler, warmup: Warmup, total: usize) -> Self {
        Schedule { learning_rate, scheduler, warmup: warmup.steps(total), total }
    }

    /// The learning rate with which step `step`, counted from 0, changes the weights.
    #[must_use]
    pub fn at(&self, step: usize) -> f64 {
        self.learning_rate * self.factor(step)
    }

    fn factor(&self, step: usize) -> f64 {
        if step < self.warmup {
            return step as f64 / self.warmup.max(1) as f64;
        }
        let after = self.total.saturating_sub(self.warmup).max(1) as f64;
        match self.scheduler {
            Scheduler::Linear => (self.total as f64 - step as f64).max(0.0) / after,
            Scheduler::Cosine => {
                let progress = (step - self.warmup) as f64 / after;
                (0.5 * (1.0 + (PI * progress).cos())).max(0.0)
            }
            Scheduler::Constant => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of transformers 5.23.0: `get_scheduler(name, SGD(lr=1), num_warmup_steps=2, num_training_steps=10)`.
    #[test]
    fn factors_are_those_of_transformers() {
        let linear = [0.0, 0.5, 1.0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0.0];
        let cosine = [
            0.0,
            0.5,
            1.0,
            0.961_939_766_255_643_4,
            0.853_553_390_593_273_7,
            0.691_341_716_182_544_9,
            0.5,
            0.308_658_283_817_455_14,
            0.146_446_609_406_726_24,
            0.038_060_233_744_356_63,
            0.0,
        ];
        for step in 0..=10 {
            let at = |scheduler| Schedule::new(1.0, scheduler, Warmup::Steps(2), 10).at(step);
            assert!((at(Scheduler::Linear) - linear[step]).abs() < 1e-15);
            assert!((at(Scheduler::Cosine) - cosine[step]).abs() < 1e-15);
            assert!((at(Scheduler::Constant) - [0.0, 0.5, 1.0][step.min(2)]).abs() < 1e-15);
        }
    }

    #[test]
    fn a_share_of_the_steps_is_rounded_up() {
        assert_eq!(Warmup::from(0.06).steps(101), 7);
        assert_eq!(Warmup::from(25.0), Warmup::Steps(25));
        assert_eq!(Warmup::from(1.0), Warmup::Steps(1));
    }
}
