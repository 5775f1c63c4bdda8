//! Random tensors that depend on a seed and a name, and on nothing else.
//!
//! Every element is a hash of (seed, tensor name, element index), so neither the order in which tensors are made nor
//! the number of threads changes a bit, and no generator state has to be saved.

use candle_core::{Device, Shape, Tensor};
use rayon::prelude::*;

use crate::Result;

/// The 64-bit FNV-1a hash of `name`.
#[must_use]
pub fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// One seed from a seed and a site: the finaliser of SplitMix64 (Steele, Lea and Flood 2014) over both.
#[must_use]
pub fn mix(seed: u64, site: u64) -> u64 {
    let mut bits =
        seed.wrapping_add(site.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A number in [0, 1) with 53 bits.
fn unit(seed: u64, counter: u64) -> f64 {
    (mix(seed, counter) >> 11) as f64 / (1u64 << 53) as f64
}

/// A float tensor, f32, uniform in [-bound, bound).
pub fn uniform(
    seed: u64,
    name: &str,
    shape: impl Into<Shape>,
    bound: f64,
    device: &Device,
) -> Result<Tensor> {
    let shape = shape.into();
    let seed = mix(seed, name_hash(name));
    let values: Vec<f32> = (0..shape.elem_count() as u64)
        .into_par_iter()
        .map(|index| ((2.0 * unit(seed, index) - 1.0) * bound) as f32)
        .collect();
    Ok(Tensor::from_vec(values, shape, device)?)
}

/// A float tensor, f32, normal with mean 0 and the given standard deviation (Box and Muller 1958).
pub fn normal(
    seed: u64,
    name: &str,
    shape: impl Into<Shape>,
    deviation: f64,
    device: &Device,
) -> Result<Tensor> {
    let shape = shape.into();
    let seed = mix(seed, name_hash(name));
    let values: Vec<f32> = (0..shape.elem_count() as u64)
        .into_par_iter()
        .map(|index| {
            let radius = (-2.0 * (1.0 - unit(seed, 2 * index)).ln()).sqrt();
            let angle = std::f64::consts::TAU * unit(seed, 2 * index + 1);
            (radius * angle.cos() * deviation) as f32
        })
        .collect();
    Ok(Tensor::from_vec(values, shape, device)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_has_the_moments_it_promises() {
        let values = normal(7, "w", 100_000, 0.02, &Device::Cpu).unwrap().to_vec1::<f32>().unwrap();
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / 1e5;
        let variance = values.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / 1e5 - mean * mean;
        // Standard errors: 0.02/√1e5 = 6e-5 for the mean, 0.02/√2e5 = 4.5e-5 for the deviation; four of each.
        assert!(mean.abs() < 2.6e-4, "{mean}");
        assert!((variance.sqrt() - 0.02).abs() < 1.8e-4, "{}", variance.sqrt());
    }

    #[test]
    fn names_and_seeds_give_different_tensors() {
        let draw = |seed, name| uniform(seed, name, 8, 1.0, &Device::Cpu).unwrap().to_vec1::<f32>().unwrap();
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
        assert!(draw(1, "a").iter().all(|value| (-1.0..1.0).contains(value)));
    }
}
