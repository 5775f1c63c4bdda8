//! A model made of the kernels gives the same numbers by any instructions that the machine has, the plain ones too.

mod model;

use episome_kernels::{Instructions, instructions, limit_instructions};

#[test]
fn every_instruction_set_gives_the_same_numbers_within_rounding() {
    let most = instructions();
    let (norm, values) = model::run().unwrap();
    for less in [Instructions::Baseline, Instructions::Avx2].into_iter().filter(|less| *less < most) {
        limit_instructions(less);
        assert_eq!(instructions(), less);
        let (other_norm, other_values) = model::run().unwrap();
        assert!(
            (other_norm / norm - 1.0).abs() < 1e-5,
            "{less:?}: the norm is {other_norm}, by {most:?} {norm}"
        );
        for (variable, (other, values)) in other_values.iter().zip(&values).enumerate() {
            let largest = values.iter().fold(0f32, |most, value| most.max(value.abs()));
            for (other, value) in other.iter().zip(values) {
                // AVX2 multiplies and adds in one instruction as AVX-512 does, in the same order. The plain code rounds
                // twice, and the softmax's gradient is a small difference of sums: 6e-5 was seen.
                let tolerance = if less == Instructions::Avx2 { 0.0 } else { 1e-4 * largest };
                assert!(
                    (other - value).abs() <= tolerance,
                    "{less:?}, {variable}: {other}, by {most:?} {value}"
                );
            }
        }
    }
}
