//! What the behaviour tests share: the program, real data, and a small base model.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use candle_core::{DType, Device};
use models::{Base, Config, Gpt2Config};
use serde_json::Value;
use tempfile::TempDir;

/// The project's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file of the data that stands beside the project.
pub fn data(path: &str) -> PathBuf {
    let path = root().join("../shared/data").join(path);
    assert!(path.exists(), "these tests read real data from {}", path.display());
    path
}

/// The interpreter that `cargo xtask test` prepares. Without it, on a person's machine, a test of Python is passed
/// over with a line that says so; where CI is set it is an error.
pub fn python() -> Option<Command> {
    match std::env::var_os("EPISOME_PYTHON") {
        Some(interpreter) => {
            let mut command = Command::new(interpreter);
            command
                .env("HF_HUB_OFFLINE", "1")
                .env("OMP_NUM_THREADS", "2")
                .env("TRANSFORMERS_VERBOSITY", "error");
            Some(command)
        }
        None if std::env::var_os("CI").is_some() => {
            panic!("EPISOME_PYTHON is not set: run `cargo xtask test`")
        }
        None => {
            eprintln!("skipped: EPISOME_PYTHON is not set; `cargo xtask test` prepares it");
            None
        }
    }
}

/// A call of the program.
pub struct Episome(Command);

/// The program with a home of its own, so that no test sees another's cache.
pub fn episome<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Episome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_episome"));
    command.args(arguments).stdin(Stdio::null());
    for name in ["HF_ENDPOINT", "HF_TOKEN", "HF_HUB_CACHE", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    // Tests see the processor, whatever lies beside the program; and the keyring of whoever runs them is none of theirs.
    command.env("HF_HUB_OFFLINE", "1").env("EPISOME_CUDA", "none").env("EPISOME_KEYRING", "off");
    Episome(command)
}

impl Episome {
    /// Adds one argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.0.arg(argument);
        self
    }

    /// Adds arguments.
    pub fn args<I: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = I>) -> Self {
        self.0.args(arguments);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// The command itself, to be started in another way.
    pub fn command(self) -> Command {
        self.0
    }

    /// Runs the program and keeps what it printed.
    pub fn run(mut self) -> Finished {
        let output = self.0.output().expect("the program starts");
        let finished = Finished::of(output);
        assert!(!finished.stderr.contains("panicked at"), "a panic reached the user:\n{}", finished.stderr);
        finished
    }

    /// Runs the program, which must succeed.
    pub fn succeeds(self) -> Finished {
        let finished = self.run();
        assert_eq!(finished.code, Some(0), "stderr:\n{}\nstdout:\n{}", finished.stderr, finished.stdout);
        finished
    }

    /// Runs the program, which must fail with an error of its own making.
    pub fn fails(self) -> Finished {
        let finished = self.run();
        assert!(
            finished.code.is_some_and(|code| code != 0),
            "it should have failed; stdout:\n{}\nstderr:\n{}",
            finished.stdout,
            finished.stderr
        );
        finished
    }
}

/// What the program printed and how it ended.
pub struct Finished {
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// What it printed for machines or as an answer.
    pub stdout: String,
    /// What it said to the person.
    pub stderr: String,
}

impl Finished {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    /// Every line of stdout, each of which must be a JSON object.
    pub fn lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line:?}"));
        self.stdout.lines().map(parse).collect()
    }

    /// The one JSON object on stdout.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {:?}", self.stdout))
    }

    /// The objects of one type.
    pub fn events(&self, kind: &str) -> Vec<Value> {
        self.lines().into_iter().filter(|event| event["type"] == kind).collect()
    }
}

/// A folder that is removed at the end of the test.
pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A GPT-2 of 2 × 32 with the tutorial's tokenizer (vocabulary 30,000) and random weights.
pub fn small_base(parent: &Path) -> PathBuf {
    let folder = parent.join("base");
    let shape = Gpt2Config {
        n_layer: 2,
        n_embd: 32,
        n_head: 4,
        n_positions: 128,
        pad_token_id: Some(0),
        ..Gpt2Config::small(30_000)
    };
    let base = Base::random(Config::Gpt2(shape), 7, &Device::Cpu).expect("a random base");
    base.save(&folder, DType::F32).expect("the base is saved");
    copy_tokenizer("dna_gpt2_v0", &folder);
    folder
}

/// Copies a tokenizer of the data beside the project into a model's folder.
pub fn copy_tokenizer(name: &str, folder: &Path) {
    for file in ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"] {
        std::fs::copy(data(&format!("tokenizers/{name}/{file}")), folder.join(file))
            .expect("a tokenizer's file");
    }
}

/// A table of two classes that a small model tells apart: each has a motif of its own in random DNA.
pub fn motif_table(parent: &Path, records: usize) -> PathBuf {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) % bound
    };
    let mut text = String::from("name,sequence,label\n");
    for record in 0..records {
        let label = record % 2;
        let mut bases: Vec<u8> = (0..60).map(|_| b"ACGT"[draw(4) as usize]).collect();
        let place = draw(40) as usize;
        bases[place..place + 12].copy_from_slice([b"TATAAATATATA", b"GCGGGCGCCGGC"][label]);
        let sequence = String::from_utf8(bases).expect("letters");
        text += &format!("read{record},{sequence},{}\n", ["enhancer", "promoter"][label]);
    }
    let path = parent.join("motifs.csv");
    std::fs::write(&path, text).expect("the table is written");
    path
}

/// The arguments of a training that takes a second or two.
pub fn quick_training(data: &Path, base: &Path, run: &Path) -> Episome {
    episome([
        "train",
        "--json",
        "--epochs",
        "2",
        "--batch-size",
        "8",
        "--learning-rate",
        "0.01",
        "--seed",
        "5",
    ])
    .args(["--rank", "4", "--alpha", "8", "--threads", "2"])
    .arg("--data")
    .arg(data)
    .arg("--model")
    .arg(base)
    .arg("--out")
    .arg(run)
}

/// A small base and a finished run on it: (base, run).
pub fn trained(parent: &Path) -> (PathBuf, PathBuf) {
    let (base, run) = (small_base(parent), parent.join("run"));
    quick_training(&motif_table(parent, 120), &base, &run).arg("--no-baseline").succeeds();
    (base, run)
}

/// The model into which a run's adapter is merged.
pub fn merged(base: &Path, run: &Path) -> PathBuf {
    let merged = run.with_file_name("merged");
    episome(["merge"]).arg(run.join("adapter")).arg("--model").arg(base).arg("--out").arg(&merged).succeeds();
    merged
}

/// The rows of a CSV file as maps from column to text.
pub fn csv_rows(path: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a CSV file");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}
