//! The devices that tensors can be computed on.
//!
//! Features `cuda` and `metal` put a graphics card's code into the program. What needs the CUDA library itself is in one
//! of two modules with the same face.

use candle_core::Device;

#[cfg_attr(feature = "cuda", path = "device/cuda.rs")]
#[cfg_attr(not(feature = "cuda"), path = "device/absent.rs")]
mod card;

/// A kind of graphics card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accelerator {
    /// NVIDIA's.
    Cuda,
    /// Apple's.
    Metal,
}

/// A graphics card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its name as the driver tells it.
    pub name: String,
    /// All of its memory, in bytes.
    pub total_bytes: u64,
    /// What is free of it now, in bytes.
    pub free_bytes: u64,
    /// NVIDIA's compute capability: major and minor.
    pub capability: (u32, u32),
}

impl Accelerator {
    /// Whether this program was built with code for such cards.
    pub fn is_built(self) -> bool {
        match self {
            Self::Cuda => candle_core::utils::cuda_is_available(),
            Self::Metal => candle_core::utils::metal_is_available(),
        }
    }

    /// Its name in settings: `cuda` or `metal`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cuda => "cuda",
            Self::Metal => "metal",
        }
    }

    /// Opens the first such card. An error where there is none, or this program has no code for it.
    pub fn open(self) -> candle_core::Result<Device> {
        match self {
            Self::Cuda => {
                // One stream for all threads: with candle's default, a stream for each thread, what one thread computes
                // would not wait for what another has not finished.
                let device = Device::new_cuda_with_stream(0)?;
                card::uses_one_stream(&device);
                Ok(device)
            }
            Self::Metal => Device::new_metal(0),
        }
    }
}

/// What the card of a device is; `None` on a processor, and where nothing is told.
pub fn card(device: &Device) -> Option<Card> {
    card::of(device)
}

/// Whether a device computes in bf16 as fast as in f16: NVIDIA's cards from compute capability 8.0 on.
pub fn has_bf16(device: &Device) -> bool {
    card(device).is_some_and(|card| card.capability >= (8, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_that_is_not_there_is_an_error_and_one_that_is_tells_of_itself() {
        for accelerator in [Accelerator::Cuda, Accelerator::Metal] {
            match accelerator.open() {
                Ok(device) => {
                    assert!(accelerator.is_built() && !device.is_cpu());
                    assert!(accelerator == Accelerator::Metal || card(&device).is_some());
                }
                Err(error) => eprintln!("{}: no card, nothing was run on one ({error})", accelerator.name()),
            }
        }
        assert_eq!(card(&Device::Cpu), None);
        assert!(!has_bf16(&Device::Cpu));
    }
}
