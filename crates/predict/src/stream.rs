//! From records to rows, in order and in constant memory.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use rayon::prelude::*;
use sequence::Record;

use crate::Error;
use crate::rows::{Format, Row, RowWriter, Scores};

/// Records that one thread reads and tokenizes while the model computes on those before.
const CHUNK_RECORDS: usize = 256;
/// Letters after which a chunk is full even with fewer records.
const CHUNK_LETTERS: usize = 1 << 20;
/// Letters of a sequence that are tokenized at most. A longer sequence keeps its first: the longest token of a known
/// vocabulary has 64 letters, so they are more tokens than any supported model takes.
const LETTERS_TOKENIZED: usize = 1 << 20;

/// How the note of a sequence begins that is unlike anything trained on.
pub const UNLIKE: &str = "unlike the training sequences";

/// What scores sequences: a [`crate::Predictor`], or a stand-in in a test.
pub trait Score: Sync {
    /// The names of the outputs, in their order.
    fn labels(&self) -> &[String];
    /// Token ids of a cleaned sequence, neither cut nor padded.
    fn encode(&self, sequence: &str) -> Result<Vec<u32>, Error>;
    /// The greatest number of tokens that a sequence may have.
    fn max_length(&self) -> usize;
    /// Why a sequence is unlike those that the model was trained on; none where it is not, or nobody knows.
    fn unlike(&self, _sequence: &str) -> Option<String> {
        None
    }
    /// One output per label for each sequence of token ids; none of them is empty.
    fn logits(&self, sequences: &[&[u32]]) -> Result<Vec<Vec<f32>>, Error>;
}

/// How to predict.
#[derive(Clone, Debug)]
pub struct Options {
    /// Tokens of a batch, about: a batch is full when its sequences reach that many.
    pub batch_tokens: usize,
    /// Give a record that cannot be read a row without prediction and go on, instead of ending with its error.
    pub skip_invalid: bool,
    /// Write over an output that is there already.
    pub overwrite: bool,
    /// Keep the sequences in the rows. FASTA has them in any case.
    pub sequences: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { batch_tokens: 2048, skip_invalid: false, overwrite: false, sequences: false }
    }
}

/// How far a prediction is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    /// Rows written, one for each record.
    pub sequences: u64,
    /// Of these, rows without a prediction because the record was refused.
    pub invalid: u64,
    /// Of these, sequences cut to the model's limit.
    pub truncated: u64,
    /// Of these, sequences unlike anything trained on.
    pub unlike: u64,
    /// Tokens computed.
    pub tokens: u64,
    /// Letters read, after cleaning.
    pub letters: u64,
}

/// What a prediction wrote.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// The output; where `complete` is false its partial name.
    pub out: PathBuf,
    /// Whether every record has its row. False after a stop.
    pub complete: bool,
    /// Counts.
    #[serde(flatten)]
    pub progress: Progress,
    /// Rows predicted for each label, in the labels' order.
    pub predicted: Vec<(String, u64)>,
    /// What cleaning changed.
    pub repairs: sequence::Repairs,
}

/// A record on its way to a row.
struct Item {
    id: String,
    length: Option<u64>,
    ids: Vec<u32>,
    note: String,
    invalid: bool,
    truncated: bool,
    unlike: bool,
    repairs: sequence::Repairs,
    sequence: Option<String>,
}

/// Predicts every record of `records` and writes `out`.
///
/// `observer` is told after each batch. When `stop` becomes true the rows so far are kept under the output's partial
/// name ([`crate::partial_path`]) and the summary says that they are not complete. On an error nothing is kept.
pub fn run<R>(
    records: R,
    predictor: &dyn Score,
    out: &Path,
    options: &Options,
    observer: &mut dyn FnMut(&Progress),
    stop: &AtomicBool,
) -> Result<Summary, Error>
where
    R: Iterator<Item = Result<Record, sequence::Error>> + Send,
{
    let mut writer = RowWriter::create(out, predictor.labels(), options.overwrite)?;
    let mut tally = Tally::new(predictor.labels().len());
    let sequences = options.sequences || Format::of(out)? == Format::Fasta;
    let reading = Reading { skip_invalid: options.skip_invalid, sequences };
    let result = std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<Result<Vec<Item>, Error>>(2);
        scope.spawn(move || read(records, predictor, reading, &sender));
        let mut batch: Vec<Item> = Vec::new();
        let mut tokens = 0;
        // `receiver` lives in this closure: leaving early drops it, and the reading thread ends at its next send.
        let receiver = receiver;
        loop {
            if stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let Ok(chunk) = receiver.recv() else { break };
            for item in chunk? {
                tokens += item.ids.len();
                batch.push(item);
                if tokens < options.batch_tokens && batch.len() < options.batch_tokens {
                    continue;
                }
                tokens = 0;
                score(std::mem::take(&mut batch), predictor, &mut writer, &mut tally)?;
                observer(&tally.progress);
                if stop.load(Ordering::Relaxed) {
                    return Ok(false);
                }
            }
        }
        score(batch, predictor, &mut writer, &mut tally)?;
        observer(&tally.progress);
        if tally.progress.sequences == 0 { Err(Error::Empty) } else { Ok(true) }
    });
    let (out, complete) = match result {
        Ok(true) => (writer.finish()?, true),
        Ok(false) => (writer.keep_partial()?, false),
        Err(error) => {
            writer.discard();
            return Err(error);
        }
    };
    let predicted = predictor.labels().iter().cloned().zip(tally.predicted).collect();
    Ok(Summary { out, complete, progress: tally.progress, predicted, repairs: tally.repairs })
}

/// What is done with records on their way.
#[derive(Clone, Copy)]
struct Reading {
    skip_invalid: bool,
    sequences: bool,
}

struct Tally {
    progress: Progress,
    predicted: Vec<u64>,
    repairs: sequence::Repairs,
}

impl Tally {
    fn new(labels: usize) -> Tally {
        Tally {
            progress: Progress::default(),
            predicted: vec![0; labels],
            repairs: sequence::Repairs::default(),
        }
    }
}

/// Reads and tokenizes chunk after chunk until the records end, one is refused, or nobody listens any more.
fn read(
    records: impl Iterator<Item = Result<Record, sequence::Error>>,
    predictor: &dyn Score,
    reading: Reading,
    sender: &mpsc::SyncSender<Result<Vec<Item>, Error>>,
) {
    let mut records = records;
    loop {
        let mut chunk = Vec::new();
        let mut letters = 0;
        let mut failed = None;
        while chunk.len() < CHUNK_RECORDS && letters < CHUNK_LETTERS {
            match records.next() {
                Some(Ok(record)) => {
                    letters += record.sequence.len();
                    chunk.push(Ok(record));
                }
                Some(Err(error)) if reading.skip_invalid && error.record().is_some() => {
                    chunk.push(Err(error))
                }
                Some(Err(error)) => {
                    failed = Some(error.into());
                    break;
                }
                None => break,
            }
        }
        let ended = failed.is_some() || chunk.is_empty();
        let items: Result<Vec<Item>, Error> = chunk
            .into_par_iter()
            .map(|record| match record {
                Ok(record) => tokenize(record, predictor, reading),
                Err(error) => Ok(refused(&error)),
            })
            .collect();
        let failed_here = items.is_err();
        if sender.send(items).is_err() || failed_here {
            return;
        }
        if let Some(error) = failed {
            // Nobody listens only after a stop, and then the error does not matter any more.
            let _ = sender.send(Err(error));
        }
        if ended {
            return;
        }
    }
}

fn refused(error: &sequence::Error) -> Item {
    Item {
        id: error.record().map(|invalid| invalid.id.clone()).unwrap_or_default(),
        length: None,
        ids: Vec::new(),
        note: error.to_string(),
        invalid: true,
        truncated: false,
        unlike: false,
        repairs: sequence::Repairs::default(),
        sequence: None,
    }
}

fn tokenize(record: Record, predictor: &dyn Score, reading: Reading) -> Result<Item, Error> {
    let length = record.sequence.len();
    // A cleaned sequence is ASCII, so every index is a character boundary.
    let mut ids = predictor.encode(&record.sequence[..length.min(LETTERS_TOKENIZED)])?;
    let limit = predictor.max_length();
    let truncated = ids.len() > limit || length > LETTERS_TOKENIZED;
    let mut note = String::new();
    let mut invalid = false;
    if truncated {
        note = if length > LETTERS_TOKENIZED {
            format!("cut to the first {limit} tokens")
        } else {
            format!("cut to the first {limit} of {} tokens", ids.len())
        };
        ids.truncate(limit);
    }
    if ids.is_empty() {
        let place = format!("{}, line {}", record.origin.file.display(), record.origin.line);
        let error = Error::NoTokens { place, id: record.id.clone() };
        if !reading.skip_invalid {
            return Err(error);
        }
        invalid = true;
        note = error.to_string();
    }
    let unlike = if invalid { None } else { predictor.unlike(&record.sequence) };
    if let Some(reason) = &unlike {
        let mark = if note.is_empty() { "" } else { "; " };
        note.push_str(&format!("{mark}{UNLIKE}: {reason}"));
    }
    Ok(Item {
        id: record.id,
        length: Some(length as u64),
        ids,
        note,
        invalid,
        truncated,
        unlike: unlike.is_some(),
        repairs: record.repairs,
        sequence: reading.sequences.then_some(record.sequence),
    })
}

/// Computes a batch and writes its rows.
fn score(
    batch: Vec<Item>,
    predictor: &dyn Score,
    writer: &mut RowWriter,
    tally: &mut Tally,
) -> Result<(), Error> {
    let sequences: Vec<&[u32]> =
        batch.iter().map(|item| &item.ids[..]).filter(|ids| !ids.is_empty()).collect();
    let logits = if sequences.is_empty() { Vec::new() } else { predictor.logits(&sequences)? };
    let mut logits = logits.iter();
    for item in batch {
        let scores = if item.ids.is_empty() { None } else { logits.next().map(|logits| Scores::of(logits)) };
        let progress = &mut tally.progress;
        progress.sequences += 1;
        progress.invalid += u64::from(item.invalid);
        progress.truncated += u64::from(item.truncated);
        progress.unlike += u64::from(item.unlike);
        progress.tokens += item.ids.len() as u64;
        progress.letters += item.length.unwrap_or_default();
        if let Some(scores) = &scores {
            tally.predicted[scores.best] += 1;
        }
        tally.repairs += item.repairs;
        let Item { id, length, note, sequence, .. } = item;
        writer.write(Row { id, length, scores, note, sequence })?;
    }
    writer.flush()
}

#[cfg(test)]
mod tests;
