//! `episome model inspect` and `train --dry-run` say what peft says, before anything is loaded.

use serde_json::json;

use crate::support::{copy_tokenizer, data, episome, folder, motif_table, small_base};

/// A folder with GPT-2 small's shape, vocabulary 30,000 and no weights.
fn shape_of_gpt2_small(parent: &std::path::Path) -> std::path::PathBuf {
    let folder = parent.join("gpt2-small");
    std::fs::create_dir(&folder).expect("a folder");
    let config = json!({
        "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 30_000, "n_positions": 1024,
        "n_embd": 768, "n_layer": 12, "n_head": 12, "pad_token_id": 0
    });
    std::fs::write(folder.join("config.json"), config.to_string()).expect("config.json");
    copy_tokenizer("dna_gpt2_v0", &folder);
    folder
}

#[test]
fn a_dry_run_counts_as_peft_does() {
    let scratch = folder();
    let base = shape_of_gpt2_small(scratch.path());
    let answer = episome(["train", "--dry-run", "--json", "--rank", "8", "--target", "c_attn", "--data"])
        .arg(data("prom300/dev.csv"))
        .arg("--model")
        .arg(&base)
        .arg("--out")
        .arg(scratch.path().join("run"))
        .succeeds()
        .json();
    assert_eq!(answer["trainable_parameters"], 296_448);
    assert_eq!(answer["all_parameters"], 109_180_416);
    let percent = answer["trainable_percent"].as_f64().expect("a number");
    assert_eq!(format!("{percent:.4}"), "0.2715");
    let modules = answer["matched_modules"].as_array().expect("a list");
    assert_eq!(modules.len(), 12);
    assert!(modules.contains(&json!("transformer.h.11.attn.c_attn")));
    assert!(!scratch.path().join("run").exists(), "a dry run makes nothing");
}

#[test]
fn a_glob_names_the_same_modules_as_a_suffix() {
    let scratch = folder();
    let base = shape_of_gpt2_small(scratch.path());
    let count = |target: &str| {
        episome(["train", "--dry-run", "--json", "--target", target, "--data"])
            .arg(data("prom300/dev.csv"))
            .arg("--model")
            .arg(&base)
            .arg("--out")
            .arg(scratch.path().join("run"))
            .succeeds()
            .json()["matched_modules"]
            .clone()
    };
    assert_eq!(count("transformer.h.*.attn.c_attn"), count("c_attn"));
}

#[test]
fn a_target_that_matches_nothing_names_the_nearest() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let failed = episome(["train", "--dry-run", "--target", "c_atn", "--data"])
        .arg(motif_table(scratch.path(), 40))
        .arg("--model")
        .arg(&base)
        .arg("--out")
        .arg(scratch.path().join("run"))
        .fails();
    assert!(failed.stderr.contains("c_attn"), "{}", failed.stderr);
}

#[test]
fn inspect_lists_modules_with_kinds_and_shapes() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let answer = episome(["model", "inspect", "--json"]).arg(&base).succeeds().json();
    assert_eq!(answer["family"], "gpt2");
    let expected = 30_000 * 32 + 128 * 32 + 2 * (12 * 32 * 32 + 13 * 32) + 2 * 32;
    assert_eq!(answer["parameters"], expected);
    let modules = answer["modules"].as_array().expect("a list");
    let attention = modules
        .iter()
        .find(|module| module["name"] == "transformer.h.1.attn.c_attn")
        .expect("the second block's attention");
    assert_eq!(attention["kind"], "Conv1D");
    assert_eq!(attention["shape"], json!([32, 96]));
    assert!(answer["suggested_targets"].as_array().expect("a list").contains(&json!("c_attn")));
}
