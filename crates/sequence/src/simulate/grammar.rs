//! The motif grammar and its sequences.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::random::Draws;

/// What a site is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grammar {
    /// The first motif, in IUPAC codes.
    pub first: String,
    /// The second motif, in IUPAC codes.
    pub second: String,
    /// The fewest letters between the two.
    pub nearest: usize,
    /// The most letters between them.
    pub farthest: usize,
    /// The share of a site's letters that are replaced by random ones.
    pub errors: f64,
}

impl Default for Grammar {
    fn default() -> Grammar {
        Grammar {
            first: "STATAWAWRS".to_string(),
            second: "RCCGGAAGTR".to_string(),
            nearest: 10,
            farthest: 30,
            errors: 0.02,
        }
    }
}

/// What to simulate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Labelled sequences, half of each class.
    pub sequences: usize,
    /// Sequences without a label, to predict; half of each class too.
    pub unlabelled: usize,
    /// Letters of each.
    pub length: usize,
    /// The same seed gives the same files, byte for byte.
    pub seed: u64,
    /// What makes a signal.
    pub grammar: Grammar,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { sequences: 4_000, unlabelled: 200, length: 120, seed: 1, grammar: Grammar::default() }
    }
}

/// What a simulated sequence holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Both motifs, the first before the second: class `signal`.
    Both,
    /// Both motifs, the second before the first: class `background`.
    Swapped,
    /// The first motif and the second one's letters, shuffled: class `background`.
    FirstOnly,
    /// The second motif and the first one's letters, shuffled: class `background`.
    SecondOnly,
    /// The letters of both, shuffled: class `background`.
    Neither,
}

impl Kind {
    /// The class that the kind belongs to.
    pub fn label(self) -> &'static str {
        if self == Kind::Both { "signal" } else { "background" }
    }

    /// The kind's name in truth.csv.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Both => "both",
            Kind::Swapped => "swapped",
            Kind::FirstOnly => "first_only",
            Kind::SecondOnly => "second_only",
            Kind::Neither => "neither",
        }
    }
}

/// A sequence with its truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulated {
    /// The letters.
    pub sequence: String,
    /// What it holds.
    pub kind: Kind,
    /// Where the first site starts, counted from 1.
    pub first_start: usize,
    /// The first site's letters (shuffled ones where the motif is lacking).
    pub first_site: String,
    /// Where the second site starts, counted from 1.
    pub second_start: usize,
    /// The second site's letters.
    pub second_site: String,
}

/// The letters that an IUPAC code stands for; none for anything else.
fn letters_of(code: u8) -> &'static [u8] {
    match code {
        b'A' => b"A",
        b'C' => b"C",
        b'G' => b"G",
        b'T' => b"T",
        b'R' => b"AG",
        b'Y' => b"CT",
        b'S' => b"CG",
        b'W' => b"AT",
        b'K' => b"GT",
        b'M' => b"AC",
        b'B' => b"CGT",
        b'D' => b"AGT",
        b'H' => b"ACT",
        b'V' => b"ACG",
        b'N' => b"ACGT",
        _ => b"",
    }
}

/// Frequencies of the letter (column) after a letter (row), A, C, G, T. Rounded from what vertebrate genomes commonly
/// show, with CG at a quarter of what chance would give.
const FOLLOWS: [[f64; 4]; 4] =
    [[0.33, 0.17, 0.24, 0.26], [0.35, 0.26, 0.05, 0.34], [0.29, 0.21, 0.26, 0.24], [0.22, 0.20, 0.25, 0.33]];

/// Simulates `count` sequences, signals and backgrounds in turn. Another `purpose` gives other ones of the same grammar.
pub fn sequences(settings: &Settings, count: usize, purpose: u64) -> Result<Vec<Simulated>, Error> {
    let grammar = &settings.grammar;
    let wrong = |what: String, advice: &str| Err(Error::Simulation { what, advice: advice.to_string() });
    for motif in [&grammar.first, &grammar.second] {
        if motif.is_empty() || motif.bytes().any(|code| letters_of(code).is_empty()) {
            return wrong(
                format!("'{motif}' is no motif"),
                "Write it in upper-case IUPAC codes, such as TATAWAWR.",
            );
        }
    }
    if grammar.nearest > grammar.farthest {
        return wrong(
            format!("the nearest distance, {}, exceeds the farthest, {}", grammar.nearest, grammar.farthest),
            "Give the smaller one first.",
        );
    }
    let needed = grammar.first.len() + grammar.farthest + grammar.second.len();
    if settings.length < needed {
        return wrong(
            format!("sequences of {} letters can't hold the grammar, which needs {needed}", settings.length),
            "Make them longer or the motifs' distance shorter.",
        );
    }
    if !(0.0..=1.0).contains(&grammar.errors) {
        return wrong(
            format!("a share of {} errors is impossible", grammar.errors),
            "Give a number from 0 to 1.",
        );
    }
    Ok((0..count).map(|index| one(settings, purpose, index)).collect())
}

/// The kinds of background, in turn.
const BACKGROUNDS: [Kind; 6] =
    [Kind::Swapped, Kind::FirstOnly, Kind::Swapped, Kind::SecondOnly, Kind::Swapped, Kind::Neither];

fn one(settings: &Settings, purpose: u64, index: usize) -> Simulated {
    let grammar = &settings.grammar;
    // Each sequence draws from a counter of its own: the first hundred of a thousand are the first hundred of two.
    let mut draws = Draws::new(settings.seed, (purpose << 40) | index as u64);
    let kind =
        if index.is_multiple_of(2) { Kind::Both } else { BACKGROUNDS[(index / 2) % BACKGROUNDS.len()] };
    let mut letters = background(settings.length, &mut draws);
    let gap = grammar.nearest + draws.below(grammar.farthest - grammar.nearest + 1);
    let span = grammar.first.len() + gap + grammar.second.len();
    let start = draws.below(settings.length - span + 1);
    let (first_start, second_start) = match kind {
        Kind::Swapped => (start + grammar.second.len() + gap, start),
        _ => (start, start + grammar.first.len() + gap),
    };
    let mut site = |motif: &str, present: bool, start: usize| -> String {
        let mut site: Vec<u8> = motif
            .bytes()
            .map(|code| {
                let choice = letters_of(code);
                let letter = choice[draws.below(choice.len())];
                if draws.unit() < grammar.errors { b"ACGT"[draws.below(4)] } else { letter }
            })
            .collect();
        if !present {
            // Shuffled until it is far from the motif; a motif of one letter or so stays as it is after some tries.
            for _ in 0..20 {
                draws.shuffle(&mut site);
                let matches =
                    motif.bytes().zip(&site).filter(|(code, letter)| letters_of(*code).contains(letter));
                if matches.count() * 10 <= motif.len() * 6 {
                    break;
                }
            }
        }
        letters[start..start + site.len()].copy_from_slice(&site);
        text(&site)
    };
    let first_site = site(&grammar.first, !matches!(kind, Kind::SecondOnly | Kind::Neither), first_start);
    let second_site = site(&grammar.second, !matches!(kind, Kind::FirstOnly | Kind::Neither), second_start);
    Simulated {
        sequence: text(&letters),
        kind,
        first_start: first_start + 1,
        first_site,
        second_start: second_start + 1,
        second_site,
    }
}

fn background(length: usize, draws: &mut Draws) -> Vec<u8> {
    let mut state = draws.below(4);
    (0..length)
        .map(|_| {
            let mut rest = draws.unit();
            let mut next = 3;
            for (letter, frequency) in FOLLOWS[state].iter().enumerate() {
                if rest < *frequency {
                    next = letter;
                    break;
                }
                rest -= frequency;
            }
            state = next;
            b"ACGT"[next]
        })
        .collect()
}

fn text(letters: &[u8]) -> String {
    letters.iter().map(|&letter| letter as char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_background_sum_to_one() {
        for row in FOLLOWS {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{row:?}");
        }
    }

    #[test]
    fn sites_stand_where_the_truth_says_and_the_classes_are_even() {
        let settings = Settings::default();
        let simulated = sequences(&settings, 600, 0).unwrap();
        let matches = |motif: &str, site: &str| {
            motif
                .bytes()
                .zip(site.bytes())
                .filter(|(code, letter)| letters_of(*code).contains(letter))
                .count()
        };
        let mut composition = [[0_usize; 2]; 2];
        for (index, one) in simulated.iter().enumerate() {
            assert_eq!(one.sequence.len(), settings.length);
            assert_eq!(&one.sequence[one.first_start - 1..][..10], one.first_site);
            assert_eq!(&one.sequence[one.second_start - 1..][..10], one.second_site);
            let gap = one.second_start.abs_diff(one.first_start) - 10;
            assert!((10..=30).contains(&gap));
            assert_eq!(one.kind == Kind::Swapped, one.second_start < one.first_start);
            assert_eq!(one.kind.label() == "signal", index % 2 == 0);
            if matches!(one.kind, Kind::Both | Kind::Swapped) {
                assert!(matches(&settings.grammar.first, &one.first_site) >= 6);
                assert!(matches(&settings.grammar.second, &one.second_site) >= 6);
            }
            let strong = one.sequence.bytes().filter(|letter| b"GC".contains(letter)).count();
            composition[index % 2][0] += strong;
            composition[index % 2][1] += one.sequence.len();
        }
        let gc = composition.map(|[strong, all]| strong as f64 / all as f64);
        // 36,000 letters a class: the standard deviation of the difference is 0.004.
        assert!((gc[0] - gc[1]).abs() < 0.012, "{gc:?}");
    }

    #[test]
    fn impossible_settings_are_refused() {
        let short = Settings { length: 40, ..Settings::default() };
        assert!(sequences(&short, 1, 0).unwrap_err().to_string().contains("needs 50"));
        let grammar = Grammar { first: "TATAXX".to_string(), ..Grammar::default() };
        assert!(sequences(&Settings { grammar, ..Settings::default() }, 1, 0).is_err());
    }
}
