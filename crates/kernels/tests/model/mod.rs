//! Two blocks' worth of kernels, their loss and its gradients.

use candle_core::{Device, Tensor, Var};
use episome_kernels::*;

/// Values of either sign that differ from place to place, about 1/√channels as trained weights are.
fn waves(rows: usize, columns: usize, speed: f64) -> candle_core::Result<Var> {
    let values: Vec<f32> =
        (0..rows * columns).map(|index| (0.15 * (index as f64 * speed).sin()) as f32).collect();
    Var::from_tensor(&Tensor::from_vec(values, (rows, columns), &Device::Cpu)?)
}

/// The gradients' norm, the loss, and the gradient of every variable.
pub fn run() -> Result<(f64, Vec<Vec<f32>>), Error> {
    const CHANNELS: usize = 96;
    let segments = Segments::from_lengths(&[70, 1, 133, 40]);
    let table = waves(50, CHANNELS, 0.37)?;
    let (scale, shift) = (waves(1, CHANNELS, 0.9)?, waves(1, CHANNELS, 0.7)?);
    let (wide, bias) = (waves(CHANNELS, 3 * CHANNELS, 0.13)?, waves(1, 3 * CHANNELS, 0.3)?);
    let (a, b) = (waves(8, CHANNELS, 0.21)?, waves(3 * CHANNELS, 8, 0.11)?);
    let frozen = waves(3 * CHANNELS, CHANNELS, 0.05)?.as_detached_tensor();
    let (scale_row, shift_row, bias_row) = (scale.get(0)?, shift.get(0)?, bias.get(0)?);
    let ids = Tensor::from_vec((0..244u32).map(|index| index * 7 % 50).collect(), 244, &Device::Cpu)?;
    let dropout_at = |seed| Dropout { probability: 0.1, seed };

    let x = dropout(&embedding(&table, &ids)?, &dropout_at(1))?;
    let y = layer_norm(&x, &scale_row, &shift_row, 1e-5)?;
    let term = LoraTerm { a: &a, b: &b, scale: 0.5, dropout: Some(dropout_at(2)) };
    let qkv = lora_linear(&y, &frozen, Layout::OutIn, None, &term)?;
    let y = attention(&qkv, 4, &segments, 0.2, true, Some(dropout_at(3)))?;
    let x = add(&x, &y)?;
    let y = gelu_tanh(&linear(&x, &wide, Layout::InOut, Some(&bias_row))?)?;
    let logits = linear(&linear(&y, &frozen, Layout::InOut, None)?, &table, Layout::OutIn, None)?;
    let loss = cross_entropy(&logits, &ids, Some(0))?;
    let gradients = backward(&loss)?;
    let variables = [&table, &scale, &shift, &wide, &bias, &a, &b];
    let found = variables.into_iter().filter_map(|variable| gradients.get(variable)).cloned();
    let tensors: Vec<Tensor> = std::iter::once(loss).chain(found).collect();
    assert_eq!(tensors.len(), 8, "every variable has a gradient");
    let norm = global_norm(&tensors)?;
    let values = tensors.iter().map(|tensor| tensor.flatten_all()?.to_vec1());
    Ok((norm, values.collect::<Result<_, _>>()?))
}
