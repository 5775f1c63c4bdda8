//! Byte-pair encoding learned from sequences (Sennrich et al. 2016, arXiv:1508.07909), in GPT-2's file layout.

use std::collections::HashSet;
use std::path::Path;

use serde_json::json;
use tokenizers::decoders::DecoderWrapper;
use tokenizers::models::TrainerWrapper;
use tokenizers::models::bpe::{BPE, BpeTrainer};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{AddedToken, Tokenizer as Reference};

use crate::files::File;
use crate::{Error, Tokenizer};

/// The only special token: beginning, end, padding and unknown, as in GPT-2. Its id is 0.
pub(crate) const END_OF_TEXT: &str = "<|endoftext|>";

/// The letters that are in every vocabulary, seen or not.
const LETTERS: [char; 5] = ['A', 'C', 'G', 'N', 'T'];

/// The end-of-text token and the five letters: a vocabulary cannot be smaller.
pub const MINIMUM_VOCABULARY: usize = 1 + LETTERS.len();

/// Longest piece, in letters, that the trainer sees as a unit. Merging is quadratic in it, and a token longer than
/// this could not be learned anyway.
const PIECE: usize = 512;

/// Longest token, in letters. Longer ones are memorised repeats, and a cut inside one costs many short tokens.
const LONGEST_TOKEN: usize = 32;

/// Learns a byte-level BPE of `vocabulary` tokens: `<|endoftext|>` is 0, A, C, G, N and T are 1 to 5 whether they
/// occur or not, then merges by frequency. No merge crosses an N or another letter outside A, C, G and T, so an N is
/// always a token of its own.
///
/// The result depends on the sequences and the size alone, not on their order or on the number of threads.
pub fn train_bpe<I>(sequences: I, vocabulary: usize) -> Result<Tokenizer, Error>
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let failed = |reason: String| Error::Training { vocabulary, reason };
    if vocabulary < MINIMUM_VOCABULARY {
        return Err(failed(format!("the smallest possible is {MINIMUM_VOCABULARY}")));
    }
    let mut pieces = Vec::new();
    for sequence in sequences {
        for run in sequence.as_ref().split(|letter| !matches!(letter, 'A' | 'C' | 'G' | 'T')) {
            // Only A, C, G and T are left, so bytes are letters.
            pieces.extend(
                run.as_bytes().chunks(PIECE).map(|piece| String::from_utf8_lossy(piece).into_owned()),
            );
        }
    }
    let end_of_text = AddedToken::from(END_OF_TEXT, true).normalized(false);
    let mut trainer = TrainerWrapper::BpeTrainer(
        BpeTrainer::builder()
            .show_progress(false)
            .vocab_size(vocabulary)
            .min_frequency(2)
            .max_token_length(Some(LONGEST_TOKEN))
            .initial_alphabet(HashSet::from(LETTERS))
            .special_tokens(vec![end_of_text])
            .build(),
    );
    let mut reference = Reference::new(BPE::default());
    reference.with_pre_tokenizer(Some(ByteLevel::new(false, true, true)));
    reference.with_post_processor(Some(ByteLevel::new(true, false, true)));
    reference.with_decoder(Some(DecoderWrapper::from(ByteLevel::new(true, true, true))));
    reference.train(&mut trainer, pieces.into_iter()).map_err(|error| failed(error.to_string()))?;
    let learned = reference.get_vocab_size(true);
    if learned < vocabulary {
        return Err(failed(format!(
            "the sequences give only {learned}; use more or longer sequences, or ask for fewer tokens"
        )));
    }
    let tokenizer_json = reference.to_string(false).map_err(|error| failed(error.to_string()))?;
    Tokenizer::from_files(files(tokenizer_json)?, Path::new("the new tokenizer"))
}

/// The files that `transformers` needs beside `tokenizer.json` to open the folder as a GPT-2 tokenizer.
fn files(tokenizer_json: String) -> Result<Vec<File>, Error> {
    let configuration = json!({
        "add_prefix_space": false,
        "added_tokens_decoder": {
            "0": {
                "content": END_OF_TEXT, "lstrip": false, "normalized": false,
                "rstrip": false, "single_word": false, "special": true,
            }
        },
        "bos_token": END_OF_TEXT,
        "clean_up_tokenization_spaces": false,
        "eos_token": END_OF_TEXT,
        "pad_token": END_OF_TEXT,
        "tokenizer_class": "GPT2Tokenizer",
        "unk_token": END_OF_TEXT,
    });
    let special_tokens = json!({
        "bos_token": END_OF_TEXT, "eos_token": END_OF_TEXT, "pad_token": END_OF_TEXT, "unk_token": END_OF_TEXT,
    });
    let file = |name: &str, text: String| File { name: name.to_owned(), bytes: text.into_bytes() };
    Ok(vec![
        file("tokenizer.json", tokenizer_json),
        file("tokenizer_config.json", format!("{configuration:#}\n")),
        file("special_tokens_map.json", format!("{special_tokens:#}\n")),
    ])
}
