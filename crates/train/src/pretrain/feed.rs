//! From windows to batches of token ids.

use std::collections::VecDeque;

use rayon::prelude::*;
use tokenizer::Tokenizer;

use super::corpus::Piece;
use super::settings::Settings;
use super::windows::{Lengths, Window, hide_runs, of_epoch};
use crate::Error;

/// Windows that are encoded at once, on all threads.
const CHUNK: usize = 512;

/// A place in the stream of windows: all that a checkpoint needs of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Epochs begun before the current one.
    pub(super) epoch: u64,
    /// Windows of the current epoch that were read.
    pub(super) window: usize,
}

/// The endless stream of batches. What comes after a [`Place`] depends on it and on the settings, on nothing else.
pub(super) struct Feed<'a> {
    pieces: &'a [Piece],
    tokenizer: &'a Tokenizer,
    settings: &'a Settings,
    lengths: Lengths,
    place: Place,
    windows: Vec<Window>,
    /// The ids of the windows from `place.window` on, as far as they are encoded.
    ready: VecDeque<Vec<u32>>,
}

impl<'a> Feed<'a> {
    pub(super) fn new(
        pieces: &'a [Piece],
        tokenizer: &'a Tokenizer,
        settings: &'a Settings,
        lengths: Lengths,
        place: Place,
    ) -> Self {
        let windows = of_epoch(pieces, lengths, settings.seed, place.epoch);
        Self { pieces, tokenizer, settings, lengths, place, windows, ready: VecDeque::new() }
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// Epochs done, with the fraction of the current one.
    pub(super) fn epoch(&self) -> f64 {
        self.place.epoch as f64 + self.place.window as f64 / self.windows.len().max(1) as f64
    }

    /// The next windows that fit into `batch_tokens` together, at least one.
    pub(super) fn batch(&mut self) -> Result<Vec<Vec<u32>>, Error> {
        let mut batch: Vec<Vec<u32>> = Vec::new();
        let mut tokens = 0;
        let mut epochs_without_any = 0;
        loop {
            if self.ready.is_empty() && self.place.window == self.windows.len() {
                epochs_without_any += 1;
                if epochs_without_any > 2 && batch.is_empty() {
                    return Err(Error::Data(
                        "no window of the corpus has two tokens. Give longer sequences".into(),
                    ));
                }
                self.place = Place { epoch: self.place.epoch + 1, window: 0 };
                self.windows = of_epoch(self.pieces, self.lengths, self.settings.seed, self.place.epoch);
            }
            if self.ready.is_empty() {
                self.encode_chunk()?;
            }
            // A window of one token has nothing to predict.
            let fits = self.ready.front().is_none_or(|ids| tokens + ids.len() <= self.settings.batch_tokens);
            if !fits && !batch.is_empty() {
                return Ok(batch);
            }
            if let Some(ids) = self.ready.pop_front() {
                self.place.window += 1;
                if ids.len() >= 2 {
                    tokens += ids.len();
                    batch.push(ids);
                }
            }
        }
    }

    fn encode_chunk(&mut self) -> Result<(), Error> {
        let first = self.place.window;
        let chunk = &self.windows[first..self.windows.len().min(first + CHUNK)];
        let encode = |(offset, window): (usize, &Window)| {
            let mut text = window.text(self.pieces);
            let share = self.settings.unknown_share;
            hide_runs(&mut text, share, self.settings.seed, self.place.epoch, (first + offset) as u64);
            let mut ids = self.tokenizer.encode(&text)?;
            ids.truncate(self.settings.positions);
            Ok(ids)
        };
        let encoded: Vec<Vec<u32>> =
            chunk.par_iter().enumerate().map(encode).collect::<Result<_, tokenizer::Error>>()?;
        self.ready = encoded.into();
        Ok(())
    }
}
