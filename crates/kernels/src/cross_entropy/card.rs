//! The loss on a card. Where no target counts, or one is outside the classes, it is no number.

use crate::{
    Result,
    gpu::{self, Argument, Grid, Program},
    graph::{self, Kernel, Step},
    host,
};
use candle_core::{DType, Tensor};

pub(crate) const PROGRAM: Program = Program {
    name: "cross_entropy",
    source: include_str!("cross_entropy.cu"),
    kernels: &["cross_entropy_rows", "cross_entropy_mean", "cross_entropy_backward"],
};

pub(super) fn cross_entropy(logits: &Tensor, targets: &Tensor, ignore: Option<u32>) -> Result<Tensor> {
    let ((rows, columns), device, dtype) = (logits.dims2()?, logits.device(), logits.dtype());
    let targets = host::in_order(targets)?;
    let mut normalisers = gpu::fresh(device, DType::F32, rows)?;
    let mut losses = gpu::fresh(device, DType::F32, rows)?;
    {
        let logits = host::in_order(logits)?;
        let arguments = &mut [
            Argument::Read(&logits),
            Argument::Read(&targets),
            Argument::Write(&mut normalisers),
            Argument::Write(&mut losses),
            Argument::size(columns),
            Argument::U32(ignore.unwrap_or_default()),
            Argument::U32(u32::from(ignore.is_some())),
        ];
        let grid = Grid::of_rows(rows, columns, 1024);
        gpu::launch(device, (&PROGRAM, "cross_entropy_rows"), dtype, grid, arguments)?;
    }
    let losses = gpu::tensor(losses, rows);
    let mut loss = gpu::fresh(device, dtype, 1)?;
    let mut share = gpu::fresh(device, DType::F32, 1)?;
    let arguments = &mut [
        Argument::Read(&losses),
        Argument::Read(&targets),
        Argument::Write(&mut loss),
        Argument::Write(&mut share),
        Argument::size(rows),
        Argument::U32(ignore.unwrap_or_default()),
        Argument::U32(u32::from(ignore.is_some())),
    ];
    gpu::launch(device, (&PROGRAM, "cross_entropy_mean"), dtype, Grid::new(1, 1, 256), arguments)?;
    let (normalisers, share) = (gpu::tensor(normalisers, rows), gpu::tensor(share, ()));
    graph::record_storage(loss, (), &[logits], || Backward { targets, ignore, normalisers, share })
}

/// Keeps log Σ eˣ of each row, f32 (N), and 1 / the number of rows that count, an f32.
struct Backward {
    targets: Tensor,
    ignore: Option<u32>,
    normalisers: Tensor,
    share: Tensor,
}

impl Kernel for Backward {
    fn name(&self) -> &'static str {
        "cross_entropy"
    }

    fn reads(&self, _: usize, _: &[bool]) -> bool {
        true
    }

    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>> {
        let (logits, gradient) = (step.input(0)?, host::in_order(step.gradient)?);
        let ((rows, columns), device, dtype) = (logits.dims2()?, logits.device(), logits.dtype());
        let mut dlogits = gpu::fresh(device, dtype, rows * columns)?;
        let arguments = &mut [
            Argument::Read(&logits),
            Argument::Read(&self.targets),
            Argument::Read(&self.normalisers),
            Argument::Read(&gradient),
            Argument::Read(&self.share),
            Argument::Write(&mut dlogits),
            Argument::size(columns),
            Argument::U32(self.ignore.unwrap_or_default()),
            Argument::U32(u32::from(self.ignore.is_some())),
        ];
        let grid = Grid::of_rows(rows, columns, 1024);
        gpu::launch(device, (&PROGRAM, "cross_entropy_backward"), dtype, grid, arguments)?;
        Ok(vec![Some(gpu::tensor(dlogits, (rows, columns)))])
    }
}

#[cfg(test)]
mod tests {
    use crate::{backward, check, cross_entropy, gpu};
    use candle_core::{DType, Device, Tensor, Var};

    #[test]
    fn values_and_gradients_are_those_of_the_formula() {
        for (rows, columns) in [(9, 2), (1, 1), (5, 37), (130, 127), (3, 4100), (4, 30_000)] {
            let targets: Vec<u32> = (0..rows as u32).map(|row| row * 7919 % columns as u32).collect();
            for ignore in [None, (rows > 1).then_some(targets[rows - 1])] {
                check::on_card(&[check::random(&[rows, columns], 1)], &[], 1.0, |t| {
                    let targets = Tensor::from_slice(&targets, rows, t[0].device())?;
                    cross_entropy(&t[0], &targets, ignore)
                });
            }
        }
    }

    #[test]
    fn what_cannot_be_scored_is_no_number() {
        gpu::with_card(|device| {
            let logits = Var::zeros((2, 3), DType::F32, device).unwrap();
            for (targets, ignore) in [([0u32, 3], None), ([1, 1], Some(1)), ([4, 1], Some(5))] {
                let targets = Tensor::new(&targets, device).unwrap();
                let loss = cross_entropy(&logits, &targets, ignore).unwrap();
                let gradient = backward(&loss).unwrap().get(&logits).unwrap().sum_all().unwrap();
                let of = |tensor: Tensor| tensor.to_device(&Device::Cpu).unwrap().to_scalar::<f32>().unwrap();
                assert!(of(loss).is_nan());
                assert!(of(gradient).is_nan() || ignore == Some(1), "an ignored row has gradient 0");
            }
            let logits = Tensor::new(&[[1000f32, 0.0], [0.0, -1000.0]], device).unwrap();
            let loss = cross_entropy(&logits, &Tensor::new(&[1u32, 0], device).unwrap(), None).unwrap();
            assert_eq!(loss.to_scalar::<f32>().unwrap(), 500.0);
        });
    }
}
