//! docs/hyperparameters.md, made from the descriptions that the command line and the forms use.

use crate::hyperparameter_table::HYPERPARAMETERS;
use crate::hyperparameters::{Group, Hyperparameter, Preset};

/// The page, in Markdown. `cargo xtask docs` writes it; a test fails while the file differs.
pub fn hyperparameter_page() -> String {
    let mut page = String::from(
        "# Hyperparameters\n\nEvery setting of `episome train`. This page is made by `cargo xtask docs` from the \
         descriptions that the command line and the forms use too.\n",
    );
    let groups = [
        (Group::Data, "Columns and splits"),
        (Group::Method, "The adapter"),
        (Group::Training, "Training"),
        (Group::Evaluation, "Evaluation"),
        (Group::Machine, "Machine"),
    ];
    for (group, title) in groups {
        page += &format!("\n## {title}\n");
        for one in HYPERPARAMETERS.iter().filter(|one| one.group == group) {
            page += &format!("\n### `{}`\n\n{}. {}\n\n{}\n", one.flag, one.help, one.explanation, facts(one));
        }
    }
    page
}

/// The default, the limits and the choices, in a line.
fn facts(one: &Hyperparameter) -> String {
    let mut facts = vec![format!("Default: {}", preset(&one.default))];
    if let Some([least, most]) = one.limits {
        facts.push(format!("from {least} to {most}"));
    }
    if let Some([least, most]) = one.usual {
        facts.push(format!("usually from {least} to {most}"));
    }
    if !one.choices.is_empty() {
        facts.push(format!("one of `{}`", one.choices.join("`, `")));
    }
    facts.push(format!("`{}` in run.json", one.name));
    facts.join("; ") + "."
}

fn preset(preset: &Preset) -> String {
    match preset {
        Preset::Nothing => "chosen from the data or the model".to_owned(),
        Preset::Switch(on) => if *on { "on" } else { "off" }.to_owned(),
        Preset::Integer(number) => format!("`{number}`"),
        Preset::Number(number) => format!("`{number}`"),
        Preset::Text(word) => format!("`{word}`"),
        Preset::List([]) => "none".to_owned(),
        Preset::List(words) => format!("`{}`", words.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::hyperparameter_page;

    #[test]
    fn the_page_in_docs_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/hyperparameters.md");
        let page = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            page == hyperparameter_page(),
            "docs/hyperparameters.md is out of date: run `cargo xtask docs`"
        );
    }
}
