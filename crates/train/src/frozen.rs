//! What the frozen lower blocks make of the sequences, computed once instead of in every epoch.
//!
//! Where the adapter sits in the upper blocks only, the blocks below give the same hidden state each time. (AutoFreeze, Liu
//! et al. 2021, arXiv 2102.01386, does so while a model freezes from below.) Dropout would make a difference, so the frozen
//! blocks run without it.

use crate::error::Error;
use crate::session::{Example, scoring_batches};
use candle_core::{DType, Device, Tensor};
use models::{Batch, Context, Embedded, Hook, Model};
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Up to that many bytes stay in memory; more go to a file that vanishes with the process.
const IN_MEMORY: u64 = 256 << 20;

/// The hidden states before one block of some sequences.
pub(crate) struct Frozen {
    /// The first block that is still to be computed.
    pub block: usize,
    width: usize,
    device: Device,
    rows: Mutex<Rows>,
    /// By record: the first row, and how many.
    places: HashMap<usize, (u64, usize)>,
}

/// Rows of f32, one after the other.
enum Rows {
    Memory(Vec<f32>),
    File(File, PathBuf),
}

/// Whose hidden states are to be kept, and where.
pub(crate) struct Below<'a> {
    pub model: &'a dyn Model,
    pub hook: &'a dyn Hook,
    /// The first block that is not frozen.
    pub block: usize,
    /// The width of the hidden state.
    pub width: usize,
    pub pad_id: Option<u32>,
    pub device: &'a Device,
    /// A folder for what does not stay in memory.
    pub folder: &'a Path,
}

impl Below<'_> {
    /// The bytes that the hidden states of `examples` take.
    pub fn bytes(&self, examples: &[&Example]) -> u64 {
        let tokens: usize = examples.iter().map(|example| example.tokens.len()).sum();
        (tokens * self.width * size_of::<f32>()) as u64
    }

    /// Computes the hidden states. The batches are always the same, so that a resumed run sees the same bits. `None` if
    /// `interrupted` said so between two batches; `told` hears how many sequences are done.
    pub fn compute(
        &self,
        examples: &[&Example],
        interrupted: &dyn Fn() -> bool,
        told: &mut dyn FnMut(usize) -> Result<(), Error>,
    ) -> Result<Option<Frozen>, Error> {
        let mut rows = if self.bytes(examples) <= IN_MEMORY {
            Rows::Memory(Vec::new())
        } else {
            let file =
                tempfile::tempfile_in(self.folder).map_err(Error::file("create a file in", self.folder))?;
            Rows::File(file, self.folder.to_path_buf())
        };
        let (mut places, mut next, mut done) = (HashMap::new(), 0, 0);
        for batch in scoring_batches(examples) {
            if interrupted() {
                return Ok(None);
            }
            let sequences: Vec<&[u32]> =
                batch.iter().map(|&index| examples[index].tokens.as_slice()).collect();
            rows.append(&self.hidden(&sequences)?)?;
            for &index in &batch {
                let tokens = examples[index].tokens.len();
                places.insert(examples[index].record, (next, tokens));
                next += tokens as u64;
            }
            done += batch.len();
            told(done)?;
        }
        let (block, width, device) = (self.block, self.width, self.device.clone());
        Ok(Some(Frozen { block, width, device, rows: Mutex::new(rows), places }))
    }

    /// The hidden state before the block, (T, C), row after row.
    fn hidden(&self, sequences: &[&[u32]]) -> Result<Vec<f32>, Error> {
        let batch = Batch::packed(sequences, self.pad_id, self.device)?;
        let context = Context { hook: self.hook, dropout_seed: None };
        let hidden = kernels::inside(|| {
            kernels::without_gradients(|| {
                let Embedded { mut hidden, replaced } = self.model.embed(&batch, &context)?;
                let batch = replaced.as_ref().unwrap_or(&batch);
                for index in 0..self.block {
                    hidden = self.model.block(index, &hidden, batch, &context)?;
                }
                Ok::<_, models::Error>(hidden)
            })
        })?;
        Ok(hidden.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?)
    }
}

impl Frozen {
    /// The hidden states of `examples`, (T, C); `None` where one of them is not kept.
    pub fn of(&self, examples: &[&Example]) -> Result<Option<Tensor>, Error> {
        let places: Option<Vec<(u64, usize)>> =
            examples.iter().map(|example| self.places.get(&example.record).copied()).collect();
        let Some(places) = places else {
            return Ok(None);
        };
        let tokens: usize = places.iter().map(|(_, tokens)| tokens).sum();
        let mut values = vec![0.0; tokens * self.width];
        let mut rest = values.as_mut_slice();
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        for (first, tokens) in places {
            let (now, later) = rest.split_at_mut(tokens * self.width);
            rows.read(first * self.width as u64, now)?;
            rest = later;
        }
        Ok(Some(Tensor::from_vec(values, (tokens, self.width), &self.device)?))
    }
}

impl Rows {
    fn append(&mut self, values: &[f32]) -> Result<(), Error> {
        match self {
            Rows::Memory(all) => all.extend_from_slice(values),
            Rows::File(file, folder) => {
                let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                file.write_all(&bytes).map_err(Error::file("write a file in", folder))?;
            }
        }
        Ok(())
    }

    /// Reads `out` from the value `first` on.
    fn read(&mut self, first: u64, out: &mut [f32]) -> Result<(), Error> {
        match self {
            Rows::Memory(all) => out.copy_from_slice(&all[first as usize..][..out.len()]),
            Rows::File(file, folder) => {
                let mut bytes = vec![0; size_of_val(out)];
                file.seek(SeekFrom::Start(first * size_of::<f32>() as u64))
                    .and_then(|_| file.read_exact(&mut bytes))
                    .map_err(Error::file("read a file in", folder))?;
                for (value, bytes) in out.iter_mut().zip(bytes.as_chunks().0) {
                    *value = f32::from_le_bytes(*bytes);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_a_file_are_rows_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let file = tempfile::tempfile_in(folder.path()).unwrap();
        let mut stores = [Rows::Memory(Vec::new()), Rows::File(file, folder.path().to_path_buf())];
        for rows in &mut stores {
            rows.append(&[1.0, -2.5, f32::MIN_POSITIVE]).unwrap();
            rows.append(&[4.0, 5.0]).unwrap();
            let mut out = [0.0; 3];
            rows.read(2, &mut out).unwrap();
            assert_eq!(out, [f32::MIN_POSITIVE, 4.0, 5.0]);
        }
    }
}
