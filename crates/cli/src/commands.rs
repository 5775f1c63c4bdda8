//! The commands, one file each: its arguments, and what is printed of the engine's answer.

pub mod adapters;
pub mod data;
pub mod doctor;
pub mod evaluate;
pub mod export;
pub mod hub;
pub mod merge;
pub mod model;
pub mod predict;
pub mod pretrain;
pub mod results;
pub mod resume;
pub mod run_control;
pub mod runs;
pub mod serve;
pub mod share;
pub mod simulate;
pub mod tokenize;
pub mod train;

use std::sync::Arc;

use api::{Engine, Error, HubSettings, Kind};
use clap::Subcommand;

use crate::arguments::Global;
use crate::console::Console;

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look at data before training: counts, balance, lengths, duplicates, contradictions
    #[command(subcommand)]
    Data(data::Command),
    /// Show the token ids that a model's tokenizer gives
    Tokenize(tokenize::Arguments),
    /// Look into a base model: its family, size and modules
    #[command(subcommand)]
    Model(model::Command),
    /// Train an adapter on labelled sequences
    Train(Box<train::Arguments>),
    /// Go on with a run that was stopped or killed
    Resume(resume::Arguments),
    /// Let a run that is being trained wait after its current step
    Pause(run_control::Pause),
    /// End a run that is being trained as Ctrl-C does, and keep the best adapter so far
    Stop(run_control::Stop),
    /// Score an adapter or run on labelled sequences
    Evaluate(evaluate::Arguments),
    /// What a finished run found: numbers, mistakes, thresholds, figures, runs side by side
    Results(results::Arguments),
    /// Predict the labels of sequences with an adapter or run
    Predict(predict::Arguments),
    /// Copy a run's adapter to a folder of its own, to share it
    Export(export::Arguments),
    /// Merge an adapter into its base: a full model that transformers loads
    Merge(merge::Arguments),
    /// Train a small base model from unlabelled sequences
    Pretrain(Box<pretrain::Arguments>),
    /// Make sequences with a known grammar, to try things out
    Simulate(simulate::Arguments),
    /// The Hugging Face Hub: search, download, upload, and the token for it
    #[command(subcommand)]
    Hub(hub::Command),
    /// List, check, import and describe adapters
    #[command(subcommand)]
    Adapters(adapters::Command),
    /// List runs and how they went
    Runs(runs::Arguments),
    /// Move a run or an adapter to the trash, or bring it back
    Trash(share::Trash),
    /// Show the app in a browser, also on another machine of the lab
    Serve(serve::Arguments),
    /// Say what this machine has: device, memory, threads, caches
    Doctor(doctor::Arguments),
}

/// Does what the command line asks.
pub fn run(command: Command, global: &Global, console: &Console) -> Result<(), Error> {
    if let Some(threads) = global.threads {
        api::set_threads(usize::from(threads))?;
    }
    let engine = engine()?;
    console.detail(format_args!(
        "cache: {}; Hub cache: {}",
        engine.cache.display(),
        engine.hub.cache.display()
    ));
    match command {
        Command::Data(command) => data::run(command, &engine, console),
        Command::Tokenize(arguments) => tokenize::run(&arguments, &engine, console),
        Command::Model(command) => model::run(command, &engine, console),
        Command::Train(arguments) => train::run(*arguments, &engine, console),
        Command::Resume(arguments) => resume::run(&arguments, &engine, console),
        Command::Pause(arguments) => run_control::pause(&arguments, console),
        Command::Stop(arguments) => run_control::stop(&arguments, console),
        Command::Evaluate(arguments) => evaluate::run(arguments, &engine, console),
        Command::Results(arguments) => results::run(&arguments, console),
        Command::Predict(arguments) => predict::run(&arguments, &engine, console),
        Command::Export(arguments) => export::run(&arguments, console),
        Command::Merge(arguments) => merge::run(&arguments, &engine, console),
        Command::Pretrain(arguments) => pretrain::run(*arguments, &engine, console),
        Command::Simulate(arguments) => simulate::run(&arguments, console),
        Command::Hub(command) => hub::run(command, &engine, console),
        Command::Adapters(command) => adapters::run(command, &engine, console),
        Command::Runs(arguments) => runs::run(&arguments, console),
        Command::Trash(arguments) => share::trash(&arguments, console),
        Command::Serve(arguments) => serve::run(&arguments, engine, console),
        Command::Doctor(arguments) => doctor::run(&arguments, &engine, console),
    }
}

/// The engine as the environment asks for it.
fn engine() -> Result<Engine, Error> {
    let cache = api::cache_folder(|name| std::env::var_os(name)).ok_or_else(|| {
        Error::new(Kind::File, "there is no folder for caches: neither EPISOME_CACHE nor HOME is set")
            .remedy("set EPISOME_CACHE to a folder that you may write to")
    })?;
    Ok(Engine {
        cache,
        hub: HubSettings::from_environment(),
        gpu_worker: crate::gpu::program(),
        stop: Arc::default(),
    })
}
