//! Dropout whose mask is a function of the seed and the element's index alone.

use crate::{
    Error, Result,
    cast::{cast, is_half},
    gpu::{self, Argument, Grid, Program},
    graph::{self, Kernel, Step},
    host::{self, Values},
    simd::{fma, vectorised},
};
use candle_core::{DType, Storage, Tensor};

pub(crate) const PROGRAM: Program =
    Program { name: "dropout", source: include_str!("dropout.cu"), kernels: &["dropout", "add_dropped"] };

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

    /// The keys, the threshold and the scale as kernels for cards take them.
    pub(crate) fn bits(&self) -> [u32; 6] {
        let [first, second, third, fourth] = self.keys;
        [first, second, third, fourth, self.threshold, self.scale.to_bits()]
    }

    /// The mask of the elements from `start` on: element `start + i` has the factor `row.factor(i)`.
    #[inline(always)]
    pub(crate) fn row(&self, start: u64) -> MaskRow {
        MaskRow { low: start as u32, high: (start >> 32) as u32, mask: *self }
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
        if hash < self.mask.threshold { 0.0 } else { self.mask.scale }
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
    if gpu::runs([x]) {
        let mask = Mask::new(dropout)?;
        return graph::record_storage(masked_on_card(x, &mask)?, x.shape(), &[x], || Backward { mask });
    }
    if is_half(x) {
        return cast(&self::dropout(&cast(x, DType::F32)?, dropout)?, x.dtype());
    }
    if !host::is_fused([x]) {
        return graph::settled(composed(x, dropout));
    }
    let mask = Mask::new(dropout)?;
    let backward = || Backward { mask };
    graph::record(masked(x, &mask)?, x.shape(), &[x], backward)
}

/// drop(x) outside the graph; x itself, in order, where there is no dropout.
pub(crate) fn forward(x: &Tensor, dropout: Option<&Dropout>) -> Result<Tensor> {
    match dropout {
        Some(dropout) => Ok(Tensor::from_vec(masked(x, &Mask::new(dropout)?)?, x.shape(), x.device())?),
        None => host::in_order(x),
    }
}

/// out += drop(x).
pub(crate) fn add_dropped(out: &mut [f32], x: &[f32], dropout: &Dropout) -> Result<()> {
    let mask = Mask::new(dropout)?;
    host::for_each_task(out, host::TASK, |index, out| {
        let start = index * host::TASK;
        add_masked(out, &x[start..start + out.len()], mask.row(start as u64));
    });
    Ok(())
}

/// drop(x) outside the graph, on a card; x itself, in order, where there is no dropout.
pub(crate) fn forward_on_card(x: &Tensor, dropout: Option<&Dropout>) -> Result<Tensor> {
    match dropout {
        Some(dropout) => Ok(gpu::tensor(masked_on_card(x, &Mask::new(dropout)?)?, x.shape())),
        None => host::in_order(x),
    }
}

/// out += drop(x), on a card.
pub(crate) fn add_dropped_on_card(out: &mut Storage, x: &Tensor, dropout: &Dropout) -> Result<()> {
    let (count, mask) = (x.elem_count(), Mask::new(dropout)?);
    let arguments = &mut [
        Argument::Write(out),
        Argument::Read(x),
        Argument::U64(count as u64),
        Argument::mask(Some(&mask)),
    ];
    gpu::launch(x.device(), (&PROGRAM, "add_dropped"), x.dtype(), Grid::of_elements(count), arguments)
}

fn masked_on_card(x: &Tensor, mask: &Mask) -> Result<Storage> {
    let (x, count) = (host::in_order(x)?, x.elem_count());
    let mut y = gpu::fresh(x.device(), x.dtype(), count)?;
    let arguments = &mut [
        Argument::Read(&x),
        Argument::Write(&mut y),
        Argument::U64(count as u64),
        Argument::mask(Some(mask)),
    ];
    gpu::launch(x.device(), (&PROGRAM, "dropout"), x.dtype(), Grid::of_elements(count), arguments)?;
    Ok(y)
}

fn masked(x: &Tensor, mask: &Mask) -> Result<Vec<f32>> {
    let x = host::in_order(x)?;
    let x = Values::of(&x)?;
    let x: &[f32] = &x;
    Ok(host::mapped(x.len(), |start, out| {
        // `out` is zeroed.
        add_masked(out, &x[start..start + out.len()], mask.row(start as u64));
    }))
}

vectorised! {
    fn add_masked(out: &mut [f32], x: &[f32], mask: MaskRow) {
        for (index, (out, x)) in out.iter_mut().zip(x).enumerate() {
            *out = fma::<FMA>(*x, mask.factor(index as u32), *out);
        }
    }
}

/// The gradient passes the mask that x has passed; only its keys are kept.
struct Backward {
    mask: Mask,
}

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "dropout"
    }

    fn reads(&self, _: usize, _: &[bool]) -> bool {
        false
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        if gpu::runs([step.gradient]) {
            let gradient = masked_on_card(step.gradient, &self.mask)?;
            return Ok(vec![Some(gpu::tensor(gradient, step.gradient.shape()))]);
        }
        let gradient = masked(step.gradient, &self.mask)?;
        Ok(vec![Some(Tensor::from_vec(gradient, step.gradient.shape(), step.gradient.device())?)])
    }
}

/// The same by candle's operations.
pub(crate) fn composed(x: &Tensor, dropout: &Dropout) -> Result<Tensor> {
    let row = Mask::new(dropout)?.row(0);
    let mask: Vec<f32> = (0..x.elem_count() as u32).map(|index| row.factor(index)).collect();
    let mask = Tensor::from_vec(mask, x.shape(), x.device())?.to_dtype(x.dtype())?;
    Ok((x * mask)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use candle_core::Device;

    const DROPOUT: Dropout = Dropout { probability: 0.1, seed: 17 };

    #[test]
    fn gradients_agree() {
        check::agrees(&[check::random(&[90, 101], 1)], &[], |t| dropout(&t[0], &DROPOUT));
    }

    #[test]
    fn a_card_draws_the_same_mask() {
        for shape in [[1, 1], [3, 7], [90, 101]] {
            check::on_card(&[check::random(&shape, 1)], &[], 1.0, |t| dropout(&t[0], &DROPOUT));
        }
    }

    #[test]
    fn the_share_of_zeros_is_the_probability_and_the_mean_stays() {
        let ones = Tensor::ones(1_000_000, DType::F32, &Device::Cpu).unwrap();
        let mask = dropout(&ones, &DROPOUT).unwrap().to_vec1::<f32>().unwrap();
        let zeros = mask.iter().filter(|value| **value == 0.0).count() as f64 / 1e6;
        // Five standard errors of a share of 0.1 over a million draws.
        assert!((zeros - 0.1).abs() < 5.0 * (0.09f64 / 1e6).sqrt(), "{zeros}");
        assert!(mask.iter().all(|value| *value == 0.0 || *value == 1.0 / 0.9));
    }

    #[test]
    fn neighbouring_elements_and_seeds_are_independent() {
        let draw = |seed| {
            let mask = Mask::new(&Dropout { probability: 0.5, seed }).unwrap().row(0);
            (0..100_000).map(|index| mask.factor(index) == 0.0).collect::<Vec<_>>()
        };
        let (first, second) = (draw(1), draw(2));
        let equal =
            |a: &[bool], b: &[bool]| a.iter().zip(b).filter(|(a, b)| a == b).count() as f64 / a.len() as f64;
        for (name, share) in [
            ("seeds", equal(&first, &second)),
            ("neighbours", equal(&first[1..], &first[..99_999])),
            ("shifted seeds", equal(&first[1..], &second[..99_999])),
        ] {
            assert!((share - 0.5).abs() < 5.0 * (0.25f64 / 1e5).sqrt(), "{name}: {share}");
        }
    }

    #[test]
    fn a_row_continues_over_the_32_bit_boundary() {
        let mask = Mask::new(&DROPOUT).unwrap();
        let start = u64::from(u32::MAX) - 3;
        for offset in 0..8 {
            let (in_row, alone) =
                (mask.row(start).factor(offset), mask.row(start + u64::from(offset)).factor(0));
            assert_eq!(in_row, alone);
        }
    }

    #[test]
    fn a_probability_of_one_is_refused() {
        let x = Tensor::ones(1, DType::F32, &Device::Cpu).unwrap();
        let all = Dropout { probability: 1.0, seed: 0 };
        assert!(matches!(dropout(&x, &all), Err(Error::Value { .. })));
    }
}
