//! What goes wrong is said, and nothing is lost.

use crate::bench::{Bench, copy};
use episome_train::{Event, RunFolder};

#[test]
fn a_run_is_never_overwritten() {
    let bench = Bench::new();
    let mut configuration = bench.configuration();
    configuration.hyperparameters.epochs = 1;
    bench.start(configuration.clone(), "run").0.unwrap();
    let before = std::fs::read(bench.path("run/events.jsonl")).unwrap();
    let (outcome, events) = bench.start(configuration, "run");
    assert_eq!(outcome.unwrap_err().kind(), "run-exists");
    assert!(matches!(events.as_slice(), [Event::Failed { .. }]), "{events:?}");
    assert_eq!(std::fs::read(bench.path("run/events.jsonl")).unwrap(), before);
}

#[test]
fn two_processes_do_not_train_one_run() {
    let bench = Bench::new();
    let run = bench.path("run");
    let mut refused = Vec::new();
    bench
        .start_watched(bench.configuration(), "run", &mut |event, _| {
            if matches!(event, Event::Checkpoint { step: 5, .. }) {
                refused.push(bench.resume(&run).0.unwrap_err().to_string());
            }
        })
        .unwrap();
    assert!(refused[0].contains(&std::process::id().to_string()), "{refused:?}");
}

#[test]
fn a_loss_that_is_no_number_ends_the_run_and_keeps_the_checkpoint() {
    let bench = Bench::new();
    let mut configuration = bench.configuration();
    // Steps this large overflow f32 within a few steps.
    configuration.hyperparameters.learning_rate = 10.0;
    configuration.hyperparameters.weight_decay = 10.0;
    configuration.hyperparameters.clip = 0.0;
    configuration.hyperparameters.alpha = 65_536.0;
    let mut last = 0;
    let run = bench.path("run");
    let outcome = bench.start_watched(configuration, "run", &mut |event, _| {
        if let Event::Checkpoint { step, .. } = event {
            last = *step;
            let _ = std::fs::remove_dir_all(bench.path("kept"));
            copy(&run.join("checkpoints"), &bench.path("kept"));
        }
    });
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), "diverged", "{error}");
    assert!(error.to_string().contains("learning rate of 1 or less"), "{error}");
    let newest = |folder: &str| std::fs::read(bench.path(folder).join("newest.safetensors")).unwrap();
    assert!(last > 0 && newest("kept") == newest("run/checkpoints"));
    let events = RunFolder::at(&run).events().unwrap();
    assert!(
        matches!(events.last(), Some(Event::Failed { kind, step, .. }) if kind == "diverged" && *step >= last),
        "{:?}",
        events.last()
    );
}

#[test]
fn a_model_file_cut_short_is_named() {
    let bench = Bench::new();
    let weights = bench.model().join("model.safetensors");
    let whole = std::fs::read(&weights).unwrap();
    std::fs::write(&weights, &whole[..whole.len() - 100]).unwrap();
    let (outcome, events) = bench.start(bench.configuration(), "run");
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains("model.safetensors"), "{error}");
    let Some(Event::Failed { message, resumable: false, .. }) = events.last() else { panic!("{events:?}") };
    assert_eq!(*message, error);
    // The same command works once the file is whole again.
    std::fs::write(&weights, whole).unwrap();
    let mut configuration = bench.configuration();
    configuration.hyperparameters.epochs = 1;
    bench.start(configuration, "run").0.unwrap();
}

#[test]
fn a_missing_data_file_is_named_before_anything_is_made() {
    let bench = Bench::new();
    let mut configuration = bench.configuration();
    configuration.data.train = vec![bench.path("elsewhere.csv")];
    let (outcome, events) = bench.start(configuration, "run");
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), "data-vanished");
    assert!(error.to_string().contains("elsewhere.csv"));
    assert_eq!(events.len(), 1);
    assert!(!bench.path("run").exists());
}

#[test]
fn a_target_that_matches_nothing_names_the_nearest() {
    let bench = Bench::new();
    let mut configuration = bench.configuration();
    configuration.hyperparameters.target = vec!["c_atn".to_owned()];
    let error = bench.start(configuration, "run").0.unwrap_err().to_string();
    assert!(error.contains("c_attn"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_to_be_full() {
    let bench = Bench::new();
    let run = bench.path("run");
    // From the tenth step on every write to events.jsonl fails as on a full disk: /dev/full does that.
    let mut told = Vec::new();
    let outcome = bench.start_watched(bench.configuration(), "run", &mut |event, _| {
        told.push(event.clone());
        if matches!(event, Event::Checkpoint { step: 10, .. }) {
            std::fs::remove_file(run.join("checkpoints/newest.safetensors.partial")).ok();
            std::os::unix::fs::symlink("/dev/full", run.join("checkpoints/newest.safetensors.partial"))
                .unwrap();
        }
    });
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), "disk-full", "{error}");
    assert!(error.to_string().contains("free some space"), "{error}");
    assert!(matches!(told.last(), Some(Event::Failed { kind, resumable: true, .. }) if kind == "disk-full"));
    // With room again it goes on.
    bench.resume(&run).0.unwrap();
}
