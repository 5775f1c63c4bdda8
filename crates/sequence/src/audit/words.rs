//! Numbers and the words around them, for the sentences of an audit.

/// "1 record", "2,000 records".
pub(super) fn counted(count: u64, one: &str) -> String {
    format!("{} {one}{}", thousands(count), if count == 1 { "" } else { "s" })
}

/// A number with commas between thousands.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share as per cent with as many digits as it needs.
pub(super) fn percent(fraction: f64) -> String {
    let value = fraction * 100.0;
    if value == 0.0 || value >= 10.0 { format!("{value:.0} %") } else { format!("{value:.2} %") }
}

pub(super) fn was(count: u64, one: &str) -> String {
    format!("{} {}", counted(count, one), if count == 1 { "was" } else { "were" })
}

pub(super) fn has(count: u64, one: &str) -> String {
    format!("{} {}", counted(count, one), if count == 1 { "has" } else { "have" })
}

pub(super) fn carry(count: u64) -> String {
    format!("{} {}", counted(count, "sequence"), if count == 1 { "carries" } else { "carry" })
}

pub(super) fn hold(count: u64) -> String {
    format!("{} {}", counted(count, "record"), if count == 1 { "holds" } else { "hold" })
}

pub(super) fn bear(count: u64) -> String {
    format!("{} {}", counted(count, "record"), if count == 1 { "carries" } else { "carry" })
}
