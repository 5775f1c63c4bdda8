//! How numbers are written, in one place, so that the same number looks the same everywhere.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// A score: three decimals; "not defined" is a dash.
#[must_use]
pub fn score(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| sign(format!("{value:.3}")))
}

/// A difference of scores, always with its sign; below 0.0005 with a fourth decimal, so that it never reads as nothing.
#[must_use]
pub fn difference(value: f64) -> String {
    let text =
        if value != 0.0 && value.abs() < 0.000_5 { format!("{value:+.4}") } else { format!("{value:+.3}") };
    sign(text)
}

/// A true minus sign, and none before zero.
fn sign(text: String) -> String {
    let digits = text.trim_start_matches(['-', '+']);
    if digits.chars().all(|character| matches!(character, '0' | '.')) {
        return digits.to_owned();
    }
    text.replace('-', "−")
}

/// Thousands set apart by commas.
#[must_use]
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A moment for people, "23 November 2026, 23:21 UTC", from RFC 3339 in UTC; anything else stays as it is.
#[must_use]
pub fn moment(stamp: &str) -> String {
    let words = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
    OffsetDateTime::parse(stamp, &Rfc3339)
        .ok()
        .and_then(|moment| moment.format(&words).ok())
        .unwrap_or_else(|| stamp.to_owned())
}

/// "1 record", "5,920 records".
#[must_use]
pub fn plural(value: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(value), if value == 1 { "" } else { "s" })
}

/// A share in percent, one decimal.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.1} %", 100.0 * part as f64 / whole as f64) }
}

/// A duration as people say it: "48 s", "12 min 5 s", "2 h 3 min".
#[must_use]
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "–".to_owned();
    }
    if seconds < 10.0 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round() as u64;
    match (whole / 3_600, whole / 60 % 60, whole % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(score(Some(0.836_317)), "0.836");
        assert_eq!(score(Some(-0.05)), "−0.050");
        assert_eq!(score(Some(-0.000_1)), "0.000");
        assert_eq!(score(None), "–");
        assert_eq!(difference(0.031_9), "+0.032");
        assert_eq!(difference(-0.000_31), "−0.0003");
        assert_eq!(difference(0.0), "0.000");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
        assert_eq!(plural(1, "record"), "1 record");
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!(duration(3_725.0), "1 h 2 min");
        assert_eq!(duration(59.6), "1 min 0 s");
    }
}
