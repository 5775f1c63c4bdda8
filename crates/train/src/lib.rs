//! Runs: batching, optimizer, schedule, metrics, checkpoints, events, baselines and reports.

pub mod baseline;
pub mod bootstrap;
pub mod metrics;
pub mod pretrain;
pub mod report;
