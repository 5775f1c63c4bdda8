//! Ids equal to those of the reference implementations, recorded for 110 inputs: edge cases, real and random sequences.
#![allow(clippy::unwrap_used)] // the helper below is part of the tests

use std::path::PathBuf;

use episome_tokenizer::{Error, Tokenizer};
use sequence::Alphabet;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/tokenizers")).join(name)
}

/// Compares every line of golden.jsonl; returns how many were compared.
fn compare(tokenizer: &Tokenizer, key: &str) -> usize {
    let golden = std::fs::read_to_string(folder("golden.jsonl")).unwrap();
    let mut compared = 0;
    for (index, line) in golden.lines().enumerate() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let expected: Vec<u32> = serde_json::from_value(line[key].clone()).unwrap();
        let sequence = line["seq"].as_str().unwrap();
        assert_eq!(tokenizer.encode(sequence).unwrap(), expected, "{key}, line {}: {sequence:?}", index + 1);
        compared += 1;
    }
    compared
}

#[test]
fn ids_equal_the_reference_for_every_bpe_folder() {
    for (name, key) in [
        ("dna_gpt2_v0", "dna_gpt2_v0_fast"),
        ("dna_bpe_dict_train_output", "dna_bpe_dict_raw"),
        ("dnabert2_like_4096", "dnabert2_like"),
        ("gena_t2t_32k", "gena_t2t_32k"),
    ] {
        let tokenizer = Tokenizer::from_folder(&folder(name)).unwrap();
        assert_eq!(compare(&tokenizer, key), 110, "{name}");
    }
}

#[test]
fn a_folder_without_tokenizer_json_gives_the_same_ids() {
    let copy = tempfile::tempdir().unwrap();
    for name in ["vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"] {
        std::fs::copy(folder("dna_gpt2_v0").join(name), copy.path().join(name)).unwrap();
    }
    let tokenizer = Tokenizer::from_folder(copy.path()).unwrap();
    assert_eq!(compare(&tokenizer, "dna_gpt2_v0_fast"), 110);
    assert_eq!((tokenizer.pad_id(), tokenizer.end_of_text_id()), (Some(0), Some(0)));
    assert_eq!(tokenizer.vocabulary_size(), 30_000);
}

#[test]
fn a_batch_gives_what_single_calls_give() {
    let tokenizer = Tokenizer::from_folder(&folder("dna_gpt2_v0")).unwrap();
    let golden = std::fs::read_to_string(folder("golden.jsonl")).unwrap();
    let sequences: Vec<String> = golden
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["seq"].as_str().unwrap().to_owned()
        })
        .collect();
    let single: Vec<Vec<u32>> =
        sequences.iter().map(|sequence| tokenizer.encode(sequence).unwrap()).collect();
    assert_eq!(tokenizer.encode_batch(&sequences).unwrap(), single);
}

#[test]
fn the_alphabet_is_what_the_vocabulary_knows() {
    let load = |name: &str| Tokenizer::from_folder(&folder(name)).unwrap();

    let dna_gpt2 = load("dna_gpt2_v0");
    assert_eq!(dna_gpt2.alphabet(), Alphabet::Acgt);
    assert!(dna_gpt2.covers("ACGT"));
    assert_eq!(dna_gpt2.unknown_letters("ACGNTaNRC"), ['N', 'R', 'a']);
    assert_eq!((dna_gpt2.pad_id(), dna_gpt2.end_of_text_id()), (Some(0), Some(0)));

    let raw = load("dna_bpe_dict_train_output");
    assert_eq!((raw.pad_id(), raw.end_of_text_id()), (None, Some(0)));

    let dnabert2 = load("dnabert2_like_4096");
    assert_eq!(dnabert2.alphabet(), Alphabet::Acgt);
    assert_eq!((dnabert2.pad_id(), dnabert2.end_of_text_id()), (Some(3), None));
    assert_eq!(dnabert2.unknown_letters("ACGTN"), ['N']);

    // It knows N and seven ambiguity codes, but neither D, H nor V.
    let gena = load("gena_t2t_32k");
    assert_eq!(gena.alphabet(), Alphabet::AcgtN);
    assert_eq!(gena.unknown_letters("ACGTNRYSWKMBDHV"), ['D', 'H', 'V']);
    assert_eq!(gena.vocabulary_size(), 32_000);
}

#[test]
fn saving_writes_the_same_files_again() {
    let tokenizer = Tokenizer::from_folder(&folder("gena_t2t_32k")).unwrap();
    let copy = tempfile::tempdir().unwrap();
    tokenizer.save(copy.path()).unwrap();
    for name in ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"] {
        let original = std::fs::read(folder("gena_t2t_32k").join(name)).unwrap();
        assert_eq!(std::fs::read(copy.path().join(name)).unwrap(), original, "{name}");
    }
    assert_eq!(std::fs::read_dir(copy.path()).unwrap().count(), 3, "nothing half-written is left");
}

#[test]
fn a_folder_without_tokenizer_is_refused_by_name() {
    let empty = tempfile::tempdir().unwrap();
    let error = Tokenizer::from_folder(empty.path()).unwrap_err();
    assert!(matches!(error, Error::NoTokenizer { .. }));
    assert!(error.to_string().contains("merges.txt"), "{error}");
}

#[test]
fn broken_files_are_named_with_the_place_of_the_fault() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tokenizer.json"), "{\"version\": \"1.0\", \"model\": {").unwrap();
    let error = Tokenizer::from_folder(folder.path()).unwrap_err().to_string();
    assert!(error.contains("tokenizer.json") && error.contains("line 1"), "{error}");

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("vocab.json"), r#"{"A": 0, "C": 1, "AC": 2}"#).unwrap();
    std::fs::write(folder.path().join("merges.txt"), "#version: 0.2\nA C\nAC\n").unwrap();
    let error = Tokenizer::from_folder(folder.path()).unwrap_err().to_string();
    assert!(error.contains("merges.txt") && error.contains("line 3"), "{error}");
}
