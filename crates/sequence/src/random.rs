//! Counter-based randomness: a value is a hash of a seed and a counter, so nothing has a state to save.

/// A 64-bit hash of a seed and a counter: two rounds of SplitMix64's finalizer (Steele, Lea and Flood, 2014).
pub(crate) fn mix(seed: u64, counter: u64) -> u64 {
    finalize(finalize(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)) ^ counter.wrapping_mul(0xd1b5_4a32_d192_ed03))
}

fn finalize(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
