//! L-BFGS (Liu & Nocedal, Math. Program. 45:503, 1989) with a line search for the strong Wolfe conditions (Nocedal &
//! Wright, Numerical Optimization, 2006, algorithms 3.5, 3.6 and 7.5).

/// Pairs of steps and gradient changes that are kept.
const MEMORY: usize = 10;
/// Sufficient decrease and curvature, as Nocedal & Wright advise for quasi-Newton directions.
const DECREASE: f64 = 1e-4;
const CURVATURE: f64 = 0.9;

/// A minimum found.
#[derive(Debug, Clone)]
pub(super) struct Minimum {
    pub(super) point: Vec<f64>,
    pub(super) iterations: usize,
}

/// Value and gradient at a point, or nothing when the work was stopped.
type Objective<'a> = dyn Fn(&[f64]) -> Option<(f64, Vec<f64>)> + 'a;

/// Walks from `start` until no component of the gradient is larger than `tolerance`, or `iterations` steps were taken, or
/// no step makes the value smaller. `None` when the objective was stopped.
pub(super) fn minimise(
    objective: &Objective<'_>,
    start: Vec<f64>,
    tolerance: f64,
    iterations: usize,
) -> Option<Minimum> {
    let mut point = start;
    let (mut value, mut gradient) = objective(&point)?;
    let mut memory: std::collections::VecDeque<(Vec<f64>, Vec<f64>, f64)> = std::collections::VecDeque::new();
    for iteration in 0..iterations {
        if gradient.iter().all(|component| component.abs() <= tolerance) {
            return Some(Minimum { point, iterations: iteration });
        }
        let mut direction = descent(&gradient, &memory);
        let mut slope = dot(&direction, &gradient);
        if slope >= 0.0 {
            memory.clear();
            direction = gradient.iter().map(|component| -component).collect();
            slope = -dot(&gradient, &gradient);
        }
        let first = if memory.is_empty() { 1.0 / dot(&gradient, &gradient).sqrt().max(1.0) } else { 1.0 };
        let Some(step) = search(objective, &point, &direction, value, slope, first)? else {
            return Some(Minimum { point, iterations: iteration });
        };
        let moved: Vec<f64> = direction.iter().map(|component| component * step.length).collect();
        let change: Vec<f64> = step.gradient.iter().zip(&gradient).map(|(new, old)| new - old).collect();
        let curvature = dot(&moved, &change);
        point.iter_mut().zip(&moved).for_each(|(component, moved)| *component += moved);
        if curvature > f64::EPSILON * dot(&change, &change) {
            if memory.len() == MEMORY {
                memory.pop_front();
            }
            memory.push_back((moved, change, curvature));
        }
        (value, gradient) = (step.value, step.gradient);
    }
    Some(Minimum { point, iterations })
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// −H·gradient by the two-loop recursion.
fn descent(gradient: &[f64], memory: &std::collections::VecDeque<(Vec<f64>, Vec<f64>, f64)>) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|component| -component).collect();
    let mut shares = Vec::with_capacity(memory.len());
    for (moved, change, curvature) in memory.iter().rev() {
        let share = dot(moved, &direction) / curvature;
        direction.iter_mut().zip(change).for_each(|(component, change)| *component -= share * change);
        shares.push(share);
    }
    if let Some((_, change, curvature)) = memory.back() {
        let scale = curvature / dot(change, change);
        direction.iter_mut().for_each(|component| *component *= scale);
    }
    for ((moved, change, curvature), share) in memory.iter().zip(shares.into_iter().rev()) {
        let correction = share - dot(change, &direction) / curvature;
        direction.iter_mut().zip(moved).for_each(|(component, moved)| *component += correction * moved);
    }
    direction
}

struct Step {
    length: f64,
    value: f64,
    slope: f64,
    gradient: Vec<f64>,
}

/// A step along `direction` that meets the strong Wolfe conditions; `Some(None)` when there is none to be found.
fn search(
    objective: &Objective<'_>,
    point: &[f64],
    direction: &[f64],
    value: f64,
    slope: f64,
    first: f64,
) -> Option<Option<Step>> {
    let at = |length: f64| -> Option<Step> {
        let place: Vec<f64> =
            point.iter().zip(direction).map(|(place, component)| place + length * component).collect();
        let (value, gradient) = objective(&place)?;
        Some(Step { length, value, slope: dot(&gradient, direction), gradient })
    };
    let enough = |step: &Step| step.value <= value + DECREASE * step.length * slope;
    let flat = |step: &Step| step.slope.abs() <= -CURVATURE * slope;
    let mut low = Step { length: 0.0, value, slope, gradient: Vec::new() };
    let mut length = first;
    let mut high = loop {
        let step = at(length)?;
        if !enough(&step) || (low.length > 0.0 && step.value >= low.value) {
            break step;
        }
        if flat(&step) {
            return Some(Some(step));
        }
        if step.slope >= 0.0 {
            break std::mem::replace(&mut low, step);
        }
        if length > 1e6 {
            return Some(Some(step));
        }
        length *= 2.0;
        low = step;
    };
    for _ in 0..30 {
        let step = at(between(&low, &high))?;
        if !enough(&step) || step.value >= low.value {
            high = step;
        } else {
            if flat(&step) {
                return Some(Some(step));
            }
            if step.slope * (high.length - low.length) >= 0.0 {
                high = std::mem::replace(&mut low, step);
            } else {
                low = step;
            }
        }
    }
    Some((low.length > 0.0).then_some(low))
}

/// Where the cubic through two values and slopes has its minimum, kept away from both ends.
fn between(low: &Step, high: &Step) -> f64 {
    let width = high.length - low.length;
    let bend = low.slope + high.slope - 3.0 * (low.value - high.value) / (low.length - high.length);
    let root = (bend * bend - low.slope * high.slope).sqrt() * width.signum();
    let share = 1.0 - (high.slope + root - bend) / (high.slope - low.slope + 2.0 * root);
    low.length + width * if share.is_finite() { share.clamp(0.1, 0.9) } else { 0.5 }
}
