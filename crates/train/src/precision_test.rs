//! The recorded training in other precisions and with less memory: the same course within what rounding explains.

use crate::curve_test::{Course, Way, train};
use crate::device;
use crate::hyperparameters::DeviceChoice;
use candle_core::{DType, Device};

fn run(precision: DType, room: usize, factor: Option<f64>) -> Course {
    train(Way { device: Device::Cpu, precision, room, factor })
}

fn exact() -> Course {
    run(DType::F32, usize::MAX, None)
}

/// The largest difference between the losses of two courses, beside the largest loss.
fn apart(one: &Course, other: &Course) -> f64 {
    let losses = |course: &Course| course.steps.iter().map(|step| step.0).collect::<Vec<_>>();
    let (one, other) = (losses(one), losses(other));
    assert_eq!((one.len(), other.len()), (50, 50));
    let largest = one.iter().copied().fold(0.0, f64::max);
    one.iter().zip(&other).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / largest
}

/// Whether a course in half precision begins where that in f32 does, and learns as much.
fn follows(exact: &Course, half: &Course, unit: f64) {
    // On the way through two blocks lie 24 roundings of half a unit each: ten a block, two before them and two behind.
    // If all went one way, the first loss, which no step has changed yet, would be twelve units off.
    let (first, other) = (exact.steps[0].0, half.steps[0].0);
    assert!((first - other).abs() < 12.0 * unit * first, "{first} {other}");
    // What fifty steps make of it has no such bound. What counts is that the loss falls as far, within a tenth.
    let mean = |steps: &[(f64, f64, f64)]| steps.iter().map(|step| step.0).sum::<f64>() / steps.len() as f64;
    let fall = |course: &Course| mean(&course.steps[..10]) - mean(&course.steps[40..]);
    let (expected, found) = (fall(exact), fall(half));
    assert!(expected > 0.0 && (expected - found).abs() < 0.1 * expected, "{expected} {found}");
}

#[test]
fn half_precision_follows_the_course_of_f32() {
    let exact = exact();
    for (precision, unit) in [(DType::BF16, 1.0 / 256.0), (DType::F16, 1.0 / 2048.0)] {
        let half = run(precision, usize::MAX, None);
        assert!(apart(&exact, &half) > 0.0, "{precision:?} was not used");
        follows(&exact, &half, unit);
        assert_eq!(half.state.loss_scale.is_some(), precision == DType::F16);
    }
}

#[test]
fn gradients_that_overflow_in_f16_halve_the_factor_and_lose_no_step() {
    // 2³⁰ times any gradient is beyond f16's 65,504.
    let huge = run(DType::F16, usize::MAX, Some(f64::powi(2.0, 30)));
    let usual = run(DType::F16, usize::MAX, None);
    let scale = huge.state.loss_scale.unwrap();
    assert!(scale.factor < f64::powi(2.0, 24), "{scale:?}");
    assert!(scale.steps > 0);
    assert!(apart(&usual, &huge) < 10.0 / 2048.0);
}

#[test]
fn a_batch_that_does_not_fit_is_computed_in_parts_with_the_same_course() {
    let small = run(DType::F32, 3, None);
    assert_eq!(small.warnings, ["out-of-memory"]);
    assert_eq!(small.state.at_a_time, Some(2));
    // Sums in another order, carried on over fifty steps.
    assert!(apart(&exact(), &small) < 1e-4);
}

#[test]
fn a_graphics_card_follows_the_course_of_the_processor() {
    let device = device::open(DeviceChoice::Auto).unwrap();
    if device.is_cpu() {
        eprintln!("NOT RUN: no graphics card answers here, so none was compared with the processor");
        return;
    }
    let exact = exact();
    let on_card =
        |precision| train(Way { device: device.clone(), precision, room: usize::MAX, factor: None });
    // In f32 both add in other orders.
    assert!(apart(&exact, &on_card(DType::F32)) < 1e-3);
    follows(&exact, &on_card(DType::F16), 1.0 / 2048.0);
    if kernels::has_bf16(&device) {
        follows(&exact, &on_card(DType::BF16), 1.0 / 256.0);
    }
}
