//! Where tensors are computed, and in which precision the base model's are kept.

use crate::error::Error;
use crate::hyperparameters::{DTypeChoice, DeviceChoice};
use candle_core::{DType, Device};
use kernels::Accelerator;

/// The device that was asked for.
///
/// # Errors
/// When it is not there, or this program was built without code for it; never for [`DeviceChoice::Auto`] and
/// [`DeviceChoice::Cpu`].
pub fn open(choice: DeviceChoice) -> Result<Device, Error> {
    match choice {
        DeviceChoice::Cpu => Ok(Device::Cpu),
        DeviceChoice::Cuda => demand(Accelerator::Cuda),
        DeviceChoice::Metal => demand(Accelerator::Metal),
        // A card that is there but does not answer is no reason to refuse work that the processor can do.
        DeviceChoice::Auto => {
            let mut there = [Accelerator::Cuda, Accelerator::Metal].into_iter();
            Ok(there.find_map(|one| one.open().ok()).unwrap_or(Device::Cpu))
        }
    }
}

fn demand(accelerator: Accelerator) -> Result<Device, Error> {
    let refuse =
        |reason| Error::Setting { flag: "--device".to_owned(), value: accelerator.name().to_owned(), reason };
    if !accelerator.is_built() {
        let remedy = match accelerator {
            Accelerator::Cuda => {
                "this program has no code for NVIDIA cards. Install episome-cuda beside it (docs/gpu.md says how), or \
                 take --device cpu"
            }
            Accelerator::Metal => {
                "this program has no code for Apple's graphics processors. Build it with --features metal on a Mac, or \
                 take --device cpu"
            }
        };
        return Err(refuse(remedy.to_owned()));
    }
    accelerator.open().map_err(|error| refuse(format!("no card answers ({error}). Take --device cpu")))
}

/// `cpu`, `cuda` or `metal`.
#[must_use]
pub fn name(device: &Device) -> &'static str {
    match device {
        Device::Cpu => "cpu",
        Device::Cuda(_) => "cuda",
        Device::Metal(_) => "metal",
    }
}

/// The precision of the base model on a device: unless one was asked for, bf16 on a card that has it and f32 elsewhere.
#[must_use]
pub fn precision(choice: DTypeChoice, device: &Device) -> DType {
    match choice {
        DTypeChoice::Auto if kernels::has_bf16(device) => DType::BF16,
        DTypeChoice::Auto | DTypeChoice::F32 => DType::F32,
        DTypeChoice::Bf16 => DType::BF16,
        DTypeChoice::F16 => DType::F16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_card_auto_is_the_processor_in_f32() {
        let device = open(DeviceChoice::Cpu).unwrap();
        assert_eq!(precision(DTypeChoice::Auto, &device), DType::F32);
        assert_eq!(precision(DTypeChoice::F16, &device), DType::F16);
        if !Accelerator::Cuda.is_built() && !Accelerator::Metal.is_built() {
            assert!(open(DeviceChoice::Auto).unwrap().is_cpu());
            let error = open(DeviceChoice::Cuda).unwrap_err().to_string();
            assert!(error.contains("episome-cuda") && error.contains("--device cpu"), "{error}");
        }
    }
}
