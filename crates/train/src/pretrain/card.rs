//! The model card: README.md with the front matter that the Hub reads.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::outcome::{Outcome, Scores};
use super::run::MARKOV_ORDER;
use super::settings::Settings;

/// The card of a finished pretraining, in Markdown.
pub(super) fn write(outcome: &Outcome) -> String {
    let Outcome { settings, scores, .. } = outcome;
    let mut card = String::new();
    // Writing to a string does not fail.
    let _ = front_matter(&mut card, outcome)
        .and_then(|()| introduction(&mut card, outcome))
        .and_then(|()| quality(&mut card, outcome, scores))
        .and_then(|()| data(&mut card, outcome))
        .and_then(|()| training(&mut card, outcome))
        .and_then(|()| command(&mut card, settings))
        .and_then(|()| limits(&mut card, outcome));
    card
}

fn front_matter(card: &mut String, outcome: &Outcome) -> std::fmt::Result {
    let score = |value: f64| format!("{value:.4}");
    writeln!(card, "---")?;
    writeln!(card, "library_name: transformers\npipeline_tag: text-generation")?;
    writeln!(card, "tags:\n- biology\n- dna\n- genomics\n- gpt2\n- episome")?;
    writeln!(card, "model-index:\n- name: {}\n  results:", outcome.settings.name)?;
    writeln!(card, "  - task:\n      type: text-generation\n      name: causal language modelling of DNA")?;
    writeln!(
        card,
        "    dataset:\n      type: held-out\n      name: held-out sequences of the training files"
    )?;
    writeln!(card, "    metrics:")?;
    writeln!(
        card,
        "    - type: bits_per_base\n      value: {}",
        score(outcome.scores.trained.bits_per_base())
    )?;
    writeln!(card, "    - type: perplexity\n      name: perplexity per base")?;
    writeln!(card, "      value: {}", score(outcome.scores.trained.perplexity()))?;
    writeln!(card, "---\n")
}

fn introduction(card: &mut String, outcome: &Outcome) -> std::fmt::Result {
    let Settings { name, layers, width, heads, positions, vocabulary, .. } = &outcome.settings;
    writeln!(card, "# {name}\n")?;
    writeln!(
        card,
        "A small GPT-2 language model of DNA, made by `episome pretrain`, to be fine-tuned on a processor: {layers} blocks \
         of width {width} with {heads} heads, {} parameters, up to {positions} tokens. Its byte-level BPE vocabulary has \
         {} tokens (`<|endoftext|>` is 0, A C G N T are 1 to 5); a token is {:.2} bases on average. Weights are in half \
         precision.\n",
        thousands(outcome.parameters as u64),
        thousands(*vocabulary as u64),
        outcome.bases_per_token,
    )
}

fn quality(card: &mut String, outcome: &Outcome, scores: &Scores) -> std::fmt::Result {
    writeln!(card, "## How good it is\n")?;
    writeln!(
        card,
        "On held-out sequences that the model never saw, on either strand. Every model was scored on the same {} bases \
         with the same context before them (the first token of each window is context only). A model that knows the four \
         letters and nothing else needs 2 bits a base, perplexity 4.\n",
        thousands(scores.trained.bases as u64),
    )?;
    writeln!(card, "| model | bits per base | perplexity per base |\n|---|---:|---:|")?;
    let rows = [
        (format!("Markov model of order {MARKOV_ORDER}, fitted to the training part"), scores.markov),
        ("this model before training".to_owned(), scores.untrained),
        ("**this model**".to_owned(), scores.trained),
    ];
    for (name, score) in rows {
        writeln!(card, "| {name} | {:.4} | {:.3} |", score.bits_per_base(), score.perplexity())?;
    }
    writeln!(
        card,
        "\nA language model's bits are those of one way to cut the bases into tokens, the tokenizer's, and so an upper \
         bound of what it needs.\n\n| bits per base on | held-out bases | Markov | this model |\n|---|---:|---:|---:|"
    )?;
    for (source, scores) in outcome.sources.iter().zip(&outcome.by_source) {
        if scores.trained.bases > 0 {
            writeln!(
                card,
                "| {} | {} | {:.4} | {:.4} |",
                short_name(&source.file, outcome),
                thousands(scores.trained.bases as u64),
                scores.markov.bits_per_base(),
                scores.trained.bits_per_base(),
            )?;
        }
    }
    writeln!(card)
}

fn data(card: &mut String, outcome: &Outcome) -> std::fmt::Result {
    let Settings { overlap, held_out, .. } = &outcome.settings;
    writeln!(card, "## Data\n")?;
    writeln!(
        card,
        "Sequences only, no labels. Exact duplicates (either strand) count once. {} % of the bases were held out: whole \
         short sequences and whole blocks of long ones, drawn at random. A stretch of {overlap} or more bases that a \
         sequence shares, on either strand, with a held-out or an excluded one was cut out before training.\n",
        held_out * 100.0,
    )?;
    writeln!(
        card,
        "| file | sequences | bases | duplicates | cut: excluded | held out | cut: held out | trained on |"
    )?;
    writeln!(card, "|---|---:|---:|---:|---:|---:|---:|---:|")?;
    for source in &outcome.sources {
        write!(card, "| {} ", short_name(&source.file, outcome))?;
        for number in [
            source.records,
            source.bases,
            source.duplicates,
            source.excluded_bases,
            source.held_out_bases,
            source.shared_bases,
            source.training_bases,
        ] {
            write!(card, "| {} ", thousands(number))?;
        }
        writeln!(card, "|")?;
    }
    writeln!(card, "\nThe files, by their SHA-256:\n")?;
    for source in &outcome.sources {
        writeln!(card, "- `{}` {}", source.file.display(), source.sha256)?;
    }
    if !outcome.excluded.is_empty() {
        writeln!(card, "\nExcluded, so that the model can be judged on them:\n")?;
        for (file, hash, records) in &outcome.excluded {
            writeln!(card, "- `{}` ({} sequences) {hash}", file.display(), thousands(*records))?;
        }
    }
    writeln!(card)
}

fn training(card: &mut String, outcome: &Outcome) -> std::fmt::Result {
    let Settings { steps, warmup, learning_rate, weight_decay, clip, batch_tokens, unknown_share, .. } =
        &outcome.settings;
    writeln!(card, "## Training\n")?;
    writeln!(
        card,
        "{} steps of at most {} tokens: {} tokens in all, {:.2} passes over the training part, each with other windows and \
         strands. AdamW (β 0.9 and 0.95, weight decay {weight_decay} on matrices), learning rate up to {learning_rate} \
         after {warmup} steps and down to zero as half a cosine, gradients clipped at {clip}, no dropout. In {} % of the \
         windows short runs of letters were replaced by N, which is never predicted. It took {:.0} minutes on {} threads.\n",
        thousands(*steps as u64),
        thousands(*batch_tokens as u64),
        thousands(outcome.tokens),
        outcome.epochs,
        unknown_share * 100.0,
        outcome.seconds / 60.0,
        outcome.threads,
    )
}

fn command(card: &mut String, settings: &Settings) -> std::fmt::Result {
    writeln!(
        card,
        "The command; the same files and settings give the same weights on the same kind of processor:\n"
    )?;
    writeln!(card, "```sh\n{}\n```\n", settings.command())
}

fn limits(card: &mut String, outcome: &Outcome) -> std::fmt::Result {
    writeln!(card, "## Limits\n")?;
    writeln!(
        card,
        "It is small and has read {:.1} million bases: a starting point for learning and for quick experiments, not a \
         model of any genome. Sequences beyond {} tokens must be cut. It knows A, C, G, T and N only. It is not for \
         clinical use.",
        outcome.sources.iter().map(|source| source.training_bases).sum::<u64>() as f64 / 1e6,
        outcome.settings.positions,
    )
}

/// A file's path below the folder that all sources share: a data set's files are often all called train.csv.
fn short_name(file: &Path, outcome: &Outcome) -> String {
    let folders = |file: &Path| -> Vec<PathBuf> { file.ancestors().skip(1).map(Path::to_owned).collect() };
    let mut shared = folders(file);
    for source in &outcome.sources {
        let theirs = folders(&source.file);
        shared.retain(|folder| theirs.contains(folder));
    }
    let below = shared.first().and_then(|folder| file.strip_prefix(folder).ok());
    below.unwrap_or(file).display().to_string()
}

/// 1234567 as 1,234,567.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pretrain::{Score, Source};

    fn outcome(files: &[&str]) -> Outcome {
        let score = |bits| Score { bits, bases: 100 };
        let scores = Scores { markov: score(195.0), untrained: score(240.0), trained: score(190.0) };
        let source =
            |file: &&str| Source { file: file.into(), training_bases: 1_500_000, ..Source::default() };
        Outcome {
            model: "out/model".into(),
            settings: Settings { out: "out".into(), ..Settings::default() },
            sources: files.iter().map(source).collect(),
            excluded: vec![("test.csv".into(), "ab".into(), 12)],
            parameters: 5_132_288,
            bases_per_token: 4.2,
            tokens: 1_000_000,
            epochs: 1.5,
            seconds: 600.0,
            threads: 4,
            scores,
            by_source: vec![scores; files.len()],
        }
    }

    #[test]
    fn the_front_matter_and_the_table_say_the_same_number() {
        let card = write(&outcome(&["a.fa"]));
        let (front, body) = card.split_once("\n---\n").expect("front matter");
        assert!(front.contains("type: bits_per_base\n      value: 1.9000"), "{front}");
        assert!(body.contains("| **this model** | 1.9000 | 3.732 |"), "{body}"); // 2^1.9 = 3.7321
        assert!(body.contains("5,132,288 parameters") && body.contains("read 1.5 million bases"), "{body}");
    }

    #[test]
    fn files_of_the_same_name_are_told_apart() {
        let card = write(&outcome(&["../data/one/train.csv", "../data/two/train.csv"]));
        assert!(card.contains("| one/train.csv |") && card.contains("| two/train.csv |"), "{card}");
        assert!(write(&outcome(&["../data/one/train.csv"])).contains("| train.csv |"));
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }
}
