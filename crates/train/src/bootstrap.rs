//! Bootstrap intervals.
