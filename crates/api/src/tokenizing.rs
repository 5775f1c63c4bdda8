//! Texts to token ids, one by one, as a tokenizer gives them.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tokenizer::Tokenizer;
use ts_rs::TS;

use crate::{Downloads, Engine, Error, Kind, base_model};

/// What is to be tokenized.
#[derive(Clone, Debug, Default)]
pub struct TokenizeRequest {
    /// Files; empty: lines of standard input.
    pub input: Vec<PathBuf>,
    /// Whether sequences are cleaned first, as in training.
    pub clean: bool,
    /// The column with the sequences, of tables.
    pub sequence_column: Option<String>,
    /// The column with the names, of tables.
    pub id_column: Option<String>,
}

/// A sequence with its token ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TokenizedSequence {
    /// Its name; for a line of text, the line's number.
    pub id: String,
    /// The ids, neither cut nor padded.
    pub ids: Vec<u32>,
}

/// What was tokenized.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Tokenized {
    /// Sequences.
    #[ts(type = "number")]
    pub sequences: u64,
    /// Tokens of all.
    #[ts(type = "number")]
    pub tokens: u64,
    /// Sequences with letters that the tokenizer does not know.
    #[ts(type = "number")]
    pub with_unknown_letters: u64,
}

/// The tokenizer of a base model; of a folder, its tokenizer's files are enough.
pub fn tokenizer(engine: &Engine, model: &str, downloads: Downloads<'_>) -> Result<Tokenizer, Error> {
    let base = base_model(engine, model, None, downloads)?;
    Ok(Tokenizer::from_folder(&base.folder)?)
}

/// Texts that are tokenized at a time, so that all processors have something to do.
const CHUNK: usize = 512;

/// Tokenizes what `request` names and hands each sequence to `each`, in order.
///
/// Lines of standard input and of plain text files, and the strings of JSON lines, are taken as they stand unless they
/// are to be cleaned. FASTA, FASTQ and tables are cleaned as they always are when they are read.
pub fn tokenize(
    tokenizer: &Tokenizer,
    request: &TokenizeRequest,
    stdin: &mut dyn BufRead,
    each: &mut dyn FnMut(&TokenizedSequence) -> Result<(), Error>,
) -> Result<Tokenized, Error> {
    let mut queue = Queue { tokenizer, waiting: Vec::new(), each, tokenized: Tokenized::default() };
    if request.input.is_empty() {
        lines(stdin, Path::new("standard input"), request, &mut queue)?;
    }
    for path in &request.input {
        match kind(path).filter(|_| !request.clean) {
            Some(kind) => {
                let file = std::fs::File::open(path).map_err(|error| Error::file("open", path, &error))?;
                let mut reader = BufReader::new(file);
                match kind {
                    Plain::Lines => lines(&mut reader, path, request, &mut queue)?,
                    Plain::JsonLines => json_lines(&mut reader, path, request, &mut queue)?,
                }
            }
            None => records(path, request, &mut queue)?,
        }
    }
    queue.flush()?;
    Ok(queue.tokenized)
}

/// Files whose texts are taken as they stand.
#[derive(Clone, Copy)]
enum Plain {
    /// A text a line.
    Lines,
    /// A JSON object a line, the text among its fields.
    JsonLines,
}

/// What kind of plain file `path` is; none: one that the reader of sequence files takes.
fn kind(path: &Path) -> Option<Plain> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("jsonl" | "ndjson") => Some(Plain::JsonLines),
        None | Some("txt") => {
            let mut start = [0];
            let read =
                std::fs::File::open(path).and_then(|mut file| std::io::Read::read(&mut file, &mut start));
            // FASTA, FASTQ, gzip, xz and zstd. What cannot be read is reported when it is opened again.
            let marked =
                read.is_ok_and(|read| read > 0 && matches!(start[0], b'>' | b'@' | 0x1f | 0xfd | 0x28));
            (!marked).then_some(Plain::Lines)
        }
        _ => None,
    }
}

/// Fields that texts are looked for in.
const TEXT_FIELDS: &[&str] = &["sequence", "seq", "dna", "text", "input"];

fn json_lines(
    reader: &mut dyn BufRead,
    place: &Path,
    request: &TokenizeRequest,
    queue: &mut Queue<'_, '_>,
) -> Result<(), Error> {
    for (number, line) in (1_u64..).zip(reader.lines()) {
        let line = line.map_err(|error| Error::file("read", place, &error))?;
        if line.trim().is_empty() {
            continue;
        }
        let position = format!("{}, line {number}", place.display());
        let wrong = |what: String| Error::new(Kind::Data, format!("{position}: {what}")).at(&position);
        let object: serde_json::Value =
            serde_json::from_str(&line).map_err(|error| wrong(format!("this is not JSON ({error})")))?;
        let text = match &request.sequence_column {
            Some(field) => object[field].as_str(),
            None => TEXT_FIELDS.iter().find_map(|field| object[field].as_str()),
        };
        let text = text.ok_or_else(|| {
            wrong("no field holds a sequence".into()).remedy("name the field with --sequence-column")
        })?;
        let id = object[request.id_column.as_deref().unwrap_or("id")].as_str();
        queue.push(id.map_or_else(|| number.to_string(), str::to_owned), text.to_owned())?;
    }
    Ok(())
}

fn lines(
    reader: &mut dyn BufRead,
    place: &Path,
    request: &TokenizeRequest,
    queue: &mut Queue<'_, '_>,
) -> Result<(), Error> {
    let alphabet = queue.tokenizer.alphabet();
    let mut bytes = Vec::new();
    for number in 1_u64.. {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes).map_err(|error| Error::file("read", place, &error))? == 0 {
            break;
        }
        let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = std::str::from_utf8(line).map_err(|_| {
            Error::new(Kind::Data, format!("{}, line {number} is not UTF-8 text", place.display()))
                .at(format_args!("{}, line {number}", place.display()))
                .remedy("save the file as plain text (UTF-8)")
        })?;
        let text = if request.clean {
            let (cleaned, _) = sequence::clean(text, alphabet).map_err(|reason| {
                Error::new(Kind::Data, format!("{}, line {number}: {reason}", place.display()))
                    .at(format_args!("{}, line {number}", place.display()))
                    .remedy("correct the line, or leave --clean out to see what the tokenizer makes of it")
            })?;
            cleaned
        } else {
            text.to_owned()
        };
        queue.push(number.to_string(), text)?;
    }
    Ok(())
}

fn records(path: &Path, request: &TokenizeRequest, queue: &mut Queue<'_, '_>) -> Result<(), Error> {
    let options = sequence::ReadOptions {
        alphabet: if request.clean { queue.tokenizer.alphabet() } else { sequence::Alphabet::Iupac },
        sequence_column: request.sequence_column.clone(),
        id_column: request.id_column.clone(),
        ..sequence::ReadOptions::default()
    };
    for record in sequence::Reader::open(&[path.to_owned()], &options)? {
        let record = record?;
        queue.push(record.id, record.sequence)?;
    }
    Ok(())
}

struct Queue<'t, 'e> {
    tokenizer: &'t Tokenizer,
    waiting: Vec<(String, String)>,
    each: &'e mut dyn FnMut(&TokenizedSequence) -> Result<(), Error>,
    tokenized: Tokenized,
}

impl Queue<'_, '_> {
    fn push(&mut self, id: String, text: String) -> Result<(), Error> {
        self.waiting.push((id, text));
        if self.waiting.len() < CHUNK { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<(), Error> {
        let (names, texts): (Vec<String>, Vec<String>) =
            std::mem::take(&mut self.waiting).into_iter().unzip();
        let encoded = self.tokenizer.encode_batch(&texts)?;
        for ((id, text), ids) in names.into_iter().zip(&texts).zip(encoded) {
            self.tokenized.sequences += 1;
            self.tokenized.tokens += ids.len() as u64;
            self.tokenized.with_unknown_letters += u64::from(!self.tokenizer.covers(text));
            (self.each)(&TokenizedSequence { id, ids })?;
        }
        Ok(())
    }
}
