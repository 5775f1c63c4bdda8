//! Differentiable operations that candle lacks or does slowly.
//!
//! Each operation is one function and lives in one file with its backward pass, what it keeps for it, a gradient
//! check and a comparison with the same formula composed of candle's own operations. On the CPU in f32 they are
//! fused, run on all threads and choose their instructions at run time; on NVIDIA's cards (feature `cuda`) they are fused
//! in f32, bf16 and f16; on every other device and dtype the composition runs. A tensor that is not tracked never costs
//! a gradient.
//!
//! What an operation means for a model (which weight, which layer) is left to `models`; how gradients become steps
//! beyond a single parameter's update is left to `train`.
//!
//! ```
//! use candle_core::{Device, Tensor, Var};
//! use episome_kernels::{Layout, backward, cross_entropy, linear};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let x = Tensor::new(&[[1f32, 2.0], [3.0, 4.0]], &Device::Cpu)?; // (T, in)
//! let weight = Var::zeros((3, 2), candle_core::DType::F32, &Device::Cpu)?; // (out, in)
//! let logits = linear(&x, &weight, Layout::OutIn, None)?;
//! let loss = cross_entropy(&logits, &Tensor::new(&[0u32, 2], &Device::Cpu)?, None)?;
//! assert!((loss.to_scalar::<f32>()? - 3f32.ln()).abs() < 1e-6);
//! assert_eq!(backward(&loss)?.get(&weight).map(|gradient| gradient.dims().to_vec()), Some(vec![3, 2]));
//! # Ok(())
//! # }
//! ```

mod adamw;
mod add;
mod attention;
mod backward;
mod cast;
#[cfg(test)]
mod check;
mod cross_entropy;
mod device;
mod dropout;
mod embedding;
mod error;
mod gelu;
#[cfg_attr(not(feature = "cuda"), allow(dead_code, reason = "without a card nobody looks into a launch"))]
mod gpu;
mod graph;
mod host;
mod layer_norm;
mod linear;
mod lora;
mod memory;
mod norm;
mod parts;
mod product;
mod segments;
mod simd;
mod threads;
mod tile;
mod transpose;

pub use adamw::{AdamW, Moments, adamw_update};
pub use add::add;
pub use attention::attention;
pub use backward::{backward, backward_from};
pub use cast::cast;
pub use cross_entropy::cross_entropy;
pub use device::{Accelerator, Card, card, has_bf16};
pub use dropout::{Dropout, dropout};
pub use embedding::embedding;
pub use error::{Error, Result};
pub use gelu::gelu_tanh;
pub use graph::without_gradients;
pub use layer_norm::layer_norm;
pub use linear::{Layout, linear};
pub use lora::{LoraTerm, lora_linear};
pub use memory::keep_freed_memory;
pub use norm::{clip_coefficient, global_norm};
pub use parts::{in_parts, is_out_of_memory};
pub use segments::Segments;
pub use simd::{Instructions, instructions, limit_instructions};
pub use threads::{inside, set_threads};
