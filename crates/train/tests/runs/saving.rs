//! Ways to save memory and work that change no result.

use crate::bench::{Bench, adapter, copy};
use episome_train::{Event, RunConfiguration};
use std::collections::BTreeMap;
use std::path::PathBuf;

#[test]
fn gradient_checkpointing_changes_no_bit() {
    let bench = Bench::new();
    let trained = |name: &str, settings: &[(&str, &str)]| {
        let mut configuration = bench.configuration();
        for (name, value) in settings {
            configuration.hyperparameters.set(name, value).unwrap();
        }
        bench.start(configuration, name).0.unwrap();
        adapter(&bench.path(name))
    };
    let again = ("gradient_checkpointing", "true");
    assert!(trained("kept", &[]) == trained("again", &[again]));
    // With frozen blocks below, and with embeddings that are trained whole.
    let upper = ("layers", "1");
    assert!(trained("upper", &[upper]) == trained("upper-again", &[upper, again]));
    let embeddings = ("modules_to_save", "wte");
    assert!(trained("embeddings", &[embeddings]) == trained("embeddings-again", &[embeddings, again]));
}

/// The adapter in the upper of the two layers of a base without dropout.
fn upper(bench: &Bench, frozen_cache: &str) -> RunConfiguration {
    let config = bench.model().join("config.json");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("0.1", "0.0")).unwrap();
    let mut configuration = bench.configuration();
    configuration.hyperparameters.layers = vec![1];
    configuration.hyperparameters.set("frozen_cache", frozen_cache).unwrap();
    configuration
}

/// Losses by step, of training and of scored splits. Not every step is told: at most twenty a second are.
fn losses(events: &[Event]) -> BTreeMap<(usize, String), f64> {
    let loss = |event: &Event| match event {
        Event::Step { step, loss, .. } => Some(((*step, "training".to_owned()), *loss)),
        Event::Evaluation { step, split, metrics, .. } => {
            Some(((*step, split.clone()), metrics["loss"].as_f64()?))
        }
        _ => None,
    };
    events.iter().filter_map(loss).collect()
}

fn froze(events: &[Event]) -> bool {
    events.iter().any(|event| {
        matches!(event, Event::Progress { message, done, total, .. } if message.contains("frozen") && done == total)
    })
}

#[test]
fn frozen_layers_are_computed_once_with_the_same_losses() {
    let bench = Bench::new();
    let (outcome, every_time) = bench.start(upper(&bench, "off"), "off");
    outcome.unwrap();
    let (outcome, once) = bench.start(upper(&bench, "auto"), "auto");
    outcome.unwrap();
    assert!(froze(&once) && !froze(&every_time));
    let (every_time, once) = (losses(&every_time), losses(&once));
    let both: Vec<_> = every_time.iter().filter_map(|(at, loss)| Some((at, loss, once.get(at)?))).collect();
    assert!(both.len() >= 5, "the last step, three validations and the test at least: {both:?}");
    for (at, a, b) in both {
        // f32, in another grouping of the same rows.
        assert!((a - b).abs() < 1e-5, "{at:?}: {a} {b}");
    }
}

#[test]
fn a_run_with_frozen_layers_that_was_killed_ends_the_same() {
    let bench = Bench::new();
    let (run, killed) = (bench.path("run"), bench.path("killed"));
    bench
        .start_watched(upper(&bench, "on"), "run", &mut |event, _| {
            if matches!(event, Event::Checkpoint { step: 40, best: false, .. }) {
                copy(&run, &killed);
            }
        })
        .unwrap();
    assert!(!left_behind(&run), "the kept states are gone with the process");
    bench.resume(&killed).0.unwrap();
    assert!(adapter(&run) == adapter(&killed));
}

/// Whether the run's folder holds anything beyond what a run consists of.
fn left_behind(run: &PathBuf) -> bool {
    let known = ["adapter", "checkpoints", "events.jsonl", "lock", "report", "run.json", "split.csv"]
        .map(PathBuf::from);
    std::fs::read_dir(run).unwrap().any(|entry| !known.contains(&PathBuf::from(entry.unwrap().file_name())))
}

#[test]
fn asking_to_keep_nothing_is_told() {
    let bench = Bench::new();
    let mut configuration = bench.configuration();
    configuration.hyperparameters.set("frozen_cache", "on").unwrap();
    let (outcome, events) = bench.start(configuration, "run");
    outcome.unwrap();
    assert!(
        events.iter().any(|event| matches!(event, Event::Warning { kind, .. } if kind == "frozen-cache"))
    );
}
