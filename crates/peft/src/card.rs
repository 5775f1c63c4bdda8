//! The model card: README.md of an adapter folder, as the Hub shows it (huggingface.co/docs/hub/model-cards).

use std::fmt::Write;

use models::Task;

use crate::{Adapter, AdapterLabels};

/// What a model card says beyond what the adapter itself knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// The heading.
    pub title: String,
    /// The revision of the base model, where it came from the Hub.
    pub base_revision: Option<String>,
    /// Further tags, for instance the organism.
    pub tags: Vec<String>,
    /// Headings with their text, in Markdown: what it is for, the data, how well it does and on how many records, limits.
    pub sections: Vec<(String, String)>,
}

impl Card {
    pub(crate) fn render(&self, adapter: &Adapter, labels: &AdapterLabels) -> String {
        let mut card = String::from("---\n");
        let base = adapter.base_name();
        let mut tags = vec!["dna".to_owned(), "genomics".to_owned(), "episome".to_owned()];
        tags.push(adapter.method().peft_type().to_lowercase());
        if is_hub_id(base) {
            let _ = writeln!(card, "base_model: {base}");
            tags.push(format!("base_model:adapter:{base}"));
        }
        card += "library_name: peft\n";
        if let Task::SequenceClassification { .. } = adapter.task() {
            card += "pipeline_tag: text-classification\n";
        }
        card += "tags:\n";
        for tag in tags.iter().chain(&self.tags) {
            let _ = writeln!(card, "- {}", serde_json::json!(tag));
        }
        let _ = write!(card, "---\n\n# {}\n\n", self.title);

        let method = adapter.method().peft_type();
        let modules = adapter.matched_modules().len();
        let trained: usize = adapter.parameters().iter().map(|one| one.variable.elem_count()).sum();
        let revision =
            self.base_revision.as_ref().map_or(String::new(), |revision| format!(" (revision {revision})"));
        let _ = writeln!(
            card,
            "A {method} adapter for the DNA language model `{base}`{revision}: {trained} trained parameters, in {modules} \
             modules and what is trained whole beside them.\n"
        );
        if !labels.labels.is_empty() {
            card += "| index | class |\n|---|---|\n";
            for (index, label) in labels.labels.iter().enumerate() {
                let _ = writeln!(card, "| {index} | {} |", label.replace('|', "\\|"));
            }
            card.push('\n');
        }
        for (heading, text) in &self.sections {
            let _ = writeln!(card, "## {heading}\n\n{}\n", text.trim());
        }
        card += "## How to use it\n\n";
        card += "In Episome: drop this folder on the window, or `episome predict THIS_FOLDER --input sequences.fasta \
                 --out predictions.csv`.\n\n";
        card += "In Python, with `pip install torch transformers peft`:\n\n```sh\n";
        card += "python load_adapter.py                       # checks that it gives the logits in selftest.jsonl\n";
        card += "python load_adapter.py --input sequences.fasta\n```\n";
        card
    }
}

/// Whether a name can be one on the Hub: `gpt2` or `owner/name`, and no path.
fn is_hub_id(name: &str) -> bool {
    let valid = |part: &str| {
        !part.is_empty()
            && !part.starts_with(['.', '-'])
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    name.split('/').count() <= 2 && name.split('/').all(valid)
}
