//! Instructions chosen at run time: AVX-512, AVX2, or what the build's target has (SSE2, NEON).
//!
//! A function declared by `vectorised!` is plain Rust over slices, compiled once per instruction set; LLVM vectorises
//! each copy. `FMA` is true in the copies whose target multiplies and adds in one instruction.

use std::sync::atomic::{AtomicU8, Ordering};

/// The instruction sets that the kernels have code for, each with what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Instructions {
    /// What the build's target has: SSE2 on x86, NEON on ARM.
    Baseline,
    /// AVX2 with fused multiply-add (x86, since 2013).
    Avx2,
    /// AVX-512 with its F, BW, DQ and VL parts (x86 servers, since 2017).
    Avx512,
}

/// What the kernels use, as a number of [`Instructions`]; [`UNKNOWN`] until somebody asks.
static CHOSEN: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = u8::MAX;

/// Lets the kernels use no more than these instructions, though the machine may have more. For comparisons: the results
/// agree within rounding.
pub fn limit_instructions(most: Instructions) {
    CHOSEN.store(most.min(machine()) as u8, Ordering::Relaxed);
}

/// What the kernels use here: the most that the machine has and that is allowed.
#[inline(always)]
pub fn instructions() -> Instructions {
    const BASELINE: u8 = Instructions::Baseline as u8;
    const AVX2: u8 = Instructions::Avx2 as u8;
    const AVX512: u8 = Instructions::Avx512 as u8;
    match CHOSEN.load(Ordering::Relaxed) {
        BASELINE => Instructions::Baseline,
        AVX2 => Instructions::Avx2,
        AVX512 => Instructions::Avx512,
        _ => choose(),
    }
}

#[cold]
fn choose() -> Instructions {
    let most = machine();
    // Unless a limit has been set meanwhile.
    match CHOSEN.compare_exchange(UNKNOWN, most as u8, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => most,
        Err(_) => instructions(),
    }
}

/// What this machine can run.
fn machine() -> Instructions {
    #[cfg(target_arch = "x86_64")]
    {
        // Every AVX-512 machine since 2017 has these four together.
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
        {
            return Instructions::Avx512;
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return Instructions::Avx2;
        }
    }
    Instructions::Baseline
}

/// Whether the build's own target has a fused multiply-add instruction.
pub(crate) const BASELINE_FMA: bool = cfg!(any(target_arch = "aarch64", target_feature = "fma"));

/// Declares a function with a copy for each instruction set and a choice at each call.
macro_rules! vectorised {
    ($(#[$meta:meta])* $visibility:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block) => {
        $(#[$meta])*
        #[allow(unsafe_code, unused_mut, clippy::too_many_arguments)]
        $visibility fn $name($($argument: $type),*) $(-> $result)? {
            #[inline(always)]
            fn body<const FMA: bool>($($argument: $type),*) $(-> $result)? $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
                fn avx512($($argument: $type),*) $(-> $result)? { body::<true>($($argument),*) }
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($argument: $type),*) $(-> $result)? { body::<true>($($argument),*) }
                match $crate::simd::instructions() {
                    // SAFETY: instructions() has seen that this machine has them.
                    $crate::simd::Instructions::Avx512 => return unsafe { avx512($($argument),*) },
                    // SAFETY: as above.
                    $crate::simd::Instructions::Avx2 => return unsafe { avx2($($argument),*) },
                    $crate::simd::Instructions::Baseline => {}
                }
            }
            body::<{ $crate::simd::BASELINE_FMA }>($($argument),*)
        }
    };
}
pub(crate) use vectorised;

/// a·b + c, in one instruction where there is one. Without it `mul_add` would call a library function.
#[inline(always)]
pub(crate) fn fma<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// eˣ, within 2 units in the last place; 0 below −87.33, where f32 has no normal number, +∞ never: above 88 it stays
/// at e⁸⁸. NaN stays NaN. The polynomial is that of Cephes' `expf` (Moshier 1992).
#[inline(always)]
pub(crate) fn exp<const FMA: bool>(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5·2²³: adding it leaves the rounded integer in the low bits
    let bounded = if x > 88.0 { 88.0 } else { x };
    let bounded = if bounded < -87.33 { -87.33 } else { bounded };
    let shifted = fma::<FMA>(bounded, std::f32::consts::LOG2_E, ROUND);
    let whole = shifted - ROUND;
    // ln 2 in two parts, the first exact in few bits.
    let rest = fma::<FMA>(whole, -0.693_359_4, bounded);
    let rest = fma::<FMA>(whole, 2.121_944_4e-4, rest);
    let mut polynomial = 1.987_569_1e-4;
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        polynomial = fma::<FMA>(polynomial, rest, coefficient);
    }
    let mantissa = fma::<FMA>(polynomial, rest * rest, rest) + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    let result = mantissa * f32::from_bits(exponent);
    if x < -87.33 { 0.0 } else { result }
}

/// The number of partial sums in a reduction: a fixed number, so that every instruction set adds in one order.
pub(crate) const LANES: usize = 16;

/// Σ f(a, b) over two slices of one length, in [`LANES`] partial sums.
#[inline(always)]
pub(crate) fn sum(a: &[f32], b: &[f32], f: impl Fn(f32, f32) -> f32) -> f32 {
    let mut partial = [0f32; LANES];
    let (mut a, mut b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    for (a, b) in (&mut a).zip(&mut b) {
        for ((partial, a), b) in partial.iter_mut().zip(a).zip(b) {
            *partial += f(*a, *b);
        }
    }
    for ((partial, a), b) in partial.iter_mut().zip(a.remainder()).zip(b.remainder()) {
        *partial += f(*a, *b);
    }
    fold(partial, |a, b| a + b)
}

/// Halves with halves, until one is left.
#[inline(always)]
fn fold(mut partial: [f32; LANES], f: impl Fn(f32, f32) -> f32) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            partial[lane] = f(partial[lane], partial[lane + width]);
        }
        width /= 2;
    }
    partial[0]
}

/// The largest of the values; −∞ for none. NaN is passed over.
#[inline(always)]
pub(crate) fn largest(values: &[f32]) -> f32 {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let mut partial = [f32::NEG_INFINITY; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (partial, value) in partial.iter_mut().zip(chunk) {
            *partial = larger(*partial, *value);
        }
    }
    for (partial, value) in partial.iter_mut().zip(chunks.remainder()) {
        *partial = larger(*partial, *value);
    }
    fold(partial, larger)
}

#[cfg(test)]
mod tests {
    use super::*;

    vectorised! {
        fn exp_all(values: &mut [f32]) {
            for value in values {
                *value = exp::<FMA>(*value);
            }
        }
    }

    #[test]
    fn exp_is_accurate_to_two_units_in_the_last_place() {
        let inputs: Vec<f32> = (0..2_000_000).map(|i| -87.3 + i as f32 * (175.0 / 2e6)).collect();
        let mut outputs = inputs.clone();
        exp_all(&mut outputs);
        let worst = inputs.iter().zip(&outputs).map(|(input, output)| {
            let exact = f64::from(*input).exp();
            (f64::from(*output) / exact - 1.0).abs()
        });
        let worst = worst.fold(0.0, f64::max);
        assert!(worst < 2.0 * f64::from(f32::EPSILON), "{worst:e}");
    }

    #[test]
    fn exp_keeps_the_ends() {
        let mut values = [f32::NEG_INFINITY, -200.0, 0.0, f32::NAN, 200.0];
        exp_all(&mut values);
        assert_eq!(values[..3], [0.0, 0.0, 1.0]);
        assert!(values[3].is_nan() && values[4] > 1e38 && values[4].is_finite());
    }
}
