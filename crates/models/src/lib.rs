//! The architectures, their named modules and how their weights are loaded.
//!
//! A [`Base`] is a configuration and its weights by name, read from a folder as the Hub has it or made at random. Built
//! for a [`Task`] it is a [`Model`], which turns a [`Batch`] of token ids, packed without padding, into logits. The
//! numbers are those of transformers.
//!
//! The architectures know no method of fine-tuning: at seven points they ask a [`Hook`]. The methods and the adapter
//! folder are the `peft` crate's; tokens come from `tokenizer`; the arithmetic and its gradients from `kernels`.
//!
//! ```
//! use candle_core::Device;
//! use episome_models::{Base, Batch, Config, Context, Gpt2Config, Task};
//!
//! let shape = Gpt2Config { n_layer: 2, n_embd: 32, n_head: 4, n_positions: 64, ..Gpt2Config::small(100) };
//! let mut base = Base::random(Config::Gpt2(shape), 42, &Device::Cpu)?;
//! base.new_head(2, 42)?;
//!
//! let model = base.build(Task::SequenceClassification { labels: 2 })?;
//! let batch = Batch::packed(&[&[5, 6, 7], &[8, 9]], None, &Device::Cpu)?;
//! let logits = model.forward(&batch, &Context::inference())?;
//! assert_eq!(logits.dims(), [2, 2]);
//! # Ok::<(), episome_models::Error>(())
//! ```

mod activation;
mod base;
mod batch;
mod config;
mod describe;
mod error;
mod family;
mod gpt2;
mod gpt2_config;
mod hook;
mod layers;
mod load;
mod module;
mod pickle;
mod pickle_file;
pub mod random;
mod safetensors_file;
mod weights;

pub use activation::Activation;
pub use base::{Base, Embedded, Model};
pub use batch::Batch;
pub use config::Config;
pub use describe::{Description, describe};
pub use error::{Error, Result};
pub use gpt2_config::Gpt2Config;
pub use hook::{Context, Hook, NoHook};
pub use layers::{LayerNorm, Linear};
pub use load::read_tensors;
pub use module::{Module, ModuleKind, Task};
pub use safetensors_file::{SafetensorsFile, write_aside, write_tensors};
pub use weights::Weights;
