//! Which architectures run, and what to say of those that do not.

use std::path::Path;

use serde_json::{Map, Value};

use crate::{Error, Result};

/// An architecture that is known and does not run yet.
struct Refused {
    /// A part of `model_type` or of the class in `architectures`, lower case.
    marks: &'static [&'static str],
    what: &'static str,
    reason: &'static str,
    nearest: &'static str,
}

const DNA_GPT2: &str = "dnagpt/dna_gpt2_v0 (GPT-2, byte-level BPE)";
const SIX_MER_GPT2: &str = "zhangtaolab/plant-dnagpt-6mer (GPT-2, 6-mers)";

/// Before the general ones the particular ones: the first that matches is told.
const REFUSED: &[Refused] = &[
    Refused {
        marks: &["modernbert"],
        what: "a ModernBERT encoder",
        reason: "its local attention and pooled head are not implemented",
        nearest: DNA_GPT2,
    },
    Refused {
        marks: &["esm"],
        what: "an ESM encoder (Nucleotide Transformer)",
        reason: "bidirectional encoders are not implemented",
        nearest: SIX_MER_GPT2,
    },
    Refused {
        marks: &["bert"],
        what: "a BERT encoder (DNABERT, DNABERT-2, GROVER, GENA-LM)",
        reason: "bidirectional encoders are not implemented",
        nearest: DNA_GPT2,
    },
    Refused {
        marks: &["llama", "mistral", "gemma", "qwen"],
        what: "a Llama-like decoder",
        reason: "rotary positions and gated MLPs are not implemented",
        nearest: SIX_MER_GPT2,
    },
    Refused {
        marks: &["hyena"],
        what: "a HyenaDNA model",
        reason: "long convolutions are not implemented",
        nearest: DNA_GPT2,
    },
    Refused {
        marks: &["caduceus", "mamba"],
        what: "a Mamba model (Caduceus)",
        reason: "state-space layers are not implemented",
        nearest: DNA_GPT2,
    },
    Refused {
        marks: &["gpt_neo", "gptneo", "gptj", "gpt_bigcode", "gptbigcode", "opt", "bloom"],
        what: "a decoder related to GPT-2",
        reason: "its attention differs from GPT-2's",
        nearest: DNA_GPT2,
    },
];

/// Refuses every architecture but GPT-2, by name, with the reason and the nearest one that runs.
pub(crate) fn check(object: &Map<String, Value>, path: &Path) -> Result<()> {
    let text = |field: &str| object.get(field).and_then(Value::as_str).map(str::to_owned);
    let class = object
        .get("architectures")
        .and_then(Value::as_array)
        .and_then(|classes| classes.first())
        .and_then(Value::as_str)
        .map(str::to_owned);
    let family = text("model_type");
    match (&family, &class) {
        (Some(family), _) if family == "gpt2" => return Ok(()),
        (None, Some(class)) if class.starts_with("GPT2") => return Ok(()),
        _ => {}
    }

    let model = path.parent().unwrap_or(path).display().to_string();
    let named = match (&family, &class) {
        (Some(family), Some(class)) => format!("`{family}` ({class})"),
        (Some(name), None) | (None, Some(name)) => format!("`{name}`"),
        (None, None) => {
            return Err(Error::Config {
                path: path.to_owned(),
                field: "model_type".into(),
                reason:
                    "is missing, and so is `architectures`: the architecture is unknown. Supported is gpt2"
                        .into(),
            });
        }
    };
    let searched = format!("{} {}", family.unwrap_or_default(), class.unwrap_or_default()).to_lowercase();
    let known = REFUSED.iter().find(|refused| refused.marks.iter().any(|mark| searched.contains(mark)));
    Err(match known {
        Some(refused) => Error::Unsupported {
            model,
            what: format!("{named}, {}", refused.what),
            reason: refused.reason.into(),
            nearest: refused.nearest.into(),
        },
        None => Error::Unsupported {
            model,
            what: named,
            reason: "this version runs GPT-2 models (model_type gpt2)".into(),
            nearest: DNA_GPT2.into(),
        },
    })
}
