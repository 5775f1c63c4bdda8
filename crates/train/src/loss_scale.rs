//! Loss scaling for f16, whose smallest number is 6e-8: gradients below it would be lost, so the loss is multiplied by a
//! large number before the backward pass and the gradients are divided by it in f32 afterwards. (Micikevicius et al. 2018,
//! "Mixed Precision Training", arXiv 1710.03740; growth and decay as in torch's `GradScaler`.)

use candle_core::DType;
use serde::{Deserialize, Serialize};

/// What the loss of a run in f16 is multiplied with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LossScale {
    /// The factor, a power of two: it changes no digit.
    pub factor: f64,
    /// Steps without overflow since it changed last.
    pub steps: usize,
}

/// Where torch begins, too.
const FIRST: f64 = 65_536.0;

/// Steps without overflow after which the factor doubles.
const GROWTH_STEPS: usize = 2_000;

/// The largest factor: times a gradient of 1 it is far inside f32.
const LARGEST: f64 = 16_777_216.0;

impl LossScale {
    /// The scaling of a new run in a precision; none where it is not needed.
    pub fn of(precision: DType) -> Option<Self> {
        (precision == DType::F16).then_some(LossScale { factor: FIRST, steps: 0 })
    }

    /// After a step whose gradients were finite.
    pub fn went_well(&mut self) {
        self.steps += 1;
        if self.steps == GROWTH_STEPS {
            *self = LossScale { factor: (2.0 * self.factor).min(LARGEST), steps: 0 };
        }
    }

    /// After gradients that overflowed: whether a smaller factor is left to try.
    pub fn overflowed(&mut self) -> bool {
        if self.factor <= 1.0 {
            return false;
        }
        *self = LossScale { factor: self.factor / 2.0, steps: 0 };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_slowly_and_falls_at_once() {
        assert_eq!(LossScale::of(DType::BF16), None);
        let mut scale = LossScale::of(DType::F16).unwrap();
        (1..GROWTH_STEPS).for_each(|_| scale.went_well());
        assert_eq!(scale.factor, FIRST);
        scale.went_well();
        assert_eq!(scale.factor, 2.0 * FIRST);
        assert!(scale.overflowed());
        assert_eq!(scale, LossScale { factor: FIRST, steps: 0 });
        assert_eq!((1..40).filter(|_| scale.overflowed()).count(), 16);
        assert_eq!(scale.factor, 1.0);
    }
}
