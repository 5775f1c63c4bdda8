//! Words of 1 to k letters in a sequence, counted, as sparse rows.

/// The words of one sequence that occur: feature and count, ordered by feature.
///
/// Features are numbered by length, then alphabetically: A 0, C 1, G 2, T 3, AA 4, AC 5, …
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counts(pub(super) Vec<(u16, u16)>);

/// Number of words of 1 to `longest` letters: (4^(k+1) − 4) / 3; 5,460 for 6.
pub(super) const fn features(longest: usize) -> usize {
    ((1 << (2 * (longest + 1))) - 4) / 3
}

const fn code(letter: u8) -> Option<usize> {
    match letter {
        b'A' => Some(0),
        b'C' => Some(1),
        b'G' => Some(2),
        b'T' => Some(3),
        _ => None,
    }
}

/// The feature's number of a word; `None` when it is empty, too long, or has other letters.
pub(super) fn feature(word: &str, longest: usize) -> Option<usize> {
    if word.is_empty() || word.len() > longest {
        return None;
    }
    let value = word.bytes().try_fold(0, |value, letter| Some(value << 2 | code(letter)?))?;
    Some(features(word.len() - 1) + value)
}

/// The word of a feature: the inverse of [`feature`].
pub(super) fn word(feature: usize) -> String {
    let length = (1..).find(|&length| feature < features(length)).unwrap_or(1);
    let value = feature - features(length - 1);
    (0..length).rev().map(|place| ['A', 'C', 'G', 'T'][value >> (2 * place) & 3]).collect()
}

impl Counts {
    pub(super) fn of(sequence: &str, longest: usize) -> Self {
        let mut counts = vec![0_u16; features(longest)];
        let (mut recent, mut run) = (0_usize, 0_usize);
        for letter in sequence.bytes() {
            let Some(letter) = code(letter) else {
                run = 0;
                continue;
            };
            recent = recent << 2 | letter;
            run += 1;
            for length in 1..=run.min(longest) {
                let count = &mut counts[features(length - 1) + (recent & ((1 << (2 * length)) - 1))];
                *count = count.saturating_add(1);
            }
        }
        Self(
            counts
                .into_iter()
                .enumerate()
                .filter(|&(_, count)| count > 0)
                .map(|(feature, count)| (feature as u16, count))
                .collect(),
        )
    }

    /// `scores` (outputs) += Σ log(1 + count) · `weights` (features, outputs).
    pub(super) fn add_to(&self, weights: &[f64], scores: &mut [f64]) {
        let outputs = scores.len();
        for &(feature, count) in &self.0 {
            let value = f64::from(count).ln_1p();
            let start = usize::from(feature) * outputs;
            for (score, weight) in scores.iter_mut().zip(&weights[start..start + outputs]) {
                *score += value * weight;
            }
        }
    }
}

/// Rows end to end.
#[derive(Debug)]
pub(super) struct Matrix {
    entries: Vec<(u16, u16)>,
    ends: Vec<usize>,
    /// log(1 + count) by count.
    logarithms: Vec<f64>,
    pub(super) features: usize,
}

impl Matrix {
    pub(super) fn of<S: AsRef<str> + Sync>(sequences: &[S], longest: usize) -> Self {
        use rayon::prelude::*;

        let mut matrix = Self {
            entries: Vec::new(),
            ends: Vec::new(),
            logarithms: Vec::new(),
            features: features(longest),
        };
        // In blocks, so that the rows are not all in memory twice.
        for block in sequences.chunks(4_096) {
            let rows: Vec<Counts> = block
                .par_iter()
                .with_min_len(16)
                .map(|sequence| Counts::of(sequence.as_ref(), longest))
                .collect();
            for row in rows {
                matrix.entries.extend(row.0);
                matrix.ends.push(matrix.entries.len());
            }
        }
        let largest = matrix.entries.iter().map(|&(_, count)| count).max().unwrap_or(0);
        matrix.logarithms = (0..=largest).map(|count| f64::from(count).ln_1p()).collect();
        matrix
    }

    pub(super) fn rows(&self) -> usize {
        self.ends.len()
    }

    /// (feature, log(1 + count)) of one row.
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        self.entries[start..self.ends[row]]
            .iter()
            .map(|&(feature, count)| (usize::from(feature), self.logarithms[usize::from(count)]))
    }
}
