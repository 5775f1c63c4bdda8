//! The library of runs and adapters, and what the machine offers.

use crate::support::{episome, folder, motif_table, quick_training, small_base};

#[test]
fn runs_and_adapters_are_listed_with_their_state() {
    let scratch = folder();
    let base = small_base(scratch.path());
    let library = scratch.path().join("library");
    std::fs::create_dir(&library).expect("a folder");
    quick_training(&motif_table(scratch.path(), 60), &base, &library.join("first"))
        .arg("--no-baseline")
        .succeeds();
    let runs = episome(["runs", "--json"]).arg(&library).succeeds().stdout;
    assert!(runs.contains("first") && runs.contains("finished"), "{runs}");
    let adapters = episome(["adapters", "list", "--json"]).arg(&library).succeeds().stdout;
    assert!(adapters.contains("adapter") && adapters.contains("promoter"), "{adapters}");
}

#[test]
fn doctor_knows_the_machine() {
    let answer = episome(["doctor", "--json"]).succeeds().json();
    assert!(
        !answer["device"].is_null() && !answer["threads"].is_null() && !answer["memory"].is_null(),
        "{answer}"
    );
}
