//! Attention on a card: one launch for all heads of all segments, forward; three, backward.

use super::head_size;
use crate::{
    Result, Segments,
    dropout::Mask,
    gpu::{self, Argument, Grid, Program},
    graph::{self, Kernel, Step},
    host,
};
use candle_core::{DType, Storage, Tensor};

/// The kernels for heads of one width, a head's size rounded up to a multiple of 32.
#[derive(Debug)]
pub(crate) struct Width {
    pub(crate) program: Program,
    forward: &'static str,
    products: &'static str,
    backward_keys: &'static str,
    backward_queries: &'static str,
}

macro_rules! width {
    ($width:literal) => {
        Width {
            program: Program {
                name: concat!("attention_", $width),
                source: concat!("#define WIDTH ", $width, "\n", include_str!("attention.cu")),
                kernels: &[
                    concat!("attention_forward_", $width),
                    concat!("attention_products_", $width),
                    concat!("attention_backward_keys_", $width),
                    concat!("attention_backward_queries_", $width),
                ],
            },
            forward: concat!("attention_forward_", $width),
            products: concat!("attention_products_", $width),
            backward_keys: concat!("attention_backward_keys_", $width),
            backward_queries: concat!("attention_backward_queries_", $width),
        }
    };
}

pub(crate) static WIDTHS: [Width; 4] = [width!(32), width!(64), width!(96), width!(128)];

/// The largest head that there are tiles for.
pub(super) const LARGEST_HEAD: usize = 32 * WIDTHS.len();

/// The rows of a tile, forward and backward; as the source has them.
const FORWARD_ROWS: usize = 64;
const BACKWARD_ROWS: usize = 32;
/// The columns of a tile, and how far apart the rows of its weights lie.
const COLUMNS: usize = 32;
const WEIGHTS: usize = COLUMNS + 4;

/// The attention of one packed batch.
pub(super) struct Problem {
    pub(super) heads: usize,
    pub(super) scale: f32,
    pub(super) causal: bool,
    pub(super) mask: Option<Mask>,
    pub(super) segments: Segments,
}

impl Problem {
    pub(super) fn attention(self, qkv: &Tensor) -> Result<Tensor> {
        let (rows, columns) = qkv.dims2()?;
        let channels = columns / 3;
        let (y, normalisers) = self.forward(&host::in_order(qkv)?)?;
        graph::record_storage(y, (rows, channels), &[qkv], || Backward { problem: self, normalisers })
    }

    /// y (T, C) and log Σ eˢ of each head's each query, f32 (heads, T).
    fn forward(&self, qkv: &Tensor) -> Result<(Storage, Tensor)> {
        let ((rows, columns), device) = (qkv.dims2()?, qkv.device());
        let channels = columns / 3;
        let (kernels, width) = self.width(channels);
        let mut y = gpu::fresh(device, qkv.dtype(), rows * channels)?;
        let mut normalisers = gpu::fresh(device, DType::F32, self.heads * rows)?;
        let places = self.segments.places(FORWARD_ROWS, self.causal, device)?;
        let mut arguments = vec![
            Argument::Read(qkv),
            Argument::Write(&mut y),
            Argument::Write(&mut normalisers),
            Argument::Read(&places),
        ];
        arguments.extend(self.settings(rows, channels));
        let tiles = (FORWARD_ROWS + COLUMNS) * (width + 4);
        let grid = self.grid(&places, tiles + FORWARD_ROWS * WEIGHTS)?;
        gpu::launch(device, (&kernels.program, kernels.forward), qkv.dtype(), grid, &mut arguments)?;
        drop(arguments);
        Ok((y, gpu::tensor(normalisers, (self.heads, rows))))
    }

    /// The kernels, and the width of their tiles.
    fn width(&self, channels: usize) -> (&'static Width, usize) {
        let index = (head_size(channels, self.heads).div_ceil(32) - 1).min(WIDTHS.len() - 1);
        (&WIDTHS[index], 32 * (index + 1))
    }

    /// What every kernel is told at the end.
    fn settings(&self, rows: usize, channels: usize) -> [Argument<'_>; 6] {
        [
            Argument::size(rows),
            Argument::size(channels),
            Argument::size(head_size(channels, self.heads)),
            Argument::F32(self.scale),
            Argument::U32(u32::from(self.causal)),
            Argument::mask(self.mask.as_ref()),
        ]
    }

    /// A block for each place and head, with room for `floats` numbers.
    fn grid(&self, places: &Tensor, floats: usize) -> Result<Grid> {
        Ok(Grid { shared: (4 * floats) as u32, ..Grid::new(places.dim(0)?, self.heads, 128) })
    }
}

/// Keeps log Σ eˢ of each head's each query, f32 (heads, T), and the result.
struct Backward {
    problem: Problem,
    normalisers: Tensor,
}

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn reads(&self, _: usize, _: &[bool]) -> bool {
        true
    }

    fn reads_result(&self) -> bool {
        true
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let (qkv, y, dy) = (step.input(0)?, step.result()?, host::in_order(step.gradient)?);
        let (problem, device, dtype) = (&self.problem, qkv.device(), qkv.dtype());
        let (rows, channels) = y.dims2()?;
        let (kernels, width) = problem.width(channels);

        let mut delta = gpu::fresh(device, DType::F32, problem.heads * rows)?;
        let arguments = &mut [
            Argument::Read(y),
            Argument::Read(&dy),
            Argument::Write(&mut delta),
            Argument::size(rows),
            Argument::size(channels),
            Argument::size(head_size(channels, problem.heads)),
        ];
        let grid = Grid { blocks: (rows.div_ceil(4) as u32, problem.heads as u32), threads: 128, shared: 0 };
        gpu::launch(device, (&kernels.program, kernels.products), dtype, grid, arguments)?;
        let delta = gpu::tensor(delta, (problem.heads, rows));

        let places = problem.segments.places(BACKWARD_ROWS, problem.causal, device)?;
        let mut dqkv = gpu::fresh(device, dtype, 3 * rows * channels)?;
        let tiles = 2 * (BACKWARD_ROWS + COLUMNS) * (width + 4);
        // The kernel of the keys has two tiles of weights.
        for (name, weights) in [(kernels.backward_keys, 2), (kernels.backward_queries, 1)] {
            let mut arguments = vec![
                Argument::Read(&qkv),
                Argument::Read(&dy),
                Argument::Read(&self.normalisers),
                Argument::Read(&delta),
                Argument::Write(&mut dqkv),
                Argument::Read(&places),
            ];
            arguments.extend(problem.settings(rows, channels));
            let grid = problem.grid(&places, tiles + weights * BACKWARD_ROWS * WEIGHTS)?;
            gpu::launch(device, (&kernels.program, name), dtype, grid, &mut arguments)?;
        }
        Ok(vec![Some(gpu::tensor(dqkv, (rows, 3 * channels)))])
    }
}

#[cfg(test)]
mod tests {
    use crate::{Dropout, Segments, add, attention, check};

    #[test]
    fn values_and_gradients_are_those_of_the_formula() {
        let dropouts = [None, Some(Dropout { probability: 0.2, seed: 3 })];
        for (lengths, heads, size) in [
            (&[1][..], 1, 1),
            (&[3, 0, 5], 2, 3),
            (&[31, 32, 33, 2], 2, 16),
            (&[70, 7], 3, 20),
            (&[127, 130], 1, 64),
            (&[0, 65, 1], 2, 96),
            (&[40, 33], 1, 128),
            (&[130, 64, 96], 2, 32),
        ] {
            for causal in [true, false] {
                for dropout in dropouts {
                    let segments = Segments::from_lengths(lengths);
                    let qkv = check::random(&[segments.total(), 3 * heads * size], 1);
                    let scale = 1.0 / (size as f64).sqrt();
                    // In half precision the result that the backward pass reads has been rounded, too.
                    check::on_card(&[qkv], &[], 3.0, |t| {
                        attention(&t[0], heads, &segments, scale, causal, dropout)
                    });
                }
            }
        }
    }

    #[test]
    fn larger_heads_are_composed() {
        let segments = Segments::from_lengths(&[3, 4]);
        check::on_card(&[check::random(&[7, 3 * 130], 1)], &[], 4.0, |t| {
            let y = attention(&t[0], 1, &segments, 0.1, true, None)?;
            add(&y, &y)
        });
    }
}
