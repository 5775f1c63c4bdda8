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

/// What scores sequences: a [`crate::Predictor`], or a stand-in in a test.
pub trait Score: Sync {
    /// The names of the outputs, in their order.
    fn labels(&self) -> &[String];
    /// Token ids of a cleaned sequence, neither cut nor padded.
    fn encode(&self, sequence: &str) -> Result<Vec<u32>, Error>;
    /// The greatest number of tokens that a sequence may have.
    fn max_length(&self) -> usize;
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
        Options { batch_tokens: 4096, skip_invalid: false, overwrite: false, sequences: false }
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
    Ok(Item {
        id: record.id,
        length: Some(length as u64),
        ids,
        note,
        invalid,
        truncated,
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
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// Scores by the share of A; a token a letter. Remembers its largest batch.
    struct Counting {
        labels: Vec<String>,
        limit: usize,
        largest: AtomicUsize,
    }

    impl Counting {
        fn new(limit: usize) -> Counting {
            let labels = vec!["few".to_owned(), "many".to_owned()];
            Counting { labels, limit, largest: AtomicUsize::new(0) }
        }
    }

    impl Score for Counting {
        fn labels(&self) -> &[String] {
            &self.labels
        }

        fn encode(&self, sequence: &str) -> Result<Vec<u32>, Error> {
            Ok(sequence.bytes().filter(|letter| *letter != b'N').map(u32::from).collect())
        }

        fn max_length(&self) -> usize {
            self.limit
        }

        fn logits(&self, sequences: &[&[u32]]) -> Result<Vec<Vec<f32>>, Error> {
            let tokens = sequences.iter().map(|ids| ids.len()).sum();
            self.largest.fetch_max(tokens, Ordering::Relaxed);
            let share = |ids: &[u32]| {
                ids.iter().filter(|id| **id == u32::from(b'A')).count() as f32 / ids.len() as f32
            };
            Ok(sequences.iter().map(|ids| vec![0.5, share(ids)]).collect())
        }
    }

    fn records(sequences: &[&str]) -> impl Iterator<Item = Result<Record, sequence::Error>> + Send + use<> {
        let records: Vec<_> = sequences
            .iter()
            .enumerate()
            .map(|(i, sequence)| Ok(Record::new(format!("r{i}"), *sequence)))
            .collect();
        records.into_iter()
    }

    fn predict_to(
        out: &Path,
        sequences: &[&str],
        predictor: &Counting,
        options: &Options,
        stop: bool,
    ) -> Result<Summary, Error> {
        run(records(sequences), predictor, out, options, &mut |_| {}, &AtomicBool::new(stop))
    }

    #[test]
    fn every_record_gets_its_row_in_order_and_batches_stay_small() {
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("p.csv");
        let sequences: Vec<String> =
            (0..1000).map(|i| "A".repeat(1 + i % 7) + &"C".repeat(1 + i % 5)).collect();
        let sequences: Vec<&str> = sequences.iter().map(String::as_str).collect();
        let predictor = Counting::new(100);
        let options = Options { batch_tokens: 50, ..Options::default() };
        let summary = predict_to(&out, &sequences, &predictor, &options, false).unwrap();
        assert_eq!(summary.progress.sequences, 1000);
        assert!(summary.complete);
        assert!(predictor.largest.into_inner() < 50 + 12);
        let mut reader = csv::Reader::from_path(&out).unwrap();
        for (i, row) in reader.records().enumerate() {
            let row = row.unwrap();
            assert_eq!(&row[0], format!("r{i}"));
            assert_eq!(row[1].parse::<usize>().unwrap(), sequences[i].len());
            let many = sequences[i].matches('A').count() * 2 > sequences[i].len();
            assert_eq!(&row[2], if many { "many" } else { "few" }, "{}", sequences[i]);
        }
    }

    #[test]
    fn what_is_too_long_is_cut_with_a_note() {
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("p.tsv");
        let summary =
            predict_to(&out, &["AAAAAAAA", "CC"], &Counting::new(3), &Options::default(), false).unwrap();
        assert_eq!((summary.progress.truncated, summary.progress.tokens), (1, 5));
        let text = std::fs::read_to_string(out).unwrap();
        assert!(text.lines().nth(1).unwrap().ends_with("\tcut to the first 3 of 8 tokens"), "{text}");
        assert!(text.lines().nth(2).unwrap().ends_with('\t'), "{text}");
    }

    #[test]
    fn a_record_without_tokens_is_an_error_or_a_note() {
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("p.jsonl");
        let predictor = Counting::new(10);
        let error = predict_to(&out, &["AC", "NNN"], &predictor, &Options::default(), false).unwrap_err();
        assert!(matches!(error, Error::NoTokens { .. }), "{error}");
        assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0, "nothing is left behind");
        let options = Options { skip_invalid: true, ..Options::default() };
        let summary = predict_to(&out, &["AC", "NNN"], &predictor, &options, false).unwrap();
        assert_eq!((summary.progress.sequences, summary.progress.invalid), (2, 1));
        let text = std::fs::read_to_string(out).unwrap();
        let row: serde_json::Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
        assert!(row["predicted_label"].is_null() && row["logit_few"].is_null());
        assert_eq!((&row["id"], &row["length"]), (&"r1".into(), &3.into()));
    }

    #[test]
    fn nothing_is_written_over_and_nothing_predicted_from_nothing() {
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("p.csv");
        std::fs::write(&out, "precious").unwrap();
        let predictor = Counting::new(10);
        let error = predict_to(&out, &["AC"], &predictor, &Options::default(), false).unwrap_err();
        assert!(matches!(error, Error::Exists { .. }), "{error}");
        assert_eq!(std::fs::read_to_string(&out).unwrap(), "precious");
        let options = Options { overwrite: true, ..Options::default() };
        let error = predict_to(&out, &[], &predictor, &options, false).unwrap_err();
        assert!(matches!(error, Error::Empty), "{error}");
        assert_eq!(std::fs::read_to_string(&out).unwrap(), "precious", "a failure costs no earlier result");
        predict_to(&out, &["AC"], &predictor, &options, false).unwrap();
        assert_ne!(std::fs::read_to_string(&out).unwrap(), "precious");
    }

    #[test]
    fn sheets_and_fasta_hold_what_was_predicted() {
        use calamine::{Data, Reader as _};
        let scratch = tempfile::tempdir().unwrap();
        let sheet = scratch.path().join("p.xlsx");
        let predictor = Counting::new(10);
        predict_to(&sheet, &["AAAC", "CCCCA"], &predictor, &Options::default(), false).unwrap();
        let mut book = calamine::open_workbook_auto(&sheet).unwrap();
        let rows = book.worksheet_range("predictions").unwrap();
        let header: Vec<String> = rows.rows().next().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(header, crate::column_names(&predictor.labels));
        assert_eq!(rows.get((1, 2)), Some(&Data::String("many".to_owned())));
        assert_eq!(rows.get((2, 1)), Some(&Data::Float(5.0)));

        let fasta = scratch.path().join("p.fasta");
        predict_to(&fasta, &["AAAC", &"C".repeat(70)], &Counting::new(100), &Options::default(), false)
            .unwrap();
        let text = std::fs::read_to_string(fasta).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with(">r0 label=many confidence=0.5621765"), "{text}");
        assert_eq!((lines[1], lines[3].len(), lines[4].len()), ("AAAC", 60, 10));
    }

    #[test]
    fn a_stop_keeps_the_rows_under_another_name() {
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("p.csv");
        let summary = predict_to(&out, &["AC"], &Counting::new(10), &Options::default(), true).unwrap();
        assert!(!summary.complete);
        assert_eq!(summary.out, scratch.path().join("p.partial.csv"));
        assert!(summary.out.exists() && !out.exists());
    }
}
