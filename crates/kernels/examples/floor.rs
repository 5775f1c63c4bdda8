//! How far the kernels are from the matrix products that no implementation can avoid.
//!
//! `cargo run -p episome-kernels --example floor [small|full|mini] [THREADS] [--json]` prints the rate of plain products
//! at a model's sizes, by the `gemm` crate and by our own, each kernel's time beside it, and a training step of the whole
//! model as a share of its products; with `--json` the step and its products alone, as one line for
//! `cargo xtask bench floor`.
//! `small` is GPT-2 small with LoRA of rank 8 on c_attn and 420 tokens in sequences of 52, `full` the same with
//! 8 sequences of 128; `mini` is GPT-2 of 6 layers × 256 with every weight trained, the embedding tied to the output, and
//! 32 sequences of 128. Times are the least of several runs: the machine may be busy with other things.

use candle_core::{DType, Device, Tensor, Var};
use episome_kernels::*;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

struct Shape {
    lengths: Vec<usize>,
    channels: usize,
    heads: usize,
    layers: usize,
    vocabulary: usize,
    /// None: every weight is trained.
    rank: Option<usize>,
}

impl Shape {
    fn named(name: &str) -> Outcome<Self> {
        let small = |lengths| Self {
            lengths,
            channels: 768,
            heads: 12,
            layers: 12,
            vocabulary: 30_000,
            rank: Some(8),
        };
        match name {
            "small" => Ok(small([vec![52; 8], vec![4]].concat())),
            "full" => Ok(small(vec![128; 8])),
            "mini" => Ok(Self {
                lengths: vec![128; 32],
                channels: 256,
                heads: 8,
                layers: 6,
                vocabulary: 1024,
                rank: None,
            }),
            _ => Err(format!("{name} is none of small, full and mini").into()),
        }
    }

    fn tokens(&self) -> usize {
        self.lengths.iter().sum()
    }

    fn trains_all(&self) -> bool {
        self.rank.is_none()
    }

    /// (in, out) of a block's linear layers.
    fn layer_sizes(&self) -> [(usize, usize); 4] {
        [(1, 3), (1, 1), (1, 4), (4, 1)].map(|(inner, outer)| (inner * self.channels, outer * self.channels))
    }

    /// (in, out) of the layer that ends a language model.
    fn head_sizes(&self) -> Option<(usize, usize)> {
        self.trains_all().then_some((self.channels, self.vocabulary))
    }
}

/// The least time of several runs, in milliseconds.
fn least<T>(mut run: impl FnMut() -> Outcome<T>) -> Outcome<f64> {
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

fn random(shape: (usize, usize)) -> candle_core::Result<Tensor> {
    Tensor::randn(0f32, 0.05, shape, &Device::Cpu)
}

/// Prints a kernel's forward time and, by the whole walk from its result, its backward time.
fn kernel(name: &str, run: impl Fn() -> Result<Tensor, Error>) -> Outcome<()> {
    let forward = least(|| Ok(run()?))?;
    let result = run()?;
    let back = least(|| Ok(backward(&result)?))?;
    println!("{name:<44}{forward:>9.3} ms{back:>9.3} ms");
    Ok(())
}

/// A layer's weight and bias.
type Pair = (Tensor, Tensor);

struct Block {
    first_norm: Pair,
    attention: Pair,
    projection: Pair,
    second_norm: Pair,
    up: Pair,
    down: Pair,
    lora: Option<(Var, Var)>,
}

impl Block {
    fn random(shape: &Shape) -> candle_core::Result<Self> {
        let trained = |tensor: Tensor| -> candle_core::Result<Tensor> {
            Ok(if shape.trains_all() { Var::from_tensor(&tensor)?.as_tensor().clone() } else { tensor })
        };
        let filled = |length: usize, value| Tensor::full(value, length, &Device::Cpu).and_then(trained);
        let layer = |inner: usize, outer: usize| -> candle_core::Result<_> {
            Ok((trained(random((inner, outer))?)?, filled(outer, 0f32)?))
        };
        let channels = shape.channels;
        let lora = |rank| -> candle_core::Result<_> {
            Ok((
                Var::from_tensor(&random((rank, channels))?)?,
                Var::from_tensor(&random((3 * channels, rank))?)?,
            ))
        };
        Ok(Self {
            first_norm: (filled(channels, 1.0)?, filled(channels, 0.0)?),
            attention: layer(channels, 3 * channels)?,
            projection: layer(channels, channels)?,
            second_norm: (filled(channels, 1.0)?, filled(channels, 0.0)?),
            up: layer(channels, 4 * channels)?,
            down: layer(4 * channels, channels)?,
            lora: shape.rank.map(lora).transpose()?,
        })
    }

    fn forward(&self, x: &Tensor, shape: &Shape, segments: &Segments, seed: u64) -> Result<Tensor, Error> {
        let layer = |x: &Tensor, (weight, bias): &Pair| linear(x, weight, Layout::InOut, Some(bias));
        let norm = |x: &Tensor, (weight, bias): &Pair| layer_norm(x, weight, bias, 1e-5);
        let y = norm(x, &self.first_norm)?;
        let qkv = match &self.lora {
            Some((a, b)) => {
                let dropout = Some(Dropout { probability: 0.1, seed });
                let term = LoraTerm { a, b, scale: 4.0, dropout };
                lora_linear(&y, &self.attention.0, Layout::InOut, Some(&self.attention.1), &term)?
            }
            None => layer(&y, &self.attention)?,
        };
        let scale = 1.0 / ((shape.channels / shape.heads) as f64).sqrt();
        let y = attention(&qkv, shape.heads, segments, scale, true, None)?;
        let x = add(x, &layer(&y, &self.projection)?)?;
        let y = gelu_tanh(&layer(&norm(&x, &self.second_norm)?, &self.up)?)?;
        add(&x, &layer(&y, &self.down)?)
    }
}

/// What no step can avoid: all products of a step, one after the other, each layer with weights of its own as a model has
/// them. They come from memory, not from the cache.
struct Floor {
    /// By the `gemm` crate, in milliseconds.
    library: f64,
    /// By the kernels, in milliseconds.
    own: f64,
    /// Floating-point operations.
    operations: f64,
}

impl Floor {
    fn measure(shape: &Shape) -> Outcome<Self> {
        let layers: Vec<_> =
            (0..shape.layers).flat_map(|_| shape.layer_sizes()).chain(shape.head_sizes()).collect();
        let products = layers.into_iter().map(|sizes| Products::random(shape, sizes));
        let mut products = products.collect::<Outcome<Vec<_>>>()?;
        let operations = products.iter().map(|one| one.operations() * one.count() as f64).sum();
        let library = least(|| products.iter_mut().try_for_each(Products::by_library))?;
        let own = least(|| products.iter().try_for_each(Products::by_kernels))?;
        Ok(Self { library, own, operations })
    }
}

/// The products of one linear layer: x·W, dy·Wᵀ and, where it is trained, xᵀ·dy.
struct Products {
    /// Rows, in, out.
    sizes: (usize, usize, usize),
    trained: bool,
    x: Tensor,
    dy: Tensor,
    weight: Var,
    /// The same as `x`, `dy` and `weight`, for the library.
    values: [Vec<f32>; 3],
}

impl Products {
    fn random(shape: &Shape, (inner, outer): (usize, usize)) -> Outcome<Self> {
        let tokens = shape.tokens();
        let (x, dy, weight) = (random((tokens, inner))?, random((tokens, outer))?, random((inner, outer))?);
        let values = |tensor: &Tensor| tensor.flatten_all()?.to_vec1::<f32>();
        let values = [values(&x)?, values(&dy)?, values(&weight)?];
        let weight = Var::from_tensor(&weight)?;
        Ok(Self { sizes: (tokens, inner, outer), trained: shape.trains_all(), x, dy, weight, values })
    }

    fn count(&self) -> usize {
        if self.trained { 3 } else { 2 }
    }

    /// Floating-point operations of one product.
    fn operations(&self) -> f64 {
        let (rows, inner, outer) = self.sizes;
        2.0 * (rows * inner * outer) as f64
    }

    fn by_library(&mut self) -> Outcome<()> {
        let (rows, inner, outer) = self.sizes;
        let [x, dy, weight] = &mut self.values;
        product(dy, (x, (inner, 1)), (weight, (outer, 1)), (rows, inner, outer))?;
        product(x, (dy, (outer, 1)), (weight, (1, outer)), (rows, outer, inner))?;
        if self.trained {
            product(weight, (x, (1, inner)), (dy, (outer, 1)), (inner, rows, outer))?;
        }
        Ok(())
    }

    fn by_kernels(&self) -> Outcome<()> {
        let frozen = self.weight.as_detached_tensor();
        let y = linear(&self.x, if self.trained { &self.weight } else { &frozen }, Layout::InOut, None)?;
        linear(&self.dy, &frozen, Layout::OutIn, None)?;
        if self.trained {
            backward_from(&y, self.dy.clone())?;
        }
        Ok(())
    }
}

/// out = a·b by the `gemm` crate; each operand with its (row, column) strides.
#[allow(unsafe_code)]
fn product(
    out: &mut [f32],
    (a, a_strides): (&[f32], (usize, usize)),
    (b, b_strides): (&[f32], (usize, usize)),
    (rows, inner, columns): (usize, usize, usize),
) -> Outcome<()> {
    assert!(out.len() == rows * columns && a.len() == rows * inner && b.len() == inner * columns);
    // SAFETY: the assertion and the strides, each of a matrix or its transpose, keep every access inside the slices.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            out.as_mut_ptr(),
            1,
            columns as isize,
            false,
            a.as_ptr(),
            a_strides.1 as isize,
            a_strides.0 as isize,
            b.as_ptr(),
            b_strides.1 as isize,
            b_strides.0 as isize,
            0.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::Rayon(0),
        );
    }
    Ok(())
}

fn kernels(shape: &Shape, segments: &Segments) -> Outcome<()> {
    let (tokens, channels) = (shape.tokens(), shape.channels);
    let variable = |columns| random((tokens, columns)).and_then(|tensor| Var::from_tensor(&tensor));
    let (x, qkv, wide) = (variable(channels)?, variable(3 * channels)?, variable(4 * channels)?);
    let block = Block::random(shape)?;
    let (weight, bias) = (&block.attention.0, Some(&block.attention.1));
    let (a, b) = (Var::from_tensor(&random((8, channels))?)?, Var::from_tensor(&random((3 * channels, 8))?)?);
    let mask = Dropout { probability: 0.1, seed: 1 };
    kernel("linear to 3C", || linear(&x, weight, Layout::InOut, bias))?;
    for dropout in [None, Some(mask)] {
        let term = LoraTerm { a: &a, b: &b, scale: 4.0, dropout };
        let name = if dropout.is_some() { "lora_linear to 3C, dropout" } else { "lora_linear to 3C" };
        let (weight, bias) = (weight.detach(), bias.map(Tensor::detach));
        kernel(name, || lora_linear(&x, &weight, Layout::InOut, bias.as_ref(), &term))?;
    }
    kernel("layer_norm", || layer_norm(&x, &block.first_norm.0, &block.first_norm.1, 1e-5))?;
    kernel("gelu_tanh on 4C", || gelu_tanh(&wide))?;
    kernel("attention", || attention(&qkv, shape.heads, segments, 0.125, true, None))?;
    kernel("attention, dropout", || attention(&qkv, shape.heads, segments, 0.125, true, Some(mask)))?;
    kernel("add", || add(&x, &x))?;
    kernel("dropout", || dropout(&x, &mask))?;
    let table = Var::from_tensor(&random((shape.vocabulary, channels))?)?;
    let ids: Vec<u32> = (0..tokens).map(|token| (token * 7919 % shape.vocabulary) as u32).collect();
    let ids = Tensor::from_vec(ids, tokens, &Device::Cpu)?;
    kernel("embedding", || embedding(&table, &ids))?;
    let logits = Var::from_tensor(&random((tokens, shape.vocabulary))?)?;
    kernel("cross_entropy over the vocabulary", || cross_entropy(&logits, &ids, None))?;
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
    let gradient = random((shape.vocabulary, channels))?;
    let update = least(|| Ok(adamw_update(&table, &gradient, &mut moments, &settings)?))?;
    let norm = least(|| Ok(global_norm([&gradient])?))?;
    println!("{:<44}{update:>9.3} ms", "adamw_update of the embedding");
    println!("{:<44}{norm:>9.3} ms", "global_norm of the embedding");
    Ok(())
}

fn main() -> Outcome<()> {
    let (options, words): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word == "--json");
    let (json, mut arguments) = (!options.is_empty(), words.into_iter());
    let shape = Shape::named(&arguments.next().unwrap_or_else(|| "small".into()))?;
    if let Some(threads) = arguments.next() {
        set_threads(threads.parse()?)?;
    }
    keep_freed_memory();
    let segments = Segments::from_lengths(&shape.lengths);
    let tokens = shape.tokens();
    let threads = rayon::current_num_threads();
    if !json {
        println!("{tokens} tokens in {} sequences, {threads} threads", segments.count());
        println!("\nthe plain products of a layer, again and again, by the `gemm` crate and by the kernels");
        for sizes in shape.layer_sizes().into_iter().chain(shape.head_sizes()) {
            let mut products = Products::random(&shape, sizes)?;
            let times = [least(|| products.by_library())?, least(|| products.by_kernels())?];
            print!("{:<44}", format!("{tokens} × {} × {}", sizes.0, sizes.1));
            for time in times {
                let operations = products.operations() * products.count() as f64;
                print!("{time:>9.3} ms{:>5.0} GFLOP/s", operations / time / 1e6);
            }
            println!();
        }
        println!("\nkernels, forward and backward");
        kernels(&shape, &segments)?;
        println!("\na training step of the model");
    }
    let Floor { library, own, operations } = Floor::measure(&shape)?;

    let blocks: Vec<_> = (0..shape.layers).map(|_| Block::random(&shape)).collect::<Result<_, _>>()?;
    let table = Var::from_tensor(&random((shape.vocabulary, shape.channels))?)?;
    let ids = Tensor::zeros(tokens, DType::U32, &Device::Cpu)?;
    let forward = || -> Result<Tensor> {
        let trains_all = shape.trains_all();
        let table = if trains_all { table.as_tensor().clone() } else { table.as_detached_tensor() };
        let mut x = embedding(&table, &ids)?;
        for (layer, block) in blocks.iter().enumerate() {
            x = block.forward(&x, &shape, &segments, layer as u64)?;
        }
        let logits = if trains_all { linear(&x, &table, Layout::OutIn, None)? } else { x };
        cross_entropy(&logits, &ids, None)
    };
    let step = least(|| Ok(backward(&inside(forward)?)?))?;
    if json {
        println!(
            r#"{{"threads": {threads}, "operations": {operations}, "gemm_ms": {library}, "own_ms": {own}, "step_ms": {step}}}"#
        );
        return Ok(());
    }
    let forward_time = least(|| Ok(inside(forward)?))?;
    println!("forward{forward_time:>8.1} ms");
    println!(
        "step   {step:>8.1} ms, {:.0} tokens/s; its plain products {library:.1} ms by the `gemm` crate, {own:.1} ms by the \
         kernels",
        tokens as f64 / step * 1e3
    );
    println!("beyond the products: {:.1} % of the step", 100.0 * (1.0 - library.min(own) / step));
    Ok(())
}
