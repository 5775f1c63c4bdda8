//! A run from its start to its end.

use crate::bench::{Bench, adapter, copy, raise};
use episome_train::{
    DataConfiguration, Ending, EvaluationOptions, Event, Explained, Inputs, Resumption, RunFolder, Stage,
    SystemClock, dry_run, evaluate, resume,
};
use std::sync::atomic::AtomicBool;

#[test]
fn a_run_learns_and_leaves_everything_in_its_folder() {
    let bench = Bench::new();
    let mut configuration = bench.configuration();
    bench.write_easy("data.csv", 120, 3);
    configuration.hyperparameters.baseline = true;
    configuration.hyperparameters.learning_rate = 2e-2;
    let (outcome, events) = bench.start(configuration, "run");
    let outcome = outcome.unwrap();
    assert_eq!(outcome.ending, Ending::Finished);
    let run = bench.path("run");
    for file in [
        "run.json",
        "events.jsonl",
        "split.csv",
        "checkpoints/newest.safetensors",
        "checkpoints/best.safetensors",
        "adapter/adapter_config.json",
        "adapter/adapter_model.safetensors",
        "adapter/labels.json",
        "adapter/README.md",
        "adapter/tokenizer/tokenizer.json",
        "report/metrics.json",
        "report/predictions.csv",
        "report/report.html",
    ] {
        assert!(run.join(file).is_file(), "{file} is missing");
    }
    assert!(!run.join("adapter/config.json").exists());
    assert!(!run.join("adapter.partial").exists());

    // What is told and what is written is the same.
    assert_eq!(RunFolder::at(&run).events().unwrap(), events);
    assert!(matches!(&events[events.len() - 1], Event::Finished { step: 72, .. }), "{:?}", events.last());
    let tests =
        events.iter().filter(|event| matches!(event, Event::Evaluation { split, .. } if split == "test"));
    assert_eq!(tests.count(), 1, "the test split is scored once");
    let validations = events
        .iter()
        .filter(|event| matches!(event, Event::Evaluation { split, .. } if split == "validation"));
    assert_eq!(validations.count(), 3);

    // The numbers in metrics.json are those of the event.
    let metrics: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(run.join("report/metrics.json")).unwrap()).unwrap();
    let accuracy = outcome.test.unwrap().scores.accuracy.unwrap();
    assert_eq!(metrics["model"]["accuracy"].as_f64(), Some(accuracy), "{}", metrics["model"]);
    assert!(accuracy > 0.8, "letters alone tell these apart: {accuracy}");

    // Every record is in split.csv, once, with the split that the event counts.
    let split = std::fs::read_to_string(run.join("split.csv")).unwrap();
    assert_eq!(split.lines().count(), 121);
    assert_eq!(split.matches(",train,").count(), 96);
    assert_eq!(split.matches(",validation,").count(), 12);

    // run.json repeats it, with hashes.
    let configuration = RunFolder::at(&run).configuration().unwrap();
    assert_eq!(configuration.data.labels, ["other", "promoter"]);
    assert_eq!(
        (&*configuration.data.columns["sequence"], &*configuration.data.columns["label"]),
        ("sequence", "label")
    );
    assert_eq!(
        configuration.data.split,
        "drawn at random within each class (80/10/10 % train/validation/test, seed 42)"
    );
    assert_eq!(configuration.data.files[0].sha256.len(), 64);
    assert_eq!(configuration.base.sha256.len(), 64);
    let (again, _) = bench.start(configuration, "again");
    again.unwrap();
    assert_eq!(adapter(&run), adapter(&bench.path("again")), "two identical runs give the same bits");

    // The adapter scores other records as it scored its own.
    let (clock, model) = (SystemClock::new(), bench.model());
    let inputs = Inputs { model: &model, tokenizer: &model, clock: &clock, explain: Explained::plainly };
    let data = DataConfiguration {
        train: vec![bench.write_easy("more.csv", 60, 11)],
        ..DataConfiguration::default()
    };
    let evaluated = evaluate(
        &run.join("adapter"),
        &data,
        &EvaluationOptions::default(),
        &inputs,
        &mut |_| {},
        &AtomicBool::new(false),
    )
    .unwrap();
    assert_eq!(evaluated.labels, ["other", "promoter"]);
    assert_eq!(evaluated.evaluation.records, 60);
    assert!(evaluated.evaluation.scores.accuracy.unwrap() > 0.8);
}

#[test]
fn the_seed_decides() {
    let bench = Bench::new();
    for seed in [1, 2] {
        let mut configuration = bench.configuration();
        configuration.hyperparameters.seed = seed;
        configuration.hyperparameters.epochs = 1;
        bench.start(configuration, &format!("run{seed}")).0.unwrap();
    }
    assert_ne!(adapter(&bench.path("run1")), adapter(&bench.path("run2")));
}

#[test]
fn the_best_state_is_the_adapter_and_patience_ends_the_run() {
    let bench = Bench::new();
    let mut configuration = bench.configuration();
    // With this learning rate the loss gets worse after a while.
    configuration.hyperparameters.set("learning_rate", "0.05").unwrap();
    configuration.hyperparameters.set("metric", "loss").unwrap();
    configuration.hyperparameters.set("early_stopping", "2").unwrap();
    configuration.hyperparameters.set("epochs", "40").unwrap();
    configuration.hyperparameters.set("scheduler", "constant").unwrap();
    let (outcome, events) = bench.start(configuration, "run");
    let outcome = outcome.unwrap();
    let losses: Vec<(usize, f64)> = events
        .iter()
        .filter_map(|event| match event {
            Event::Evaluation { split, step, metrics, .. } if split == "validation" => {
                Some((*step, metrics["loss"].as_f64().unwrap()))
            }
            _ => None,
        })
        .collect();
    let least = losses.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    assert_eq!(outcome.best_step, Some(least.0));
    assert_eq!(outcome.best, Some(least.1));
    assert!(outcome.step < 40 * 24, "patience ended it");
    assert_eq!(losses[losses.len() - 3], *least, "two evaluations after the best");
    assert!(
        matches!(events.last(), Some(Event::Finished { ended_early: Some(reason), .. }) if reason.contains("2 evaluations"))
    );
}

#[test]
fn a_stop_keeps_the_best_and_can_be_resumed() {
    let bench = Bench::new();
    bench.start(bench.configuration(), "whole").0.unwrap();
    let outcome = bench
        .start_watched(bench.configuration(), "run", &mut |event, stop| {
            if matches!(event, Event::Checkpoint { step: 30, .. }) {
                raise(stop);
            }
        })
        .unwrap();
    assert_eq!((outcome.ending, outcome.step), (Ending::Stopped, 30));
    let run = bench.path("run");
    assert_eq!(outcome.adapter, Some(std::path::absolute(run.join("adapter")).unwrap()));
    assert!(matches!(RunFolder::at(&run).events().unwrap().last(), Some(Event::Stopped { step: 30, .. })));
    assert_eq!(bench.resume(&run).0.unwrap().ending, Ending::Finished);
    assert_eq!(adapter(&run), adapter(&bench.path("whole")));
    let error = bench.resume(&run).0.unwrap_err();
    assert_eq!(error.kind(), "finished");
}

#[test]
fn a_run_that_was_stopped_is_judged_as_it_stands() {
    let bench = Bench::new();
    bench
        .start_watched(bench.configuration(), "run", &mut |event, stop| {
            if matches!(event, Event::Checkpoint { step: 30, .. }) {
                raise(stop);
            }
        })
        .unwrap();
    let run = bench.path("run");
    copy(&run, &bench.path("killed"));
    let (outcome, events) = bench.finish(&run);
    let outcome = outcome.unwrap();
    assert_eq!((outcome.ending, outcome.step), (Ending::Finished, 30));
    assert!(outcome.test.is_some() && outcome.report.unwrap().is_file());
    assert!(!events.iter().any(|event| matches!(event, Event::Step { .. })), "it trains no further");
    // The evaluation of step 24 and, since the steps after it may be better, that of step 30; the test split once.
    let all = RunFolder::at(&run).events().unwrap();
    let evaluations: Vec<(&str, usize)> = all
        .iter()
        .filter_map(|event| match event {
            Event::Evaluation { split, step, .. } => Some((split.as_str(), *step)),
            _ => None,
        })
        .collect();
    assert_eq!(evaluations[..2], [("validation", 24), ("validation", 30)]);
    assert_eq!(evaluations[2..], [("test", outcome.best_step.unwrap())]);
    assert!(matches!(
        all.last(),
        Some(Event::Finished { on_request: true, ended_early: Some(reason), .. }) if reason == "on request, after 30 steps"
    ));
    // Whoever has seen the test records' score does not train on.
    assert_eq!(bench.resume(&run).0.unwrap_err().kind(), "finished");

    // Killed in the middle of it, it is judged all the same, not trained on.
    let (killed, half) = (bench.path("killed"), bench.path("half"));
    let (clock, stop, model) = (SystemClock::new(), AtomicBool::new(false), bench.model());
    let inputs = Inputs { model: &model, tokenizer: &model, clock: &clock, explain: Explained::plainly };
    let how = Resumption { finish: true, ..Resumption::default() };
    let mut watcher = |event: &Event| {
        if matches!(event, Event::Progress { stage: Stage::Report, .. }) {
            copy(&killed, &half);
        }
    };
    resume(&killed, &inputs, how, &mut watcher, &stop).unwrap();
    let (outcome, events) = bench.resume(&half);
    assert_eq!((outcome.unwrap().step, adapter(&half)), (30, adapter(&run)));
    assert!(matches!(events.last(), Some(Event::Finished { on_request: true, .. })));
}

#[test]
fn a_run_without_a_step_has_nothing_to_judge() {
    let bench = Bench::new();
    bench
        .start_watched(bench.configuration(), "run", &mut |event, stop| {
            if matches!(event, Event::Progress { .. }) {
                raise(stop);
            }
        })
        .unwrap();
    let error = bench.finish(&bench.path("run")).0.unwrap_err();
    assert_eq!(error.kind(), "untrained", "{error}");
    assert_eq!(bench.resume(&bench.path("run")).0.unwrap().ending, Ending::Finished);
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let bench = Bench::new();
    let (clock, model) = (SystemClock::new(), bench.model());
    let inputs = Inputs { model: &model, tokenizer: &model, clock: &clock, explain: Explained::plainly };
    let mut configuration = bench.configuration();
    configuration.hyperparameters.target = vec!["c_attn".to_owned()];
    let estimate = dry_run(&configuration, &inputs).unwrap();
    // Two layers, A (4, 16) and B (48, 4) each, and the head (2, 16).
    assert_eq!(estimate.trainable_parameters, 2 * (4 * 16 + 48 * 4) + 2 * 16);
    assert_eq!(estimate.matched_modules, ["transformer.h.0.attn.c_attn", "transformer.h.1.attn.c_attn"]);
    assert_eq!((estimate.records.train, estimate.steps), (96, 72));
    assert!(estimate.seconds > 0.0 && estimate.seconds < 600.0);
    assert!(estimate.memory_bytes > 0);
    assert_eq!(std::fs::read_dir(bench.path("")).unwrap().count(), 2, "model and data.csv");
}

#[test]
fn a_pause_holds_the_run_and_changes_nothing() {
    let bench = Bench::new();
    bench.start(bench.configuration(), "whole").0.unwrap();
    let pause = RunFolder::at(bench.path("run")).pause_file();
    let mut paused = Vec::new();
    bench
        .start_watched(bench.configuration(), "run", &mut |event, _| match event {
            Event::Checkpoint { step: 7, .. } if paused.is_empty() => std::fs::write(&pause, "").unwrap(),
            Event::Paused { step, .. } => {
                paused.push(*step);
                std::fs::remove_file(&pause).unwrap();
            }
            _ => {}
        })
        .unwrap();
    assert_eq!(paused, [7]);
    assert_eq!(adapter(&bench.path("run")), adapter(&bench.path("whole")));
}
