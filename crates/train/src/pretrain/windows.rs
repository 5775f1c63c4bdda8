//! What the model reads in an epoch: other windows, offsets and strands each time, and a few runs of N.

use super::corpus::Piece;
use crate::random::{Site, number, shuffle};

/// Windows shorter than this, in letters, are left out: they hold hardly more than their first token.
const SHORTEST: usize = 24;

/// A short sequence is read whole but for up to this many letters less one at its start, so that its tokens differ
/// from epoch to epoch.
const CROPS: u64 = 8;

/// The longest run of letters that N stands for.
const LONGEST_RUN: u64 = 8;

/// How long the windows are, in letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lengths {
    /// Three of four windows of a long sequence.
    pub(super) usual: usize,
    /// The fourth.
    pub(super) longest: usize,
}

/// A part of a piece, on one of its strands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) piece: usize,
    pub(super) start: usize,
    pub(super) length: usize,
    pub(super) reverse: bool,
}

impl Window {
    /// The letters, in reading direction.
    pub(super) fn text(&self, pieces: &[Piece]) -> String {
        let forward = &pieces[self.piece].sequence[self.start..self.start + self.length];
        if self.reverse { sequence::reverse_complement(forward) } else { forward.to_owned() }
    }
}

/// The windows of `epoch` in the order in which they are read: a function of (pieces, lengths, seed, epoch).
pub(super) fn of_epoch(pieces: &[Piece], lengths: Lengths, seed: u64, epoch: u64) -> Vec<Window> {
    let epoch_seed = number(seed, Site::Windows, epoch);
    let mut windows = Vec::new();
    for (piece, text) in pieces.iter().enumerate() {
        let seed = number(epoch_seed, Site::Windows, piece as u64);
        let mut draws = 0;
        let mut draw = |below: u64| {
            draws += 1;
            number(seed, Site::Windows, draws) % below
        };
        let length = text.sequence.len();
        if length <= lengths.usual * 3 / 2 {
            let (crop, reverse) = (draw(CROPS) as usize, draw(2) == 1);
            let crop = if length >= 2 * SHORTEST { crop } else { 0 };
            // The crop is at the end that is read first.
            windows.push(Window {
                piece,
                start: if reverse { 0 } else { crop },
                length: length - crop,
                reverse,
            });
            continue;
        }
        let mut start = 0;
        let mut size = 1 + draw(lengths.usual as u64) as usize;
        while start < length {
            let size_here = size.min(length - start);
            if size_here >= SHORTEST {
                windows.push(Window { piece, start, length: size_here, reverse: draw(2) == 1 });
            }
            start += size_here;
            size = if draw(4) == 0 { lengths.longest } else { lengths.usual };
        }
    }
    shuffle(&mut windows, seed, Site::WindowOrder, epoch);
    windows
}

/// Replaces one to three short runs of letters by N in a `share` of all windows.
pub(super) fn hide_runs(text: &mut String, share: f64, seed: u64, epoch: u64, window: u64) {
    let seed = number(number(seed, Site::Unknowns, epoch), Site::Unknowns, window);
    // 53 bits, as many as an f64 in [0, 1) has.
    let chance = (number(seed, Site::Unknowns, 0) >> 11) as f64 / (1_u64 << 53) as f64;
    if chance >= share || text.len() < SHORTEST {
        return;
    }
    let runs = 1 + number(seed, Site::Unknowns, 1) % 3;
    for run in 0..runs {
        let length = 1 + (number(seed, Site::Unknowns, 2 + 2 * run) % LONGEST_RUN) as usize;
        let start = (number(seed, Site::Unknowns, 3 + 2 * run) % (text.len() - length + 1) as u64) as usize;
        text.replace_range(start..start + length, &"N".repeat(length));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTHS: Lengths = Lengths { usual: 100, longest: 400 };

    fn pieces() -> Vec<Piece> {
        let letters = |length: usize, step: usize| -> String {
            (0..length).map(|index| ['A', 'C', 'G', 'T'][(index * index / step) % 4]).collect()
        };
        [(5000, 3), (90, 5), (101, 7), (1234, 11)]
            .into_iter()
            .map(|(length, step)| Piece { sequence: letters(length, step), source: 0 })
            .collect()
    }

    #[test]
    fn an_epoch_reads_nearly_every_base_once() {
        let pieces = pieces();
        let mut read: Vec<Vec<u32>> = pieces.iter().map(|piece| vec![0; piece.sequence.len()]).collect();
        for window in of_epoch(&pieces, LENGTHS, 1, 0) {
            for count in &mut read[window.piece][window.start..window.start + window.length] {
                *count += 1;
            }
        }
        let all: Vec<u32> = read.concat();
        assert!(all.iter().all(|&count| count <= 1));
        // At most two short ends of each long piece and seven letters of each short one are left out.
        assert!(all.iter().filter(|&&count| count == 0).count() <= 2 * 2 * SHORTEST + 2 * 7);
    }

    #[test]
    fn epochs_differ_and_repeat_themselves() {
        let pieces = pieces();
        assert_eq!(of_epoch(&pieces, LENGTHS, 1, 3), of_epoch(&pieces, LENGTHS, 1, 3));
        assert_ne!(of_epoch(&pieces, LENGTHS, 1, 3), of_epoch(&pieces, LENGTHS, 1, 4));
        assert_ne!(of_epoch(&pieces, LENGTHS, 1, 3), of_epoch(&pieces, LENGTHS, 2, 3));
    }

    #[test]
    fn both_strands_and_both_lengths_occur() {
        let windows = of_epoch(&pieces(), LENGTHS, 1, 0);
        assert!(windows.iter().any(|window| window.reverse) && windows.iter().any(|window| !window.reverse));
        for length in [100, 400] {
            assert!(windows.iter().any(|window| window.length == length), "{length}");
        }
    }

    #[test]
    fn a_reversed_window_reads_the_other_strand() {
        let pieces = [Piece { sequence: "AACCGT".into(), source: 0 }];
        let window = Window { piece: 0, start: 1, length: 4, reverse: true };
        assert_eq!(window.text(&pieces), "CGGT");
    }

    #[test]
    fn runs_are_hidden_in_the_share_of_windows_asked_for() {
        let original = "ACGT".repeat(25);
        let mut hidden = 0;
        for window in 0..2000 {
            let mut text = original.clone();
            hide_runs(&mut text, 0.1, 5, 0, window);
            assert_eq!(text.len(), original.len());
            let unknown = text.matches('N').count();
            assert!(unknown <= 3 * LONGEST_RUN as usize);
            assert!(text.chars().zip(original.chars()).all(|(new, old)| new == old || new == 'N'));
            hidden += usize::from(unknown > 0);
        }
        // 200 expected; the standard deviation is 13.4, five of them are allowed.
        assert!((133..=267).contains(&hidden), "{hidden}");
    }
}
