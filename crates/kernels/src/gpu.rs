//! Kernels of our own on NVIDIA's cards: what a launch consists of.
//!
//! An operation's kernels are C++ for CUDA in a file beside its Rust: one source, compiled by NVRTC when it is first needed,
//! once for each of f32, bf16 and f16. Elements are converted to f32 where they are read, and rounded where they are
//! written. How many threads do what is decided in Rust. Nothing here waits for the card.
//!
//! Where no card is, tests run the same sources with the same launches on the processor: `emulated.rs`.

mod product;
#[cfg_attr(feature = "cuda", path = "gpu/cuda.rs")]
#[cfg_attr(all(test, not(feature = "cuda")), path = "gpu/emulated.rs")]
#[cfg_attr(all(not(test), not(feature = "cuda")), path = "gpu/absent.rs")]
mod runtime;

use crate::{Result, dropout::Mask};
use candle_core::{DType, Device, Shape, Storage, Tensor, op::BackpropOp};

pub(crate) use product::{Operand, product};
#[cfg(test)]
pub(crate) use runtime::with_card;

/// What every source begins with, after its element type.
const COMMON: &str = include_str!("gpu/common.cuh");

/// The kernels of one source.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) source: &'static str,
    /// The names of its kernels.
    pub(crate) kernels: &'static [&'static str],
}

/// All sources.
#[cfg(test)]
pub(crate) static PROGRAMS: [&Program; 13] = [
    &crate::adamw::PROGRAM,
    &crate::add::PROGRAM,
    &crate::attention::card::WIDTHS[0].program,
    &crate::attention::card::WIDTHS[1].program,
    &crate::attention::card::WIDTHS[2].program,
    &crate::attention::card::WIDTHS[3].program,
    &crate::cross_entropy::card::PROGRAM,
    &crate::dropout::PROGRAM,
    &crate::embedding::PROGRAM,
    &crate::gelu::PROGRAM,
    &crate::layer_norm::card::PROGRAM,
    &crate::linear::card::PROGRAM,
    &crate::norm::PROGRAM,
];

/// One of a kernel's arguments.
pub(crate) enum Argument<'a> {
    /// A tensor whose elements lie in order.
    Read(&'a Tensor),
    /// A result.
    Write(&'a mut Storage),
    /// A tensor whose elements lie in order and change in place. Nothing else may use it now.
    Change(&'a Tensor),
    U32(u32),
    U64(u64),
    F32(f32),
    /// Dropout's keys, threshold and scale.
    Mask([u32; 6]),
}

impl<'a> Argument<'a> {
    fn tensor(&self) -> Option<&'a Tensor> {
        match self {
            Self::Read(tensor) | Self::Change(tensor) => Some(tensor),
            _ => None,
        }
    }

    pub(crate) fn size(value: usize) -> Self {
        // A card has no room for what would not fit.
        Self::U32(u32::try_from(value).unwrap_or(u32::MAX))
    }

    /// Nothing is dropped where there is no mask.
    pub(crate) fn mask(mask: Option<&Mask>) -> Self {
        Self::Mask(mask.map_or([0, 0, 0, 0, 0, 1f32.to_bits()], Mask::bits))
    }
}

/// How many threads run a kernel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    /// The blocks in x and in y.
    pub(crate) blocks: (u32, u32),
    /// The threads of a block, in whole warps of 32.
    pub(crate) threads: u32,
    /// The bytes of shared memory that a block has beside what its kernel declares.
    pub(crate) shared: u32,
}

impl Grid {
    pub(crate) fn new(x: usize, y: usize, threads: u32) -> Self {
        let clamped = |blocks| u32::try_from(blocks).unwrap_or(u32::MAX);
        Self { blocks: (clamped(x), clamped(y)), threads, shared: 0 }
    }

    /// Each thread has four elements.
    pub(crate) fn of_elements(count: usize) -> Self {
        Self::new(count.div_ceil(4 * 256), 1, 256)
    }

    /// A warp for each row.
    pub(crate) fn of_warps(rows: usize) -> Self {
        Self::new(rows.div_ceil(4), 1, 4 * 32)
    }

    /// A block for each row, with a thread for each four columns up to `most` threads.
    pub(crate) fn of_rows(rows: usize, columns: usize, most: u32) -> Self {
        let threads = columns.div_ceil(4).next_multiple_of(32).min(most as usize);
        Self::new(rows, 1, threads as u32)
    }
}

/// Whether a device has kernels of our own for its card.
pub(crate) fn is_card(device: &Device) -> bool {
    runtime::is_card(device)
}

/// Whether kernels of our own can run on these tensors: on one card, of one of their types, none empty.
pub(crate) fn runs<'a>(tensors: impl IntoIterator<Item = &'a Tensor>) -> bool {
    let mut tensors = tensors.into_iter();
    let Some(first) = tensors.next() else {
        return false;
    };
    let fits = |tensor: &Tensor| tensor.elem_count() > 0;
    is_card(first.device())
        && matches!(first.dtype(), DType::F32 | DType::BF16 | DType::F16)
        && fits(first)
        && tensors.all(|other| {
            fits(other) && other.dtype() == first.dtype() && other.device().same_device(first.device())
        })
}

/// Room for a result, to be written by a kernel.
pub(crate) fn fresh(device: &Device, dtype: DType, length: usize) -> Result<Storage> {
    runtime::fresh(device, dtype, length)
}

/// A result outside the graph.
pub(crate) fn tensor(storage: Storage, shape: impl Into<Shape>) -> Tensor {
    Tensor::from_storage(storage, shape, BackpropOp::none(), false)
}

/// Starts a kernel, compiled for elements of `dtype`.
pub(crate) fn launch(
    device: &Device,
    (program, kernel): (&'static Program, &'static str),
    dtype: DType,
    grid: Grid,
    arguments: &mut [Argument<'_>],
) -> Result<()> {
    debug_assert!(program.kernels.contains(&kernel), "{} has no kernel {kernel}", program.name);
    runtime::launch(device, (program, kernel), dtype, grid, arguments)
}

/// The name of an element type in the sources.
fn element(dtype: DType) -> Option<&'static str> {
    match dtype {
        DType::F32 => Some("float"),
        DType::BF16 => Some("Bf16"),
        DType::F16 => Some("F16"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::with_card;
    use crate::{
        Dropout, Layout, LoraTerm, Result, Segments, add, attention, backward, cast, check, cross_entropy,
        dropout, embedding, gelu_tanh, layer_norm, linear, lora_linear,
    };
    use candle_core::{DType, Device, Tensor, Var};

    const CHANNELS: usize = 64;

    /// The loss of a block of a language model, computed in `dtype`, and the gradients of what is trained, in f32.
    fn block(dtype: DType, device: &Device) -> Result<Vec<Vec<f32>>> {
        let shapes: [&[usize]; 7] = [
            &[50, CHANNELS], // the table of embeddings, tied to the head
            &[CHANNELS],
            &[CHANNELS],
            &[4, CHANNELS],     // A
            &[3 * CHANNELS, 4], // B
            &[CHANNELS, CHANNELS],
            &[CHANNELS],
        ];
        let random = |shape: &[usize], seed| -> Result<Tensor> {
            let tensor = check::tensor(&check::random(shape, seed), DType::F32);
            Ok((tensor * 0.3)?.to_device(device)?)
        };
        let variables: Vec<Var> = shapes
            .iter()
            .zip(1..)
            .map(|(shape, seed)| Ok(Var::from_tensor(&random(shape, seed)?)?))
            .collect::<Result<_>>()?;
        let trained: Vec<Tensor> =
            variables.iter().map(|variable| cast(variable, dtype)).collect::<Result<_>>()?;
        let [table, scale, shift, a, b, wide, bias] = &trained[..] else { unreachable!() };
        let frozen = random(&[CHANNELS, 3 * CHANNELS], 8)?.to_dtype(dtype)?;
        let segments = Segments::from_lengths(&[33, 0, 70, 1]);
        let ids: Vec<u32> = (0..104).map(|index| index * 7 % 50).collect();
        let ids = Tensor::new(ids, device)?;
        let drop = |seed| Dropout { probability: 0.1, seed };

        let x = dropout(&embedding(table, &ids)?, &drop(1))?;
        let y = layer_norm(&x, scale, shift, 1e-5)?;
        let term = LoraTerm { a, b, scale: 0.5, dropout: Some(drop(2)) };
        let qkv = lora_linear(&y, &frozen, Layout::InOut, None, &term)?;
        let x = add(&x, &attention(&qkv, 4, &segments, 0.25, true, Some(drop(3)))?)?;
        let y = gelu_tanh(&linear(&x, wide, Layout::OutIn, Some(bias))?)?;
        let foreign = (&y * 0.5)?.tanh()?; // candle's own operations between ours
        let logits = linear(&add(&foreign, &x)?, table, Layout::OutIn, None)?;
        let loss = cross_entropy(&cast(&logits, DType::F32)?, &ids, Some(7))?;
        let gradients = backward(&loss)?;
        let mut all = vec![vec![loss.to_scalar::<f32>()?]];
        for variable in &variables {
            let gradient = gradients.get(variable).expect("every variable has a gradient");
            assert_eq!(gradient.dtype(), DType::F32);
            all.push(gradient.flatten_all()?.to_vec1()?);
        }
        Ok(all)
    }

    #[test]
    fn a_block_on_a_card_learns_as_on_the_processor() {
        let exact = block(DType::F32, &Device::Cpu).unwrap();
        // f32 agrees within its rounding; in half precision that of a dozen operations comes together.
        for (dtype, tolerance) in [(DType::F32, 1e-5), (DType::F16, 0.01), (DType::BF16, 0.08)] {
            with_card(|device| {
                for (index, (found, exact)) in block(dtype, device).unwrap().iter().zip(&exact).enumerate() {
                    let largest = exact.iter().fold(0f32, |most, value| most.max(value.abs()));
                    for (found, exact) in found.iter().zip(exact) {
                        let off = (found - exact).abs() / largest;
                        assert!(
                            off <= tolerance,
                            "{dtype:?}, {index}: {found} instead of {exact}, {largest}"
                        );
                    }
                }
            });
        }
    }
}
