//! An audit as a page of text.

use std::fmt;

use super::words::{percent, thousands};
use super::{Audit, Distribution, Severity};

impl fmt::Display for Audit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{} records, {} letters", thousands(self.records), thousands(self.letters))?;
        if !self.labels.is_empty() {
            let width = self.labels.iter().map(|class| class.label.chars().count()).max().unwrap_or(0).max(5);
            write!(formatter, "\n  {:width$}  {:>9}", "class", "records")?;
            for part in self.parts.iter().filter(|_| self.parts.len() > 1) {
                write!(formatter, "  {:>10}", part.name)?;
            }
            writeln!(formatter, "    share")?;
            for (index, class) in self.labels.iter().enumerate() {
                write!(formatter, "  {:width$}  {:>9}", class.label, thousands(class.records))?;
                for part in self.parts.iter().filter(|_| self.parts.len() > 1) {
                    let records = part.labels.get(index).map_or(0, |class| class.records);
                    write!(formatter, "  {:>10}", thousands(records))?;
                }
                writeln!(formatter, "  {:>7}", percent(class.fraction))?;
            }
        }
        for part in &self.parts {
            writeln!(formatter, "\n{} ({} records)", part.name, thousands(part.records))?;
            if let Some(length) = &part.length {
                writeln!(formatter, "  length  {}", Line(length, |value| format!("{value:.0} bp")))?;
            }
            if let Some(gc) = &part.gc {
                writeln!(formatter, "  G and C {}", Line(gc, |value| format!("{:.0} %", value * 100.0)))?;
            }
        }
        for (severity, heading) in [
            (Severity::Fix, "To put right before training"),
            (Severity::Look, "Worth a look"),
            (Severity::Fine, "In order"),
        ] {
            let mut findings = self.findings.iter().filter(|finding| finding.severity == severity).peekable();
            if findings.peek().is_some() {
                writeln!(formatter, "\n{heading}")?;
            }
            for finding in findings {
                writeln!(formatter, "  - {finding}")?;
            }
        }
        Ok(())
    }
}

/// A distribution on one line, with its histogram in block letters.
struct Line<'a>(&'a Distribution, fn(f64) -> String);

impl fmt::Display for Line<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line(distribution, unit) = self;
        if distribution.minimum == distribution.maximum {
            return write!(formatter, "{} each", unit(distribution.minimum));
        }
        let highest = distribution.histogram.counts.iter().max().copied().unwrap_or(1).max(1);
        let bars: String = distribution
            .histogram
            .counts
            .iter()
            .map(|&count| {
                const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
                BLOCKS[(count * 8).div_ceil(highest).min(8) as usize]
            })
            .collect();
        write!(
            formatter,
            "{} to {}, median {}, half from {} to {}  |{bars}|",
            unit(distribution.minimum),
            unit(distribution.maximum),
            unit(distribution.median),
            unit(distribution.quantile_25),
            unit(distribution.quantile_75)
        )
    }
}
