//! Small pieces of text for people.

/// Rows with their columns aligned; numbers to the right. The first row is the header.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &Vec<String>, column: usize| row.get(column).cloned().unwrap_or_default();
    let mut text = String::new();
    let layout: Vec<(usize, bool)> = (0..columns)
        .map(|column| {
            let width = rows.iter().map(|row| cell(row, column).chars().count()).max().unwrap_or(0);
            let body = || rows.iter().skip(1).map(|row| cell(row, column)).filter(|cell| !cell.is_empty());
            let numeric = body().next().is_some() && body().all(|cell| is_number(&cell));
            (width, numeric)
        })
        .collect();
    for row in rows {
        let mut line = String::new();
        for (column, (width, numeric)) in layout.iter().enumerate() {
            let cell = cell(row, column);
            let padding = " ".repeat(width - cell.chars().count());
            if column > 0 {
                line.push_str("  ");
            }
            if *numeric {
                line.push_str(&padding);
                line.push_str(&cell);
            } else {
                line.push_str(&cell);
                line.push_str(&padding);
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn is_number(cell: &str) -> bool {
    let digits = cell.trim_end_matches(['%', ' ']);
    !digits.is_empty()
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | 'e'))
}

/// `1234567` as `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes in the unit that a person would choose.
pub fn bytes(number: u64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"];
    let mut value = number as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{number} bytes") } else { format!("{value:.1} {}", units[unit]) }
}

/// Seconds in words: `42 s`, `3 min 20 s`, `2 h 5 min`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..60 => {
            if seconds < 10.0 {
                format!("{seconds:.1} s")
            } else {
                format!("{whole} s")
            }
        }
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

/// `1 sequence`, `2 sequences`.
pub fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", grouped(number)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_numbers_stand_right() {
        let rows = [["label", "records"], ["EI", "767"], ["neither", "1655"]];
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        assert_eq!(table(&rows), "label    records\nEI           767\nneither     1655\n");
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(grouped(109_180_416), "109,180,416");
        assert_eq!(grouped(12), "12");
        assert_eq!(bytes(1_572_864), "1.6 MB");
        assert_eq!(duration(3725.0), "1 h 2 min");
        assert_eq!(duration(61.2), "1 min 1 s");
        assert_eq!(count(1, "sequence"), "1 sequence");
        assert_eq!(count(2000, "sequence"), "2,000 sequences");
    }
}
