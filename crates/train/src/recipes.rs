//! Settings that go well together, for those who do not want to choose each.

use crate::configuration::RunConfiguration;
use crate::error::Error;
use serde::Serialize;

/// Settings that go well together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Recipe {
    /// Its name on the command line (`--preset`).
    pub name: &'static str,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// The settings by name, as text; all others keep their defaults.
    pub settings: &'static [(&'static str, &'static str)],
}

/// The recipes, from the quickest on.
pub const RECIPES: &[Recipe] = &[
    Recipe {
        name: "quick",
        about: "A first look: two passes over the data with a small adapter. Enough to see whether there is something to learn.",
        settings: &[("epochs", "2"), ("rank", "4"), ("alpha", "8")],
    },
    Recipe {
        name: "balanced",
        about: "The usual choice: up to six passes, and the end as soon as the validation records stop improving.",
        settings: &[("epochs", "6"), ("early_stopping", "2")],
    },
    Recipe {
        name: "thorough",
        about: "For the final result: a larger adapter, a lower learning rate, up to twenty passes. Takes several times as long.",
        settings: &[
            ("epochs", "20"),
            ("rank", "16"),
            ("alpha", "32"),
            ("learning_rate", "0.0005"),
            ("scheduler", "cosine"),
            ("early_stopping", "4"),
        ],
    },
];

impl Recipe {
    /// The recipe called `name`.
    ///
    /// # Errors
    /// When there is none of that name; the message lists them.
    pub fn named(name: &str) -> Result<&'static Recipe, Error> {
        RECIPES.iter().find(|recipe| recipe.name == name).ok_or_else(|| {
            let names: Vec<&str> = RECIPES.iter().map(|recipe| recipe.name).collect();
            let reason = format!("it is one of {}", names.join(", "));
            Error::Setting { flag: "--preset".to_owned(), value: name.to_owned(), reason }
        })
    }

    /// Puts its settings into `configuration`, over what is there.
    ///
    /// # Errors
    /// When one of them is outside its limits, which a test rules out.
    pub fn apply(&self, configuration: &mut RunConfiguration) -> Result<(), Error> {
        self.settings.iter().try_for_each(|(name, text)| configuration.set(name, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_sets_what_it_says() {
        for recipe in RECIPES {
            let mut configuration = RunConfiguration::default();
            recipe.apply(&mut configuration).unwrap();
            assert_ne!(configuration, RunConfiguration::default(), "{}", recipe.name);
        }
        assert!(Recipe::named("slow").unwrap_err().to_string().contains("quick, balanced, thorough"));
    }
}
