//! How far the kernels are from the matrix products that no implementation can avoid.
//!
//! `cargo run -p episome-kernels --example floor [TOKENS] [THREADS]` prints the rate of plain products at the sizes of
//! GPT-2 small, each kernel's time beside it, and a LoRA step of the whole model (rank 8 on c_attn) as a share of its
//! products. Times are the least of several runs: the machine may be busy with other things.

use candle_core::{DType, Device, Result, Tensor, Var};
use episome_kernels::*;
use std::time::Instant;

const CHANNELS: usize = 768;
const HEADS: usize = 12;
const LAYERS: usize = 12;
const RANK: usize = 8;

type Failure = Box<dyn std::error::Error>;

/// The least time of several runs, in milliseconds.
fn least<T>(mut run: impl FnMut() -> std::result::Result<T, Failure>) -> std::result::Result<f64, Failure> {
    let mut best = f64::INFINITY;
    let begin = Instant::now();
    let mut runs = 0;
    while runs < 5 || (begin.elapsed().as_secs_f64() < 1.0 && runs < 200) {
        let start = Instant::now();
        let result = run()?;
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
        drop(result);
        runs += 1;
    }
    Ok(best)
}

fn random(shape: (usize, usize)) -> Result<Tensor> {
    Tensor::randn(0f32, 0.05, shape, &Device::Cpu)
}

/// Prints a kernel's forward time and, by the whole walk from its result, its backward time.
fn kernel(name: &str, run: impl Fn() -> episome_kernels::Result<Tensor>) -> std::result::Result<(), Failure> {
    let forward = least(|| Ok(run()?))?;
    let result = run()?;
    let back = least(|| Ok(backward(&result)?))?;
    println!("{name:<44}{forward:>9.3} ms{back:>9.3} ms");
    Ok(())
}

struct Block {
    norm: (Tensor, Tensor),
    attention: (Tensor, Tensor),
    projection: (Tensor, Tensor),
    up: (Tensor, Tensor),
    down: (Tensor, Tensor),
    a: Var,
    b: Var,
}

impl Block {
    fn random() -> Result<Self> {
        let zeros = |length: usize| Tensor::zeros(length, DType::F32, &Device::Cpu);
        let layer =
            |inner: usize, outer: usize| -> Result<_> { Ok((random((inner, outer))?, zeros(outer)?)) };
        Ok(Self {
            norm: (zeros(CHANNELS)?.affine(1.0, 1.0)?, zeros(CHANNELS)?),
            attention: layer(CHANNELS, 3 * CHANNELS)?,
            projection: layer(CHANNELS, CHANNELS)?,
            up: layer(CHANNELS, 4 * CHANNELS)?,
            down: layer(4 * CHANNELS, CHANNELS)?,
            a: Var::from_tensor(&random((RANK, CHANNELS))?)?,
            b: Var::from_tensor(&random((3 * CHANNELS, RANK))?)?,
        })
    }

    fn forward(&self, x: &Tensor, segments: &Segments, seed: u64) -> episome_kernels::Result<Tensor> {
        let dropout = |site| {
            Some(Dropout {
                probability: 0.1,
                seed: seed + site,
            })
        };
        let residual = |x: &Tensor, y: &Tensor, _site: u64| add(x, y);
        let norm = layer_norm(x, &self.norm.0, &self.norm.1, 1e-5)?;
        let (a, b) = (self.a.as_tensor(), self.b.as_tensor());
        let term = LoraTerm {
            a,
            b,
            scale: 4.0,
            dropout: dropout(0),
        };
        let qkv = lora_linear(
            &norm,
            &self.attention.0,
            Layout::InOut,
            Some(&self.attention.1),
            &term,
        )?;
        let y = attention(&qkv, HEADS, segments, 0.125, true, None)?;
        let y = linear(&y, &self.projection.0, Layout::InOut, Some(&self.projection.1))?;
        let x = residual(x, &y, 1)?;
        let norm = layer_norm(&x, &self.norm.0, &self.norm.1, 1e-5)?;
        let y = gelu_tanh(&linear(&norm, &self.up.0, Layout::InOut, Some(&self.up.1))?)?;
        let y = linear(&y, &self.down.0, Layout::InOut, Some(&self.down.1))?;
        residual(&x, &y, 2)
    }
}

fn main() -> std::result::Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let tokens: usize = arguments.next().map_or(Ok(420), |text| text.parse())?;
    if let Some(threads) = arguments.next() {
        set_threads(threads.parse()?)?;
    }
    let device = &Device::Cpu;
    let lengths: Vec<usize> = (0..tokens)
        .step_by(52)
        .map(|start| (tokens - start).min(52))
        .collect();
    let segments = Segments::from_lengths(&lengths);
    println!(
        "{tokens} tokens in {} sequences, {} threads",
        segments.count(),
        rayon::current_num_threads()
    );

    println!("\nplain products, x·W and dy·Wᵀ");
    let mut floor = 0.0;
    for (inner, outer) in [(768, 2304), (768, 768), (768, 3072), (3072, 768)] {
        let operations = 2.0 * (tokens * inner * outer) as f64;
        let weight = vec![0.01f32; inner * outer];
        let (x, mut y) = (vec![0.5f32; tokens * inner], vec![0f32; tokens * outer]);
        let mut dx = x.clone();
        let forward = least(|| Ok(product(&mut y, &x, &weight, (tokens, inner, outer), (outer, 1))))?;
        let back = least(|| Ok(product(&mut dx, &y, &weight, (tokens, outer, inner), (1, outer))))?;
        floor += (forward + back) * LAYERS as f64;
        println!(
            "{:<44}{forward:>9.3} ms{back:>9.3} ms{:>9.0}{:>6.0} GFLOP/s",
            format!("{tokens} × {inner} × {outer}"),
            operations / forward / 1e6,
            operations / back / 1e6
        );
    }

    println!("\nkernels, forward and backward");
    let x = Var::from_tensor(&random((tokens, CHANNELS))?)?;
    let wide = Var::from_tensor(&random((tokens, 4 * CHANNELS))?)?;
    let qkv = Var::from_tensor(&random((tokens, 3 * CHANNELS))?)?;
    let block = Block::random()?;
    let (weight, bias) = (&block.attention.0, Some(&block.attention.1));
    let (a, b) = (block.a.as_tensor(), block.b.as_tensor());
    let dropout_setting = Dropout {
        probability: 0.1,
        seed: 1,
    };
    kernel("linear, frozen, 768 → 2304", || {
        linear(&x, weight, Layout::InOut, bias)
    })?;
    let term = LoraTerm {
        a,
        b,
        scale: 4.0,
        dropout: None,
    };
    kernel("lora_linear, rank 8, 768 → 2304", || {
        lora_linear(&x, weight, Layout::InOut, bias, &term)
    })?;
    let term = LoraTerm {
        dropout: Some(dropout_setting),
        ..term
    };
    kernel("lora_linear, with dropout", || {
        lora_linear(&x, weight, Layout::InOut, bias, &term)
    })?;
    kernel("layer_norm, frozen", || {
        layer_norm(&x, &block.norm.0, &block.norm.1, 1e-5)
    })?;
    kernel("gelu_tanh, 4·768", || gelu_tanh(&wide))?;
    kernel("attention, causal", || {
        attention(&qkv, HEADS, &segments, 0.125, true, None)
    })?;
    kernel("attention, causal, dropout", || {
        attention(&qkv, HEADS, &segments, 0.125, true, Some(dropout_setting))
    })?;
    kernel("add", || add(&x, &x))?;
    kernel("dropout", || dropout(&x, &dropout_setting))?;
    let table = Var::from_tensor(&random((30_000, CHANNELS))?)?;
    let ids = Tensor::arange(0u32, tokens as u32, device)?;
    kernel("embedding, frozen", || {
        embedding(&table.as_detached_tensor(), &ids)
    })?;
    let logits = Var::from_tensor(&random((tokens, 4096))?)?;
    kernel("cross_entropy, 4096 classes", || {
        cross_entropy(&logits, &ids, None)
    })?;
    let mut moments = Moments::zeros(&table)?;
    let settings = AdamW {
        learning_rate: 1e-3,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weight_decay: 0.01,
        step: 1,
        gradient_scale: 1.0,
    };
    let gradient = random((30_000, CHANNELS))?;
    let update = least(|| Ok(adamw_update(&table, &gradient, &mut moments, &settings)?))?;
    let norm = least(|| Ok(global_norm([&gradient])?))?;
    println!("{:<44}{update:>9.3} ms", "adamw_update, 23 M parameters");
    println!("{:<44}{norm:>9.3} ms", "global_norm, 23 M parameters");

    println!("\na LoRA step of GPT-2 small");
    let blocks = (0..LAYERS).map(|_| Block::random()).collect::<Result<Vec<_>>>()?;
    let input = random((tokens, CHANNELS))?;
    let targets = Tensor::zeros(tokens, DType::U32, device)?;
    let forward = || -> std::result::Result<Tensor, Failure> {
        let mut x = input.clone();
        for (layer, block) in blocks.iter().enumerate() {
            x = block.forward(&x, &segments, 10 * layer as u64)?;
        }
        Ok(cross_entropy(&x, &targets, None)?)
    };
    let forward_time = least(forward)?;
    let step = least(|| Ok(backward(&forward()?)?))?;
    let candles = least(|| Ok(forward()?.backward()?))?;
    println!("forward{forward_time:>8.1} ms");
    println!(
        "step   {step:>8.1} ms, {:.0} tokens/s; its plain products {floor:.1} ms",
        tokens as f64 / step * 1e3
    );
    println!(
        "beyond the products: {:.1} % of the step",
        100.0 * (1.0 - floor / step)
    );
    println!("the step by candle's own walk: {candles:.1} ms");
    Ok(())
}

/// out = a·b by the same crate that the kernels use; b's strides are (row, column).
#[allow(unsafe_code)]
fn product(
    out: &mut [f32],
    a: &[f32],
    b: &[f32],
    (rows, inner, columns): (usize, usize, usize),
    (row_stride, column_stride): (usize, usize),
) {
    assert!(out.len() == rows * columns && a.len() == rows * inner && b.len() == inner * columns);
    let (width, depth) = (columns as isize, inner as isize);
    let (row_stride, column_stride) = (row_stride as isize, column_stride as isize);
    // SAFETY: the assertion and the strides keep every access inside the slices.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            out.as_mut_ptr(),
            1,
            width,
            false,
            a.as_ptr(),
            1,
            depth,
            b.as_ptr(),
            column_stride,
            row_stride,
            0.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::Rayon(0),
        );
    }
}
