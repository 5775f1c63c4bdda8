//! A run that was killed ends with the same adapter as one that was not.
//!
//! `kill -9` leaves the folder as it is at that moment; so a copy of the folder, taken at a moment, is a run that was
//! killed at it.

use crate::bench::{Bench, adapter, copy, steps_of};
use episome_train::{Event, RunFolder};
use std::path::PathBuf;

#[test]
fn a_run_killed_at_any_moment_ends_with_the_same_adapter() {
    let bench = Bench::new();
    let mut copies: Vec<(String, PathBuf)> = Vec::new();
    let run = bench.path("run");
    let mut configuration = bench.configuration();
    configuration.hyperparameters.set("evaluation_steps", "10").unwrap();
    configuration.hyperparameters.set("checkpoint_steps", "3").unwrap();
    bench
        .start_watched(configuration, "run", &mut |event, _| {
            let moment = match event {
                Event::Progress { stage, .. } => format!("{stage:?}"),
                Event::Started { .. } => "started".to_owned(),
                // Between checkpoints, at them, in the second epoch, and the very last.
                Event::Step { step: step @ (1 | 4 | 6 | 24 | 25 | 47 | 72), .. } => format!("step {step}"),
                Event::Checkpoint { step: step @ (3 | 10 | 40 | 72), best, .. } => {
                    format!("checkpoint {step} {best}")
                }
                Event::Evaluation { step: step @ (10 | 72), split, .. } => {
                    format!("evaluation {step} {split}")
                }
                _ => return,
            };
            let to = bench.path(&format!("copies/{}", copies.len()));
            copy(&run, &to);
            copies.push((moment, to));
        })
        .unwrap();
    let whole = adapter(&run);
    assert!(copies.len() > 20, "{copies:?}");
    for (moment, copy) in copies {
        let (outcome, _) = bench.resume(&copy);
        outcome.unwrap_or_else(|error| panic!("killed at {moment}: {error}"));
        assert!(adapter(&copy) == whole, "killed at {moment}: another adapter");
        let steps = steps_of(&copy);
        assert!(steps.is_sorted_by(|one, next| one < next), "killed at {moment}: {steps:?}");
        let tests = RunFolder::at(&copy).events().unwrap();
        let tests =
            tests.iter().filter(|event| matches!(event, Event::Evaluation { split, .. } if split == "test"));
        assert_eq!(tests.count(), 1, "killed at {moment}");
    }
}

#[test]
fn what_a_crash_left_half_written_does_not_matter() {
    let bench = Bench::new();
    let run = bench.path("run");
    let killed = bench.path("killed");
    bench
        .start_watched(bench.configuration(), "run", &mut |event, _| {
            if matches!(event, Event::Checkpoint { step: 40, .. }) {
                copy(&run, &killed);
            }
        })
        .unwrap();
    std::fs::write(killed.join("checkpoints/newest.safetensors.partial"), b"half").unwrap();
    let events = killed.join("events.jsonl");
    let mut text = std::fs::read_to_string(&events).unwrap();
    text.push_str("{\"type\":\"step\",\"time\":\"2026-0");
    std::fs::write(&events, text).unwrap();
    bench.resume(&killed).0.unwrap();
    assert_eq!(adapter(&killed), adapter(&run));
    assert!(!killed.join("checkpoints/newest.safetensors.partial").exists());
}

#[test]
fn a_run_goes_on_with_its_own_data_and_model_only() {
    let bench = Bench::new();
    let run = bench.path("run");
    let killed = bench.path("killed");
    bench
        .start_watched(bench.configuration(), "run", &mut |event, _| {
            if matches!(event, Event::Checkpoint { step: 30, .. }) {
                copy(&run, &killed);
            }
        })
        .unwrap();
    let checkpoint = std::fs::read(killed.join("checkpoints/newest.safetensors")).unwrap();
    let data = bench.path("data.csv");
    let text = std::fs::read_to_string(&data).unwrap();

    std::fs::write(&data, text.replace("promoter", "Promoter")).unwrap();
    let (outcome, events) = bench.resume(&killed);
    assert_eq!(outcome.unwrap_err().kind(), "data-changed");
    assert!(matches!(events.last(), Some(Event::Failed { resumable: true, step: 30, .. })), "{events:?}");

    std::fs::remove_file(&data).unwrap();
    let error = bench.resume(&killed).0.unwrap_err();
    assert_eq!(error.kind(), "data-vanished");
    assert!(error.to_string().contains("data.csv"), "{error}");
    std::fs::write(&data, text).unwrap();

    let weights = bench.model().join("model.safetensors");
    let whole = std::fs::read(&weights).unwrap();
    std::fs::write(&weights, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(bench.resume(&killed).0.unwrap_err().kind(), "base-changed");
    std::fs::write(&weights, whole).unwrap();

    assert_eq!(
        std::fs::read(killed.join("checkpoints/newest.safetensors")).unwrap(),
        checkpoint,
        "still intact"
    );
    bench.resume(&killed).0.unwrap();
    assert_eq!(adapter(&killed), adapter(&run));
}
