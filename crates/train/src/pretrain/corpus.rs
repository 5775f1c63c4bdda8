//! The sequences of a pretraining: read, kept apart from what must not be seen, and split.

use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use sequence::{Alphabet, ReadOptions, Reader};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::kmers::KmerSet;
use super::settings::Settings;
use crate::random::{Site, number};
use crate::{DataFile, Error};

/// A stretch shorter than this teaches nothing and is left out, in letters.
pub const SHORTEST: usize = 64;

/// Long sequences are held out by blocks of this many letters; a sequence below two of them is held out whole.
pub const BLOCK: usize = 4096;

/// A stretch of A, C, G and T that is trained on or held out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The letters.
    pub sequence: String,
    /// Which of [`Corpus::sources`] it comes from.
    pub source: usize,
}

/// A data file and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The file.
    pub file: PathBuf,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Sequences in it.
    pub records: u64,
    /// Letters in them.
    pub bases: u64,
    /// Sequences that were there before, on either strand.
    pub duplicates: u64,
    /// Letters left out because an excluded sequence shares them.
    pub excluded_bases: u64,
    /// Letters held out.
    pub held_out_bases: u64,
    /// Letters left out of training because a held-out sequence shares them.
    pub shared_bases: u64,
    /// Letters trained on.
    pub training_bases: u64,
}

/// What a pretraining reads.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// The data files, in the order given.
    pub sources: Vec<Source>,
    /// The excluded files: path, SHA-256 and records.
    pub excluded: Vec<(PathBuf, String, u64)>,
    /// To be trained on.
    pub training: Vec<Piece>,
    /// Never trained on, nor any stretch of `overlap` letters of it, nor its other strand.
    pub held_out: Vec<Piece>,
}

impl Corpus {
    /// Reads all files and splits them.
    ///
    /// Sequences are broken at every letter other than A, C, G and T. Stretches shared with an excluded sequence are
    /// cut out, then the held-out part is drawn, then stretches shared with it are cut out of the rest. What is then
    /// shorter than [`SHORTEST`] is left out.
    ///
    /// # Errors
    /// When a file cannot be read or nothing is left.
    pub fn read(settings: &Settings) -> Result<Self, Error> {
        let mut apart = KmerSet::new(settings.overlap, 1 << 16);
        let mut excluded = Vec::new();
        for file in &settings.exclude {
            let mut records = 0;
            for_each_sequence(file, |sequence| {
                apart.insert(sequence);
                records += 1;
            })?;
            excluded.push((file.clone(), hash(file)?, records));
        }
        let mut sources = Vec::new();
        let mut pieces = Vec::new();
        let mut seen = HashSet::new();
        for file in &settings.data {
            let mut source = Source { file: file.clone(), sha256: hash(file)?, ..Source::default() };
            for_each_sequence(file, |sequence| {
                source.records += 1;
                source.bases += sequence.len() as u64;
                if !seen.insert(either_strand(sequence)) {
                    source.duplicates += 1;
                    return;
                }
                for stretch in known(sequence) {
                    let stretch = &sequence[stretch];
                    source.excluded_bases += stretch.len() as u64;
                    for kept in apart.outside(stretch, SHORTEST) {
                        source.excluded_bases -= kept.len() as u64;
                        pieces.push(Piece { sequence: stretch[kept].to_owned(), source: sources.len() });
                    }
                }
            })?;
            sources.push(source);
        }
        let mut corpus = Self { sources, excluded, training: Vec::new(), held_out: Vec::new() };
        corpus.split(pieces, settings)?;
        Ok(corpus)
    }

    fn split(&mut self, pieces: Vec<Piece>, settings: &Settings) -> Result<(), Error> {
        let total: usize = pieces.iter().map(|piece| piece.sequence.len()).sum();
        let mut units: Vec<(u64, usize, Range<usize>)> = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            for (block, range) in blocks(piece.sequence.len()).into_iter().enumerate() {
                let draw =
                    number(number(settings.seed, Site::HeldOut, index as u64), Site::HeldOut, block as u64);
                units.push((draw, index, range));
            }
        }
        units.sort_unstable_by_key(|(draw, index, range)| (*draw, *index, range.start));
        let target = settings.held_out * total as f64;
        let mut apart = KmerSet::new(settings.overlap, 2 * target as usize);
        let mut held_out = 0;
        for (_, index, range) in units {
            let sequence = &pieces[index].sequence[range];
            let source = pieces[index].source;
            self.sources[source].held_out_bases += sequence.len() as u64;
            held_out += sequence.len();
            apart.insert(sequence);
            self.held_out.push(Piece { sequence: sequence.to_owned(), source });
            if held_out as f64 >= target {
                break;
            }
        }
        for piece in pieces {
            let source = &mut self.sources[piece.source];
            source.shared_bases += piece.sequence.len() as u64;
            for kept in apart.outside(&piece.sequence, SHORTEST) {
                source.shared_bases -= kept.len() as u64;
                source.training_bases += kept.len() as u64;
                self.training.push(Piece { sequence: piece.sequence[kept].to_owned(), source: piece.source });
            }
        }
        for source in &mut self.sources {
            source.shared_bases -= source.held_out_bases;
        }
        if self.training.is_empty() || self.held_out.is_empty() {
            return Err(Error::Data(format!(
                "nothing is left to train on: of {total} known bases in stretches of at least {SHORTEST}, {held_out} are \
                 held out. Give more or longer sequences"
            )));
        }
        Ok(())
    }

    /// Letters that are trained on, one strand counted.
    #[must_use]
    pub fn training_bases(&self) -> usize {
        self.training.iter().map(|piece| piece.sequence.len()).sum()
    }

    /// Letters that are held out, one strand counted.
    #[must_use]
    pub fn held_out_bases(&self) -> usize {
        self.held_out.iter().map(|piece| piece.sequence.len()).sum()
    }
}

/// A whole short sequence, or the blocks of a long one.
fn blocks(length: usize) -> Vec<Range<usize>> {
    let count = (length / BLOCK).max(1);
    (0..count).map(|block| block * length / count..(block + 1) * length / count).collect()
}

/// The stretches of A, C, G and T.
fn known(sequence: &str) -> Vec<Range<usize>> {
    let mut stretches = Vec::new();
    let mut start = 0;
    for (position, letter) in sequence.bytes().enumerate() {
        if super::kmers::code(letter).is_none() {
            stretches.push(start..position);
            start = position + 1;
        }
    }
    stretches.push(start..sequence.len());
    stretches.retain(|stretch| !stretch.is_empty());
    stretches
}

/// A name of the sequence that its reverse complement has too.
fn either_strand(sequence: &str) -> [u8; 32] {
    let reverse = sequence::reverse_complement(sequence);
    Sha256::digest(sequence.min(reverse.as_str())).into()
}

fn for_each_sequence(file: &Path, mut visit: impl FnMut(&str)) -> Result<(), Error> {
    // Ambiguity codes are read and then broken at, so that a genome with three of them is no error.
    let options = ReadOptions { alphabet: Alphabet::Iupac, ..ReadOptions::default() };
    for record in Reader::open(&[file.to_owned()], &options)? {
        visit(&record?.sequence);
    }
    Ok(())
}

fn hash(file: &Path) -> Result<String, Error> {
    Ok(DataFile::read(file)?.sha256)
}
