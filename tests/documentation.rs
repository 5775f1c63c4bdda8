//! What the pages tell people to type is understood by the program.

use crate::support::{episome, root};

/// The lines in blocks of shell commands that call the program, without comments, variables before them and redirections.
fn commands(page: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_block = line == "```sh";
        } else if in_block {
            let line = line.split(" #").next().unwrap_or_default();
            let mut words = line.split_whitespace().skip_while(|word| word.contains('='));
            if words.next() == Some("episome") {
                found.push(words.map(str::to_owned).collect());
            }
        }
    }
    found
}

#[test]
fn commands_in_the_pages_are_understood() {
    let mut understood = 0;
    for page in [
        "README.md",
        "docs/command-line.md",
        "docs/walkthrough.md",
        "docs/sharing.md",
        "docs/troubleshooting.md",
    ] {
        let text = std::fs::read_to_string(root().join(page)).expect("a page");
        for words in commands(&text) {
            // Asked for help at its end, a command line is read and nothing is done.
            let answer = episome(&words).arg("--help").run();
            assert_eq!(answer.code, Some(0), "{page}: episome {}\n{}", words.join(" "), answer.stderr);
            understood += 1;
        }
    }
    assert!(understood > 15, "only {understood} commands were found");
}
