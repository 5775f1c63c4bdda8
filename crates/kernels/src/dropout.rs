//! Dropout whose mask is a function of the seed and the element's index alone.

use crate::{Error, Result};
use candle_core::{DType, Tensor};

/// Dropout of single elements: each is zeroed with `probability`, the others are scaled by 1 / (1 − probability).
///
/// The mask is a hash of the seed and the element's index, so the backward pass computes it again instead of
/// keeping it, the number of threads does not matter, and a resumed run needs no random state. Give every site and
/// every step a seed of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout {
    /// The share of elements that is zeroed, in 0..1.
    pub probability: f64,
    /// What the mask is drawn from.
    pub seed: u64,
}

/// A validated dropout, ready to be asked for elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mask {
    keys: [u32; 4],
    /// Elements whose hash is below are dropped.
    threshold: u32,
    /// What kept elements are multiplied with.
    pub(crate) scale: f32,
}

impl Mask {
    pub(crate) fn new(dropout: &Dropout) -> Result<Self> {
        let Dropout { probability, seed } = *dropout;
        if !(0.0..1.0).contains(&probability) {
            return Err(Error::Value {
                operation: "dropout",
                name: "probability",
                value: probability,
                expected: "at least 0 and less than 1",
            });
        }
        let (low, high) = (split_mix(seed), split_mix(seed ^ 0x6A09_E667_F3BC_C909));
        Ok(Self {
            keys: [low as u32, (low >> 32) as u32, high as u32, (high >> 32) as u32],
            threshold: (probability * 4_294_967_296.0) as u32,
            scale: (1.0 / (1.0 - probability)) as f32,
        })
    }

    /// The mask of the elements from `start` on: element `start + i` has the factor `row.factor(i)`.
    #[inline(always)]
    pub(crate) fn row(&self, start: u64) -> MaskRow {
        MaskRow {
            low: start as u32,
            high: (start >> 32) as u32,
            mask: *self,
        }
    }
}

/// The mask of a run of elements. Indices wrap within 2³² from the run's start, far above any row's length.
#[derive(Clone, Copy)]
pub(crate) struct MaskRow {
    low: u32,
    high: u32,
    mask: Mask,
}

impl MaskRow {
    /// 0 or the scale, for the element `offset` after the start of the row.
    ///
    /// Two rounds of Wellons' `lowbias32` integer hash (github.com/skeeto/hash-prospector) with keys between them:
    /// 32-bit multiplications, which every SIMD instruction set has.
    #[inline(always)]
    pub(crate) fn factor(&self, offset: u32) -> f32 {
        let keys = &self.mask.keys;
        let low = self.low.wrapping_add(offset);
        let high = self.high.wrapping_add((low < self.low) as u32);
        let hash = low_bias(low ^ keys[0]).wrapping_add(high ^ keys[1]);
        let hash = low_bias(hash ^ keys[2]) ^ keys[3];
        if hash < self.mask.threshold {
            0.0
        } else {
            self.mask.scale
        }
    }
}

#[inline(always)]
fn low_bias(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): spreads seeds that differ in one bit.
fn split_mix(seed: u64) -> u64 {
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Zeroes elements of `x` (any shape, float) at random and scales the others.
pub fn dropout(x: &Tensor, dropout: &Dropout) -> Result<Tensor> {
    composed(x, dropout)
}

/// The same by candle's operations.
pub(crate) fn composed(x: &Tensor, dropout: &Dropout) -> Result<Tensor> {
    let row = Mask::new(dropout)?.row(0);
    let mask: Vec<f32> = (0..x.elem_count() as u32)
        .map(|index| row.factor(index))
        .collect();
    let mask = Tensor::from_vec(mask, x.shape(), x.device())?.to_dtype(x.dtype())?;
    debug_assert_ne!(x.dtype(), DType::U32);
    Ok((x * mask)?)
}
