//! Python's transformers opens a tokenizer that was learned and saved here, and gives the same ids.
//!
//! Needs a Python with transformers in EPISOME_PYTHON (`cargo xtask test` prepares it).

use std::io::Write as _;
use std::process::{Command, Stdio};

use episome_tokenizer::train_bpe;

#[test]
fn auto_tokenizer_gives_the_same_ids() {
    let Some(python) = std::env::var_os("EPISOME_PYTHON") else {
        assert!(std::env::var_os("CI").is_none(), "EPISOME_PYTHON is not set: run `cargo xtask test`");
        eprintln!("skipped: EPISOME_PYTHON is not set; `cargo xtask test` prepares it");
        return;
    };
    // Letters from a linear congruential generator (Knuth's MMIX constants), some of them N.
    let mut state = 11_u64;
    let mut sequences: Vec<String> = Vec::new();
    for length in 1..300 {
        let sequence = (0..length).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            if (state >> 40).is_multiple_of(50) { 'N' } else { ['A', 'C', 'G', 'T'][(state >> 62) as usize] }
        });
        sequences.push(sequence.collect());
    }
    let tokenizer = train_bpe(&sequences, 512).unwrap();
    let folder = tempfile::tempdir().unwrap();
    tokenizer.save(folder.path()).unwrap();

    let mut child = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/interop/tokenizer_round_trip.py"))
        .arg(folder.path())
        .env("HF_HUB_OFFLINE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(sequences.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", output.status);
    let theirs: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();

    let ours = tokenizer.encode_batch(&sequences).unwrap();
    assert_eq!(theirs["ids"], serde_json::json!(ours));
    assert_eq!(theirs["again"], serde_json::json!(ours));
    assert_eq!((&theirs["vocabulary"], &theirs["pad"], &theirs["end"]), (&512.into(), &0.into(), &0.into()));
}
