//! What the CUDA driver tells of a card.

use super::Card;
use candle_core::{Device, cuda_backend::cudarc::driver::sys::CUdevice_attribute};

pub(super) fn of(device: &Device) -> Option<Card> {
    let Device::Cuda(device) = device else {
        return None;
    };
    let stream = device.cuda_stream();
    let context = stream.context();
    let (free, total) = context.mem_get_info().ok()?;
    let attribute = |name| context.attribute(name).ok().and_then(|value| u32::try_from(value).ok());
    Some(Card {
        name: context.name().ok()?,
        total_bytes: total as u64,
        free_bytes: free as u64,
        capability: (
            attribute(CUdevice_attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)?,
            attribute(CUdevice_attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)?,
        ),
    })
}

/// Spares the events with which cudarc orders what several streams do.
#[allow(unsafe_code)]
pub(super) fn uses_one_stream(device: &Device) {
    if let Device::Cuda(device) = device {
        // SAFETY: every tensor of this device is made, used and freed on its one stream.
        unsafe { device.disable_event_tracking() };
    }
}
