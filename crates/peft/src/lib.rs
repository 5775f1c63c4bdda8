//! Parameter-efficient fine-tuning: the methods, one file each, and the adapter folder of Python's `peft`.
//!
//! A method's settings ([`LoraConfig`]) decide which modules of a base model it adapts and which tensors it adds. An
//! [`Adapter`] is the method at work: it answers at the model's hooks, holds what is trained, and reads and writes the
//! files that `peft` reads and writes, tensor for tensor. The architectures are the `models` crate's; training is
//! `train`'s.
//!
//! ```
//! use candle_core::Device;
//! use episome_peft::{Adapter, LoraConfig, Targets, count};
//! use models::{Base, Batch, Config, Context, Gpt2Config, Task};
//!
//! let task = Task::SequenceClassification { labels: 2 };
//! let lora = LoraConfig { r: 8, target_modules: Some(Targets::list(["c_attn"])), ..LoraConfig::default() };
//! let counted = count(&lora, &Config::Gpt2(Gpt2Config::small(30_000)), task)?;
//! assert_eq!((counted.trainable, counted.all), (296_448, 109_180_416)); // what peft prints
//!
//! let shape = Gpt2Config { n_layer: 2, n_embd: 32, n_head: 4, n_positions: 64, ..Gpt2Config::small(100) };
//! let mut base = Base::random(Config::Gpt2(shape), 42, &Device::Cpu)?;
//! let adapter = Adapter::new(&lora, &mut base, task, "my/base", 42)?;
//! let model = base.build(task)?;
//! let batch = Batch::packed(&[&[5, 6, 7], &[8, 9]], None, &Device::Cpu)?;
//! let logits = model.forward(&batch, &Context { hook: &adapter, dropout_seed: None })?;
//! assert_eq!(logits.dims(), [2, 2]);
//! # Ok::<(), episome_peft::Error>(())
//! ```

mod adapter;
mod adapter_file;
mod card;
mod error;
mod folder;
mod lora;
mod lora_json;
mod method;
mod plan;
mod targets;

pub use adapter::{Adapter, Parameter, merge};
pub use card::Card;
pub use error::{Error, Result};
pub use folder::{
    AdapterFolder, AdapterLabels, LOAD_ADAPTER, SelfTest, read_base_name, read_labels, read_profile,
    read_self_test,
};
pub use lora::{Bias, LoraConfig};
pub use method::{Attached, Method};
pub use plan::{BaseTensor, Count, Initial, MethodPlan, NewTensor, count};
pub use targets::{Selection, Targets, match_modules};
