use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use ahash::AHashMap;
use rayon::prelude::*;
use sequence::Alphabet;
use tokenizers::models::bpe::BPE;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{AddedToken, Tokenizer as Reference};

use crate::files::{self, File};
use crate::{Error, bpe};

/// The letters of IUPAC's nucleotide code beside A, C, G, T and N.
const AMBIGUITY_CODES: &str = "RYSWKMBDHV";

/// Turns sequences into the ids of one base model. Cheap to clone, and safe to use from many threads.
#[derive(Clone)]
pub struct Tokenizer {
    shared: Arc<Shared>,
}

struct Shared {
    reference: Reference,
    files: Vec<File>,
    /// For each ASCII character whether it reaches the ids.
    known: [bool; 128],
    vocabulary_size: usize,
    pad_id: Option<u32>,
    end_of_text_id: Option<u32>,
}

impl Tokenizer {
    /// Reads the tokenizer of a model folder: `tokenizer.json` if it is there, else `vocab.json` with `merges.txt`
    /// as GPT-2's byte-level BPE. `tokenizer_config.json` and `special_tokens_map.json` name the special tokens.
    pub fn from_folder(folder: &Path) -> Result<Self, Error> {
        let files = files::read_all(folder)?;
        let has = |name: &str| files.iter().any(|file| file.name == name);
        if !(has("tokenizer.json") || has("vocab.json") && has("merges.txt")) {
            return Err(Error::NoTokenizer { folder: folder.to_owned() });
        }
        Self::from_files(files, folder)
    }

    /// Reads a single `tokenizer.json`, whatever its name.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let files = vec![File { name: "tokenizer.json".to_owned(), bytes: files::read(path)? }];
        Self::from_files(files, path.parent().unwrap_or(Path::new("")))
    }

    /// Builds a tokenizer from files in memory, as [`Tokenizer::files`] gives them. `folder` appears in errors.
    pub fn from_files(files: Vec<File>, folder: &Path) -> Result<Self, Error> {
        let configuration = files::json(&files, "tokenizer_config.json", folder)?;
        let special_tokens = files::json(&files, "special_tokens_map.json", folder)?;
        let named = |key| {
            files::special_token(&configuration, key).or_else(|| files::special_token(&special_tokens, key))
        };
        let mut reference = match files.iter().find(|file| file.name == "tokenizer.json") {
            Some(file) => Reference::from_bytes(&file.bytes).map_err(|error| Error::Malformed {
                path: folder.join("tokenizer.json"),
                reason: error.to_string(),
            })?,
            None => {
                let mut reference = byte_level_bpe(&files, folder)?;
                let keys = ["bos_token", "eos_token", "unk_token", "pad_token"];
                let tokens: BTreeSet<&str> = keys.iter().filter_map(|key| named(key)).collect();
                add_special_tokens(&mut reference, tokens, folder)?;
                reference
            }
        };
        // Cutting and padding belong to the caller; dna_gpt2_v0's file asks for both at 128 tokens.
        let _ = reference
            .with_truncation(None)
            .map_err(|error| Error::Malformed { path: folder.to_owned(), reason: error.to_string() })?;
        reference.with_padding(None);

        let id = |token: Option<&str>| token.and_then(|token| reference.token_to_id(token));
        let end_of_text_id = id(named("eos_token")).or_else(|| id(Some(bpe::END_OF_TEXT)));
        let pad_id = id(named("pad_token")).or_else(|| id(Some("[PAD]")));
        let known = known_characters(&reference);
        // The largest id decides, not the count: ids may have gaps, and the model's table is indexed by id.
        let vocabulary_size =
            reference.get_vocab(true).values().max().map_or(0, |&largest| largest as usize + 1);
        Ok(Self {
            shared: Arc::new(Shared { reference, files, known, vocabulary_size, pad_id, end_of_text_id }),
        })
    }

    /// The ids of `sequence`, with the special tokens that the tokenizer's file asks for, neither cut nor padded.
    ///
    /// Letters that the vocabulary lacks are treated as the reference treats them: deleted, or replaced by the
    /// unknown token. Ask [`Tokenizer::unknown_letters`] first where that would be a loss.
    pub fn encode(&self, sequence: &str) -> Result<Vec<u32>, Error> {
        self.shared
            .reference
            .encode_fast(sequence, true)
            .map(|encoding| encoding.get_ids().to_vec())
            .map_err(|error| Error::Encode { length: sequence.len(), reason: error.to_string() })
    }

    /// The tokens of `sequence` as [`Tokenizer::encode`] gives them, each with the letters that it stands for. A token that the
    /// tokenizer's file adds stands for none.
    pub fn pieces(&self, sequence: &str) -> Result<Vec<Piece>, Error> {
        let encoding = self.shared.reference.encode(sequence, true);
        let encoding =
            encoding.map_err(|error| Error::Encode { length: sequence.len(), reason: error.to_string() })?;
        let pieces = encoding.get_ids().iter().zip(encoding.get_tokens()).zip(encoding.get_offsets());
        Ok(pieces
            .map(|((id, token), &(start, end))| Piece { id: *id, token: token.clone(), start, end })
            .collect())
    }

    /// [`Tokenizer::encode`] of many sequences on all threads of the current pool; the order is kept.
    pub fn encode_batch<S: AsRef<str> + Sync>(&self, sequences: &[S]) -> Result<Vec<Vec<u32>>, Error> {
        sequences.par_iter().map(|sequence| self.encode(sequence.as_ref())).collect()
    }

    /// The text of `ids`, without special tokens.
    pub fn decode(&self, ids: &[u32]) -> Result<String, Error> {
        self.shared
            .reference
            .decode(ids, true)
            .map_err(|error| Error::Decode { count: ids.len(), reason: error.to_string() })
    }

    /// The text of one token as it stands in the vocabulary.
    pub fn token(&self, id: u32) -> Option<String> {
        self.shared.reference.id_to_token(id)
    }

    /// The id of one token of the vocabulary.
    pub fn id(&self, token: &str) -> Option<u32> {
        self.shared.reference.token_to_id(token)
    }

    /// One more than the largest id, special tokens included: the rows that an embedding table needs.
    pub fn vocabulary_size(&self) -> usize {
        self.shared.vocabulary_size
    }

    /// The id that fills up short rows, if the files name one.
    pub fn pad_id(&self) -> Option<u32> {
        self.shared.pad_id
    }

    /// The id that ends a text, if the files name one (`eos_token`, or else `<|endoftext|>`).
    pub fn end_of_text_id(&self) -> Option<u32> {
        self.shared.end_of_text_id
    }

    /// The letters that a cleaned sequence may hold so that every one of them reaches the ids.
    ///
    /// All of IUPAC's codes only where the vocabulary knows each; a vocabulary with some of them counts as
    /// A, C, G, T and N.
    pub fn alphabet(&self) -> Alphabet {
        if !self.covers("N") {
            Alphabet::Acgt
        } else if self.covers(AMBIGUITY_CODES) {
            Alphabet::Iupac
        } else {
            Alphabet::AcgtN
        }
    }

    /// Whether every letter of `sequence` reaches the ids.
    pub fn covers(&self, sequence: &str) -> bool {
        sequence.chars().all(|letter| self.knows(letter))
    }

    /// The distinct letters of `sequence` that [`Tokenizer::encode`] would delete or blur, in alphabetical order.
    pub fn unknown_letters(&self, sequence: &str) -> Vec<char> {
        let unknown: BTreeSet<char> = sequence.chars().filter(|&letter| !self.knows(letter)).collect();
        unknown.into_iter().collect()
    }

    fn knows(&self, letter: char) -> bool {
        // Letters outside ASCII are never nucleotides, even where bytes stand for them in a vocabulary.
        letter.is_ascii() && self.shared.known[letter as usize & 127]
    }

    /// The files that make this tokenizer, byte for byte as they were read.
    pub fn files(&self) -> &[File] {
        &self.shared.files
    }

    /// Writes the tokenizer's files into `folder`, which is made if it is missing. `transformers.AutoTokenizer`
    /// opens the folder and gives the same ids.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        files::write_all(&self.shared.files, folder)
    }
}

/// A token with its place in the sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its id.
    pub id: u32,
    /// Its text as it stands in the vocabulary.
    pub token: String,
    /// The first letter that it stands for, from 0.
    pub start: usize,
    /// The letter after its last.
    pub end: usize,
}

impl std::fmt::Debug for Tokenizer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Tokenizer")
            .field("vocabulary_size", &self.vocabulary_size())
            .field("alphabet", &self.alphabet())
            .field("pad_id", &self.pad_id())
            .field("end_of_text_id", &self.end_of_text_id())
            .finish_non_exhaustive()
    }
}

/// GPT-2's tokenizer from `vocab.json` (token to id) and `merges.txt` (two tokens a line, by rank; `#version` first).
fn byte_level_bpe(files: &[File], folder: &Path) -> Result<Reference, Error> {
    let malformed = |name: &str, reason: String| Error::Malformed { path: folder.join(name), reason };
    let vocabulary = files::json(files, "vocab.json", folder)?;
    let mut ids: AHashMap<String, u32> = AHashMap::new();
    for (token, id) in vocabulary.as_object().into_iter().flatten() {
        let id = id.as_u64().and_then(|id| u32::try_from(id).ok());
        let id =
            id.ok_or_else(|| malformed("vocab.json", format!("the id of token {token:?} is not a number")))?;
        ids.insert(token.clone(), id);
    }
    if ids.is_empty() {
        return Err(malformed("vocab.json", "it is not an object of tokens and ids".to_owned()));
    }
    let text =
        files.iter().find(|file| file.name == "merges.txt").map(|file| String::from_utf8_lossy(&file.bytes));
    let mut merges = Vec::new();
    for (index, line) in text.as_deref().unwrap_or_default().lines().enumerate() {
        if line.is_empty() || line.starts_with("#version") {
            continue;
        }
        let (left, right) = line.split_once(' ').ok_or_else(|| {
            malformed("merges.txt", format!("line {} is not two tokens with a blank between", index + 1))
        })?;
        merges.push((left.to_owned(), right.to_owned()));
    }
    let model = BPE::builder()
        .vocab_and_merges(ids, merges)
        .build()
        .map_err(|error| malformed("merges.txt", error.to_string()))?;
    let mut reference = Reference::new(model);
    reference.with_pre_tokenizer(Some(ByteLevel::new(false, true, true)));
    reference.with_decoder(Some(ByteLevel::new(false, true, true)));
    Ok(reference)
}

fn add_special_tokens(reference: &mut Reference, tokens: BTreeSet<&str>, folder: &Path) -> Result<(), Error> {
    // A token that the vocabulary lacks would get a new id beyond the model's table.
    let mut tokens: Vec<&str> =
        tokens.into_iter().filter(|token| reference.token_to_id(token).is_some()).collect();
    if tokens.is_empty() && reference.token_to_id(bpe::END_OF_TEXT).is_some() {
        tokens.push(bpe::END_OF_TEXT);
    }
    reference
        .add_special_tokens(tokens.into_iter().map(|token| AddedToken::from(token, true)))
        .map(|_| ())
        .map_err(|error| Error::Malformed { path: folder.to_owned(), reason: error.to_string() })
}

/// Tries every printable ASCII character by itself: known is what gives ids, none of them the unknown token.
fn known_characters(reference: &Reference) -> [bool; 128] {
    let unknown = unknown_token(reference).and_then(|token| reference.token_to_id(&token));
    let mut known = [false; 128];
    for (code, slot) in known.iter_mut().enumerate().skip(32) {
        let text = char::from(code as u8).to_string();
        *slot = reference.encode_fast(text.as_str(), false).is_ok_and(|encoding| {
            !encoding.is_empty() && encoding.get_ids().iter().all(|&id| Some(id) != unknown)
        });
    }
    known
}

fn unknown_token(reference: &Reference) -> Option<String> {
    use tokenizers::models::ModelWrapper;
    match reference.get_model() {
        ModelWrapper::BPE(model) => model.get_unk_token().clone(),
        ModelWrapper::WordPiece(model) => Some(model.unk_token.clone()),
        ModelWrapper::WordLevel(model) => Some(model.unk_token.clone()),
        ModelWrapper::Unigram(_) => None,
    }
}
