//! The time, passed in so that a test can hold it still.

use std::time::{Duration, Instant, SystemTime};
use time::OffsetDateTime;
use time::macros::format_description;

/// A source of time.
pub trait Clock: Send + Sync {
    /// The time of day, for the stamps of events.
    fn now(&self) -> SystemTime;
    /// Time since a fixed moment, never running backwards, for durations.
    fn elapsed(&self) -> Duration;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock whose [`Clock::elapsed`] counts from now.
    #[must_use]
    pub fn new() -> Self {
        SystemClock { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

/// RFC 3339 in UTC with milliseconds, such as `2026-01-31T09:30:00.125Z`.
pub(crate) fn stamp(time: SystemTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    // Formatting fails for years beyond 9999 alone.
    OffsetDateTime::from(time).format(&format).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_rfc_3339() {
        assert_eq!(
            stamp(SystemTime::UNIX_EPOCH + Duration::from_millis(86_400_250)),
            "1970-01-02T00:00:00.250Z"
        );
    }
}
