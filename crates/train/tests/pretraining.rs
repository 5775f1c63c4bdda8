//! Pretraining on sequences with a structure that a tiny model can learn in seconds.
#![allow(clippy::unwrap_used, clippy::result_large_err)] // helpers of the tests; an error ends the test anyway

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use candle_core::Device;
use episome_train::pretrain::{self, Corpus, KmerSet, Outcome, Settings};
use episome_train::{Error, Event, SystemClock};
use sequence::reverse_complement;

/// Numbers from a linear congruential generator (Knuth's MMIX constants).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// FASTA records made of eight words of nine bases: log2(8)/9 = 0.33 bits a base once the words are known, about 2 from
/// the frequencies of the bases alone.
fn write_words(path: &Path, records: usize, words: usize, seed: u64) {
    const WORDS: [&str; 8] = [
        "ACGTTGCAA",
        "GGATCCTTA",
        "CATTAGGCC",
        "TTGACATGC",
        "AAGCTTCGT",
        "CGCGAATTA",
        "GTCAACGGA",
        "TACCGTAGT",
    ];
    let mut numbers = Numbers(seed);
    let mut text = String::new();
    for record in 0..records {
        let sequence: String = (0..words).map(|_| WORDS[numbers.below(8) as usize]).collect();
        writeln!(text, ">{record}\n{sequence}").unwrap();
    }
    std::fs::write(path, text).unwrap();
}

/// FASTA records of uniform random bases, in which no two share 31 bases by chance.
fn write_random(path: &Path, records: usize, length: usize, seed: u64) -> Vec<String> {
    let mut numbers = Numbers(seed);
    let sequences: Vec<String> = (0..records)
        .map(|_| (0..length).map(|_| ['A', 'C', 'G', 'T'][numbers.below(4) as usize]).collect())
        .collect();
    write_fasta(path, &sequences);
    sequences
}

fn write_fasta(path: &Path, sequences: &[String]) {
    let mut text = String::new();
    for (index, sequence) in sequences.iter().enumerate() {
        writeln!(text, ">{index}\n{sequence}").unwrap();
    }
    std::fs::write(path, text).unwrap();
}

fn tiny(folder: &Path, out: &str) -> Settings {
    Settings {
        name: "tiny".into(),
        data: vec![folder.join("words.fa")],
        out: folder.join(out),
        vocabulary: 32,
        layers: 1,
        width: 32,
        heads: 2,
        positions: 96,
        context: 48,
        batch_tokens: 512,
        steps: 60,
        warmup: 5,
        learning_rate: 1e-2,
        held_out: 0.05,
        evaluate_every: 30,
        checkpoint_every: 4,
        ..Settings::default()
    }
}

fn run(settings: &Settings) -> Result<(Option<Outcome>, Vec<Event>), Error> {
    let mut events = Vec::new();
    let outcome = pretrain::run(
        settings,
        &Device::Cpu,
        &SystemClock::new(),
        &mut |event| events.push(event.clone()),
        &AtomicBool::new(false),
    )?;
    Ok((outcome, events))
}

fn resume(out: &Path) -> Result<Option<Outcome>, Error> {
    pretrain::resume(out, &Device::Cpu, &SystemClock::new(), &mut |_| {}, &AtomicBool::new(false))
}

/// Runs until the step is taken, and stops.
fn run_until(settings: &Settings, last: usize) {
    let stop = AtomicBool::new(false);
    let mut observer = |event: &Event| {
        if matches!(event, Event::Step { step, .. } if *step == last) {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let outcome = pretrain::run(settings, &Device::Cpu, &SystemClock::new(), &mut observer, &stop).unwrap();
    assert!(outcome.is_none());
}

#[test]
fn a_tiny_model_learns_and_its_folder_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    write_words(&folder.path().join("words.fa"), 200, 12, 1);
    // Sequences of the same eight words share long stretches: the more is held out, the more is cut from the rest.
    let settings = Settings { held_out: 0.02, ..tiny(folder.path(), "run") };
    let (outcome, events) = run(&settings).unwrap();
    let outcome = outcome.unwrap();

    // The bases are nearly uniform, so a model of order 0 needs 2 bits; the words themselves take 0.33.
    let scores = outcome.scores;
    assert!(scores.trained.bits_per_base() < 1.5, "{scores:?}");
    assert!(scores.untrained.bits_per_base() > 1.5, "{scores:?}");
    assert_eq!(scores.trained.bases, scores.markov.bases);
    assert_eq!(scores.trained.bases, scores.untrained.bases);

    let model = folder.path().join("run/model");
    let base = models::Base::load(&model, &Device::Cpu, candle_core::DType::F32).unwrap();
    let tokenizer = tokenizer::Tokenizer::from_folder(&model).unwrap();
    assert_eq!(base.config.vocabulary_size(), tokenizer.vocabulary_size());
    assert_eq!(tokenizer.alphabet(), sequence::Alphabet::AcgtN);
    let card = std::fs::read_to_string(model.join("README.md")).unwrap();
    assert!(card.starts_with("---\n") && card.contains("episome pretrain"), "{card}");
    assert!(card.contains(&format!("{:.4}", scores.trained.bits_per_base())));

    let steps = events.iter().filter(|event| matches!(event, Event::Step { .. })).count();
    assert_eq!(steps, settings.steps);
    assert!(matches!(events.last(), Some(Event::Pretrained { .. })));
    let lines = std::fs::read_to_string(folder.path().join("run/events.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), events.len());
}

#[test]
fn a_resumed_run_ends_with_the_bits_of_an_unbroken_one() {
    let folder = tempfile::tempdir().unwrap();
    write_words(&folder.path().join("words.fa"), 120, 12, 2);
    let whole = Settings { steps: 14, held_out: 0.02, ..tiny(folder.path(), "whole") };
    let unbroken = run(&whole).unwrap().0.unwrap();

    // Stopped on request: a checkpoint of that very step is there.
    let stopped = Settings { out: folder.path().join("stopped"), ..whole.clone() };
    run_until(&stopped, 6);
    let resumed = resume(&stopped.out).unwrap().unwrap();
    assert_eq!(weights(&resumed), weights(&unbroken));
    assert_eq!(resumed.scores, unbroken.scores);
    assert_eq!(resumed.tokens, unbroken.tokens);

    // Killed: the newest checkpoint is some steps old and events.jsonl ends in the middle of a line.
    let killed = Settings { out: folder.path().join("killed"), ..whole.clone() };
    run_until(&killed, 7);
    std::fs::remove_dir_all(killed.out.join("checkpoints/step-0000007")).unwrap();
    let mut log = std::fs::read_to_string(killed.out.join("events.jsonl")).unwrap();
    log.push_str("{\"type\":\"step\",\"ti");
    std::fs::write(killed.out.join("events.jsonl"), log).unwrap();
    let resumed = resume(&killed.out).unwrap().unwrap();
    assert_eq!(weights(&resumed), weights(&unbroken));
    let log = std::fs::read_to_string(killed.out.join("events.jsonl")).unwrap();
    let steps: Vec<u64> = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|event| event["type"] == "step")
        .map(|event| event["step"].as_u64().unwrap())
        .collect();
    assert_eq!(steps, (1..=14).collect::<Vec<u64>>());

    assert!(matches!(resume(&killed.out), Err(Error::Finished(_))));
}

fn weights(outcome: &Outcome) -> Vec<u8> {
    std::fs::read(outcome.model.join("model.safetensors")).unwrap()
}

#[test]
fn nothing_of_an_excluded_or_held_out_sequence_is_trained_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut sequences = write_random(&folder.path().join("random.fa"), 60, 200, 3);
    let excluded = write_random(&folder.path().join("excluded.fa"), 3, 150, 4);
    // A test sequence, its other strand, a window of it, and one that holds a window of it between other bases.
    sequences.push(excluded[0].clone());
    sequences.push(reverse_complement(&excluded[1]));
    sequences.push(excluded[2][20..120].to_owned());
    let within = format!("{}{}{}", &sequences[0][..100], &excluded[2][10..60], &sequences[1][..100]);
    sequences.push(within);
    sequences.push(reverse_complement(&sequences[5]));
    write_random(&folder.path().join("genome.fa"), 1, 30_000, 5);
    write_fasta(&folder.path().join("words.fa"), &sequences);

    let settings = Settings {
        data: vec![folder.path().join("words.fa"), folder.path().join("genome.fa")],
        exclude: vec![folder.path().join("excluded.fa")],
        held_out: 0.3,
        ..tiny(folder.path(), "run")
    };
    let corpus = Corpus::read(&settings).unwrap();
    let mut apart = KmerSet::new(settings.overlap, 1024);
    excluded.iter().for_each(|sequence| apart.insert(sequence));
    assert!(corpus.held_out.iter().all(|piece| !apart.shares(&piece.sequence)), "held out, but excluded");
    corpus.held_out.iter().for_each(|piece| apart.insert(&piece.sequence));
    assert!(corpus.training.iter().all(|piece| !apart.shares(&piece.sequence)));

    // Both files give to both parts, the genome by blocks; and every base is accounted for.
    for (index, source) in corpus.sources.iter().enumerate() {
        assert!(corpus.held_out.iter().any(|piece| piece.source == index), "{source:?}");
        assert!(corpus.training.iter().any(|piece| piece.source == index), "{source:?}");
    }
    let (short, genome) = (&corpus.sources[0], &corpus.sources[1]);
    assert_eq!(short.duplicates, 1);
    assert_eq!(genome.bases, genome.held_out_bases + genome.shared_bases + genome.training_bases);
    assert_eq!(genome.excluded_bases, 0);
    let share = corpus.held_out_bases() as f64 / (corpus.held_out_bases() + corpus.training_bases()) as f64;
    // The last block drawn may be 4,285 of about 42,000 bases.
    assert!((0.28..0.45).contains(&share), "{share}");
}

#[test]
fn a_run_is_never_written_over_and_changed_data_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let words = folder.path().join("words.fa");
    write_words(&words, 120, 12, 6);
    let settings = Settings { steps: 6, held_out: 0.02, ..tiny(folder.path(), "run") };
    run_until(&settings, 3);
    assert!(matches!(run(&settings), Err(Error::RunExists(_))));

    write_words(&words, 120, 12, 7);
    assert!(matches!(resume(&settings.out), Err(Error::DataChanged { path, .. }) if path == words));
    assert!(matches!(resume(folder.path()), Err(Error::NotARun(_))));
}

#[test]
fn settings_that_cannot_work_are_refused_by_flag() {
    let folder = tempfile::tempdir().unwrap();
    write_words(&folder.path().join("words.fa"), 20, 12, 8);
    let settings = tiny(folder.path(), "run");
    let refused = [
        (Settings { data: Vec::new(), ..settings.clone() }, "--data"),
        (Settings { heads: 5, ..settings.clone() }, "--width"),
        (Settings { learning_rate: f64::NAN, ..settings.clone() }, "--learning-rate"),
        (Settings { held_out: 0.9, ..settings.clone() }, "--held-out"),
        (Settings { overlap: 40, ..settings.clone() }, "--overlap"),
        (Settings { batch_tokens: 10, ..settings.clone() }, "--batch-tokens"),
    ];
    for (settings, flag) in refused {
        let error = run(&settings).unwrap_err();
        assert!(matches!(&error, Error::Setting { .. }) && error.to_string().starts_with(flag), "{error}");
        assert!(!settings.out.exists(), "a refused run leaves nothing behind");
    }

    // Learnable, but far too little for such a vocabulary.
    let error = run(&Settings { vocabulary: 5000, ..settings }).unwrap_err().to_string();
    assert!(error.contains("5000") && error.contains("fewer tokens"), "{error}");
}
