use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// Models and data sets that the app suggests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Base models.
    pub models: Vec<CatalogueModel>,
    /// Labelled data to try them on.
    pub datasets: Vec<CatalogueDataset>,
}

/// A base model that the app suggests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueModel {
    /// Id on the Hub.
    pub id: String,
    /// Architecture, as `model inspect` names it.
    pub family: String,
    /// What turns a sequence into tokens, in words.
    pub tokenizer: String,
    /// Parameters, about; none where the source does not tell.
    pub parameters: Option<u64>,
    /// Licence, where known from its page.
    pub licence: Option<String>,
    /// Whether it can be used now.
    pub status: Status,
    /// Why it cannot be used yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The supported model that comes nearest, for one that is not supported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
    /// A sentence for a biologist.
    pub about: String,
}

/// A data set that the app suggests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueDataset {
    /// Id on the Hub.
    pub id: String,
    /// What is to be told apart.
    pub task: String,
    /// Rows, about.
    pub rows: Option<u64>,
    /// Licence, where known from its page.
    pub licence: Option<String>,
    /// A sentence for a biologist.
    pub about: String,
}

/// Whether a model can be used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It loads and trains.
    Supported,
    /// It is refused, with a reason.
    NotYet,
}

const TEXT: &str = include_str!("../../../assets/catalogue.json");

/// The catalogue that is part of the program.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    // A test reads the same text, so the fallback is for the compiler.
    CATALOGUE
        .get_or_init(|| serde_json::from_str(TEXT).unwrap_or(Catalogue { models: vec![], datasets: vec![] }))
}

impl Catalogue {
    /// The entry of a model.
    pub fn model(&self, id: &str) -> Option<&CatalogueModel> {
        self.models.iter().find(|model| model.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_text_is_whole_and_every_reference_leads_somewhere() {
        let parsed: Catalogue = serde_json::from_str(TEXT).unwrap();
        assert_eq!(&parsed, catalogue());
        for model in &parsed.models {
            assert!(crate::repository::check_id(&model.id).is_ok(), "{}", model.id);
            match model.status {
                Status::Supported => {
                    assert_eq!((&model.family[..], &model.reason), ("gpt2", &None), "{}", model.id)
                }
                Status::NotYet => {
                    assert!(model.reason.is_some(), "{}", model.id);
                    let nearest = parsed.model(model.nearest.as_deref().unwrap()).unwrap();
                    assert_eq!(nearest.status, Status::Supported, "{}", model.id);
                }
            }
        }
        for id in ["dnagpt/dna_gpt2_v0", "gpt2"] {
            assert_eq!(parsed.model(id).unwrap().status, Status::Supported);
        }
        assert!(parsed.datasets.iter().any(|dataset| dataset.id == "dnagpt/dna_promoter_300"));
        let mut ids: Vec<_> = parsed.models.iter().map(|model| &model.id).collect();
        ids.dedup();
        assert_eq!(ids.len(), parsed.models.len());
    }
}
