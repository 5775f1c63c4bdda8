//! From numbers to px, and the ticks between.

/// A straight scale.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scale {
    /// The numbers at the ends.
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// The px at the ends.
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) ticks: Vec<f64>,
    step: f64,
    /// Ticks are written divided by ten to this power.
    pub(crate) exponent: i32,
}

impl Scale {
    /// Numbers from `low` to `high` on px from `from` to `to`, with about one tick each `spacing` px. The ends are moved out
    /// to ticks when `rounded`.
    pub(crate) fn new(
        (low, high): (f64, f64),
        (from, to): (f64, f64),
        spacing: f64,
        rounded: bool,
        whole: bool,
    ) -> Self {
        let (low, high) = widen(low, high);
        let wanted = ((to - from).abs() / spacing).max(2.0);
        let mut step = nice((high - low) / wanted);
        if whole {
            step = step.max(1.0).round();
        }
        let (mut low, mut high) = (low, high);
        if rounded {
            low = (low / step + 1e-9).floor() * step;
            high = (high / step - 1e-9).ceil() * step;
        }
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        let ticks = (first..=last).map(|tick| tick as f64 * step).collect();
        let largest = low.abs().max(high.abs());
        let exponent =
            if largest > 0.0 && !(0.01..1e7).contains(&largest) { largest.log10().floor() as i32 } else { 0 };
        Self { low, high, from, to, ticks, step, exponent }
    }

    pub(crate) fn place(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    pub(crate) fn holds(&self, value: f64) -> bool {
        value.is_finite() && value >= self.low - 1e-12 && value <= self.high + 1e-12
    }

    /// A tick's label: as many decimals as the step needs, thousands apart.
    pub(crate) fn label(&self, tick: f64) -> String {
        let power = 10_f64.powi(-self.exponent);
        let step = self.step * power;
        let decimals = (0..12).find(|&decimals| {
            let scaled = step * 10_f64.powi(decimals);
            (scaled - scaled.round()).abs() < 1e-6 * scaled
        });
        number(tick * power, decimals.unwrap_or(12) as usize)
    }

    /// What belongs behind the axis' label: " (× 0.0001)", or nothing.
    pub(crate) fn factor(&self) -> String {
        match self.exponent {
            0 => String::new(),
            -6..=-1 => {
                format!(" (× {})", number(10_f64.powi(self.exponent), self.exponent.unsigned_abs() as usize))
            }
            exponent => format!(" (× 10^{})", number(f64::from(exponent), 0)),
        }
    }
}

/// A range of some width around what may be a single number.
fn widen(low: f64, high: f64) -> (f64, f64) {
    if high > low {
        return (low, high);
    }
    let margin = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
    (low - margin, low + margin)
}

/// The nearest of 1, 2, 2.5, 5 times a power of ten that is not smaller.
fn nice(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let share = step / power;
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|&nice| share <= nice + 1e-9).unwrap_or(10.0) * power
}

/// A number with a true minus sign and thousands apart.
pub(crate) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut apart = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    if let Some(rest) = rest {
        apart.push('.');
        apart.push_str(rest);
    }
    let nothing = apart.chars().all(|character| matches!(character, '0' | '.'));
    if value < 0.0 && !nothing { format!("−{apart}") } else { apart }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, whole: bool) -> Vec<String> {
        let scale = Scale::new((low, high), (0.0, 300.0), 60.0, true, whole);
        scale.ticks.iter().map(|&tick| scale.label(tick)).collect()
    }

    #[test]
    fn ticks_are_round_numbers_with_the_decimals_they_need() {
        assert_eq!(labels(0.0, 1.0, false), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(0.31, 0.69, false), ["0.3", "0.4", "0.5", "0.6", "0.7"]);
        assert_eq!(labels(0.0, 3.0, true), ["0", "1", "2", "3"]);
        assert_eq!(labels(100.0, 19_000.0, false), ["0", "5,000", "10,000", "15,000", "20,000"]);
        assert_eq!(labels(-0.2, 0.2, false), ["−0.2", "−0.1", "0.0", "0.1", "0.2"]);
        assert_eq!(labels(0.0, 0.24, false), ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25"]);
        assert_eq!(labels(0.451_234_1, 0.451_234_3, false)[..2], ["0.45123410", "0.45123415"]);
    }

    #[test]
    fn small_numbers_share_a_power_of_ten() {
        let scale = Scale::new((0.0, 0.0003), (300.0, 0.0), 60.0, true, false);
        assert_eq!(scale.factor(), " (× 0.0001)");
        assert_eq!(scale.label(0.0003), "3");
    }

    #[test]
    fn a_single_number_still_has_a_scale() {
        let scale = Scale::new((300.0, 300.0), (0.0, 100.0), 40.0, false, false);
        assert!(scale.place(300.0).is_finite() && !scale.ticks.is_empty());
        assert!(Scale::new((0.0, 0.0), (0.0, 100.0), 40.0, true, true).place(0.0).is_finite());
    }
}
