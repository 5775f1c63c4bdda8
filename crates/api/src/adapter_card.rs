//! The model card of an adapter, filled in by a person, and the lines that use the adapter in Python.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{BaseModel, EMBEDDED_MODEL, Engine, Error, Source, base_model};

/// What only a person knows of an adapter. Empty texts are left out of the card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CardForm {
    /// The heading.
    pub title: String,
    /// What it is, in a few sentences.
    pub summary: String,
    /// The organism or organisms.
    pub organism: String,
    /// The licence by its SPDX name, such as `cc-by-4.0`.
    pub licence: String,
    /// Who made it.
    pub authors: String,
    /// What it is meant for.
    pub intended_use: String,
    /// What it must not be used for, and where it fails.
    pub limits: String,
    /// Where the data come from.
    pub data: String,
    /// How to cite it.
    pub citation: String,
}

/// The sections that a person writes, by their headings.
const SECTIONS: [&str; 7] =
    ["Summary", "Organism", "Intended use", "Limits", "Origin of the data", "Authors", "Citation"];

impl CardForm {
    fn section(&self, heading: &str) -> &str {
        match heading {
            "Summary" => &self.summary,
            "Organism" => &self.organism,
            "Intended use" => &self.intended_use,
            "Limits" => &self.limits,
            "Origin of the data" => &self.data,
            "Authors" => &self.authors,
            _ => &self.citation,
        }
    }
}

/// A card taken apart.
struct Card {
    /// The lines between `---`, which the Hub reads.
    front: Vec<String>,
    title: String,
    /// What stands between the title and the first section.
    opening: String,
    /// Headings with their text.
    sections: Vec<(String, String)>,
}

fn path_of(adapter: &Path) -> Result<PathBuf, Error> {
    Ok(crate::adapter_folder(adapter)?.join("README.md"))
}

fn parse(text: &str) -> Card {
    let (mut front, mut body) = (Vec::new(), text);
    if let Some(rest) = text.strip_prefix("---\n")
        && let Some((head, tail)) = rest.split_once("\n---\n")
    {
        front = head.lines().map(str::to_owned).collect();
        body = tail;
    }
    let mut card = Card { front, title: String::new(), opening: String::new(), sections: Vec::new() };
    let mut code = false;
    for line in body.lines() {
        code ^= line.starts_with("```");
        if let Some(title) = line.strip_prefix("# ").filter(|_| !code && card.title.is_empty()) {
            card.title = title.trim().to_owned();
        } else if let Some(heading) = line.strip_prefix("## ").filter(|_| !code) {
            card.sections.push((heading.trim().to_owned(), String::new()));
        } else {
            let text = card.sections.last_mut().map_or(&mut card.opening, |(_, text)| text);
            text.push_str(line);
            text.push('\n');
        }
    }
    card
}

/// What a person has written into the card of an adapter folder or a run's adapter.
pub fn read_card(adapter: &Path) -> Result<CardForm, Error> {
    let path = path_of(adapter)?;
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(CardForm::default()),
        other => other.map_err(|error| Error::file("read", &path, &error))?,
    };
    let card = parse(&text);
    let section = |heading: &str| {
        let found = card.sections.iter().find(|(known, _)| known == heading);
        found.map(|(_, text)| text.trim().to_owned()).unwrap_or_default()
    };
    let licence = card.front.iter().find_map(|line| line.strip_prefix("license:"));
    Ok(CardForm {
        title: card.title.clone(),
        summary: section("Summary"),
        organism: section("Organism"),
        licence: licence.map(|licence| licence.trim().trim_matches('"').to_owned()).unwrap_or_default(),
        authors: section("Authors"),
        intended_use: section("Intended use"),
        limits: section("Limits"),
        data: section("Origin of the data"),
        citation: section("Citation"),
    })
}

/// Writes what a person has filled in into the card; what the training wrote there stays. Gives the card's path.
pub fn write_card(adapter: &Path, form: &CardForm) -> Result<PathBuf, Error> {
    let path = path_of(adapter)?;
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        other => other.map_err(|error| Error::file("read", &path, &error))?,
    };
    let mut card = parse(&text);
    card.front.retain(|line| !line.starts_with("license:"));
    let licence: String = form
        .licence
        .trim()
        .to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-._".contains(*c))
        .collect();
    if !licence.is_empty() {
        card.front.push(format!("license: {licence}"));
    }
    let title = one_line(&form.title);
    if !title.is_empty() {
        card.title = title;
    }
    card.sections.retain(|(heading, _)| !SECTIONS.contains(&heading.as_str()));
    let written = SECTIONS.iter().filter_map(|heading| {
        let text = form.section(heading).trim();
        // A heading in a text would become a section of its own.
        let quiet: Vec<String> = text
            .lines()
            .map(|line| {
                if line.starts_with("# ") || line.starts_with("## ") {
                    format!("#{line}")
                } else {
                    line.to_owned()
                }
            })
            .collect();
        (!text.is_empty()).then(|| ((*heading).to_owned(), format!("\n{}\n\n", quiet.join("\n"))))
    });
    let written: Vec<(String, String)> = written.collect();
    card.sections.splice(0..0, written);
    let opening = card.opening.trim();
    let gap = if opening.is_empty() { "" } else { "\n\n" };
    let mut text = format!("---\n{}\n---\n\n# {}\n\n{opening}{gap}", card.front.join("\n"), card.title);
    for (heading, section) in &card.sections {
        text.push_str(&format!("## {heading}\n{section}"));
    }
    let aside = path.with_file_name(format!(".README.md.{}.partial", std::process::id()));
    std::fs::write(&aside, text).and_then(|()| std::fs::rename(&aside, &path)).map_err(|error| {
        let _ = std::fs::remove_file(&aside);
        Error::file("write", &path, &error)
    })?;
    Ok(path)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of Python that load an adapter with its base model and predict a sequence.
pub fn snippet(engine: &Engine, adapter: &Path, model: Option<&str>) -> Result<String, Error> {
    let folder = crate::adapter_folder(adapter)?;
    let folder = std::path::absolute(&folder).map_err(|error| Error::file("find", &folder, &error))?;
    let name = match model {
        Some(model) => model.to_owned(),
        None => peft::read_base_name(&folder)?,
    };
    // The embedded model is on no Hub: Python opens the folder to which it was unpacked.
    let base = if name == EMBEDDED_MODEL {
        let BaseModel { folder, source: Source::Embedded, .. } =
            base_model(engine, &name, None, &mut |_| {})?
        else {
            return Err(Error::new(crate::Kind::Internal, "the embedded model is somewhere else"));
        };
        folder.display().to_string()
    } else {
        name
    };
    let labels = peft::read_labels(&folder)?.map(|labels| labels.labels).unwrap_or_default();
    let json = |value: &serde_json::Value| value.to_string();
    Ok(format!(
        "# pip install torch transformers peft\n\
         import torch\n\
         from peft import PeftModel\n\
         from tokenizers import Tokenizer\n\
         from transformers import AutoModelForSequenceClassification\n\
         \n\
         adapter = {}\n\
         labels = {}\n\
         base = AutoModelForSequenceClassification.from_pretrained({}, num_labels=len(labels))\n\
         model = PeftModel.from_pretrained(base.float(), adapter).eval()\n\
         tokenizer = Tokenizer.from_file(adapter + \"/tokenizer/tokenizer.json\")\n\
         tokenizer.no_padding()\n\
         tokenizer.no_truncation()\n\
         \n\
         sequence = \"ACGT\" * 20\n\
         with torch.no_grad():\n\
         \x20   logits = model(torch.tensor([tokenizer.encode(sequence).ids])).logits[0]\n\
         for label, probability in zip(labels, logits.softmax(0).tolist()):\n\
         \x20   print(label, round(probability, 4))\n",
        json(&folder.display().to_string().into()),
        json(&labels.into()),
        json(&base.into()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "---\nlibrary_name: peft\ntags:\n- \"dna\"\n---\n\n# run7\n\nA LORA adapter.\n\n## How well\n\n| a |\n\n## How to use it\n\n```sh\n## no heading\n```\n";

    #[test]
    fn a_person_adds_to_the_card_and_what_the_training_wrote_stays() {
        let scratch = tempfile::tempdir().unwrap();
        std::fs::write(scratch.path().join("adapter_config.json"), "{}").unwrap();
        let path = scratch.path().join("README.md");
        std::fs::write(&path, WRITTEN).unwrap();
        let mut form = read_card(scratch.path()).unwrap();
        assert_eq!(form, CardForm { title: "run7".to_owned(), ..CardForm::default() });
        form.title = "Promoters of\nyeast".to_owned();
        form.licence = "CC-BY-4.0".to_owned();
        form.limits = "Not for plants.\n## Really".to_owned();
        write_card(scratch.path(), &form).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with(
                "---\nlibrary_name: peft\ntags:\n- \"dna\"\nlicense: cc-by-4.0\n---\n\n# Promoters of yeast\n"
            ),
            "{text}"
        );
        for kept in ["A LORA adapter.", "## How well", "| a |", "```sh\n## no heading\n```"] {
            assert!(text.contains(kept), "{kept} in {text}");
        }
        let again = read_card(scratch.path()).unwrap();
        assert_eq!(
            (again.licence.as_str(), again.limits.as_str()),
            ("cc-by-4.0", "Not for plants.\n### Really")
        );
        write_card(scratch.path(), &again).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "writing again changes nothing");
    }
}
