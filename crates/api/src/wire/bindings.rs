//! The commands and their types in TypeScript, for `ui/src/lib/bindings`.

use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

use super::jobs::{JobEvent, Message, Started};

/// Types met so far, by their names in TypeScript.
pub struct Types {
    configuration: Config,
    declarations: BTreeMap<String, String>,
    seen: Vec<std::any::TypeId>,
    /// Names that two different types claim.
    clashes: Vec<String>,
}

impl Types {
    fn new() -> Types {
        // Counts and sizes stay below 2^53.
        let configuration = Config::new().with_large_int("number");
        Types { configuration, declarations: BTreeMap::new(), seen: Vec::new(), clashes: Vec::new() }
    }

    /// Takes a type and all that it consists of; gives its name.
    pub fn name<T: TS + 'static + ?Sized>(&mut self) -> String {
        self.visit::<T>();
        T::name(&self.configuration)
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let id = std::any::TypeId::of::<T>();
        if self.seen.contains(&id) {
            return;
        }
        self.seen.push(id);
        // Numbers, texts, lists and the like have no declaration of their own.
        if T::output_path().is_some() {
            let name = T::ident(&self.configuration);
            let docs = T::docs().unwrap_or_default();
            let declaration = tidy(&format!("{docs}export {}\n", T::decl(&self.configuration)));
            if self.declarations.get(&name).is_some_and(|other| *other != declaration) {
                self.clashes.push(name.clone());
            }
            self.declarations.insert(name, declaration);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// Comments of one line on one line, fields indented.
fn tidy(declaration: &str) -> String {
    let mut text = String::new();
    let mut lines = declaration.lines().peekable();
    let mut depth = 0;
    while let Some(line) = lines.next() {
        let line = line.trim_end();
        let indent = if depth > 0 && !line.is_empty() { "  " } else { "" };
        if line == "/**"
            && let Some(words) = lines.next()
        {
            let words = words.trim_end().trim_start_matches(" *").trim();
            if lines.peek().is_some_and(|end| end.trim() == "*/") {
                lines.next();
                text += &format!("{indent}/** {words} */\n");
            } else {
                text += &format!("{indent}/**\n{indent} * {words}\n");
            }
            continue;
        }
        text += &format!("{indent}{line}\n");
        depth += line.matches('{').count();
        depth -= line.matches('}').count().min(depth);
    }
    text
}

const HEADER: &str = "// Generated from the Rust types by `cargo xtask docs`; a test fails while they differ. Do not edit.\n\n";

/// The generated files: name and content.
///
/// # Errors
/// The names that two different types claim.
pub fn files() -> Result<Vec<(&'static str, String)>, String> {
    let mut types = Types::new();
    types.name::<crate::Error>();
    types.name::<Message>();
    types.name::<JobEvent>();
    types.name::<Started>();
    let (mut commands, mut jobs) = (String::new(), String::new());
    for command in super::commands() {
        let [request, progress, answer] = command.types(&mut types).map(Option::unwrap_or_default);
        let name = command.name();
        if progress.is_empty() {
            commands += &format!("  \"{name}\": {{ request: {request}; answer: {answer} }};\n");
        } else {
            jobs +=
                &format!("  \"{name}\": {{ request: {request}; progress: {progress}; answer: {answer} }};\n");
        }
    }
    if !types.clashes.is_empty() {
        return Err(format!("two types have one name: {}", types.clashes.join(", ")));
    }
    let declarations: Vec<&str> = types.declarations.values().map(String::as_str).collect();
    let names: Vec<&str> = types
        .declarations
        .keys()
        .map(String::as_str)
        .filter(|name| {
            let used = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == *name);
            used(&commands) || used(&jobs)
        })
        .collect();
    let commands = format!(
        "{HEADER}import type {{\n  {},\n}} from \"./types\";\n\n/** Commands that answer at once. */\nexport interface Commands \
         {{\n{commands}}}\n\n/** Commands that start a job: `Started` at once, then messages. */\nexport interface Jobs {{\n{jobs}}}\n",
        names.join(",\n  ")
    );
    Ok(vec![
        ("types.ts", format!("{HEADER}{}", declarations.join("\n"))),
        ("commands.ts", commands),
        (
            "index.ts",
            format!("{HEADER}export type * from \"./types\";\nexport type * from \"./commands\";\n"),
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bindings_in_ui_are_up_to_date() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/lib/bindings");
        for (name, content) in files().unwrap() {
            let there = std::fs::read_to_string(format!("{folder}/{name}")).unwrap_or_default();
            assert!(there == content, "ui/src/lib/bindings/{name} is out of date: run `cargo xtask docs`");
        }
    }

    #[test]
    fn every_command_has_one_name() {
        let mut names: Vec<&str> = super::super::commands().iter().map(|command| command.name()).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
