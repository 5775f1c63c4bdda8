//! The short way from plain letters to ids, for byte-level BPE: the same merges as the reference's, without its
//! bookkeeping of bytes, alignments and words.
//!
//! A DNA sequence is one word to GPT-2's pre-tokenizer, so its ids are the merges of its letters and nothing else.
//! `cargo run -p episome-tokenizer --example throughput` shows what it saves.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use ahash::AHashMap;
use serde_json::Value;
use tokenizers::Tokenizer as Reference;

/// No letter has this id.
const NONE: u32 = u32::MAX;

/// The merges of a byte-level BPE, for sequences of letters that it knows.
pub(crate) struct Letters {
    /// The id of each ASCII letter; [`NONE`] for what the reference must treat.
    ids: [u32; 256],
    /// Rank and result of a pair of ids.
    merges: AHashMap<(u32, u32), Merge>,
}

#[derive(Clone, Copy)]
struct Merge {
    rank: u32,
    id: u32,
}

/// A token while merging; `next` and `previous` are indices, [`NONE`] at the ends and `id` [`NONE`] once swallowed.
#[derive(Clone, Copy)]
struct Link {
    id: u32,
    previous: u32,
    next: u32,
}

impl Letters {
    /// `None` if the tokenizer does anything to letters but merge them.
    pub(crate) fn of(reference: &Reference) -> Option<Self> {
        let file = serde_json::to_value(reference).ok()?;
        let absent = |value: &Value| value.is_null() || value.as_str() == Some("");
        let byte_level = |value: &Value| value["type"] == "ByteLevel";
        let (model, before, after) = (&file["model"], &file["pre_tokenizer"], &file["post_processor"]);
        let merges_only = model["type"] == "BPE"
            && [
                "dropout",
                "unk_token",
                "continuing_subword_prefix",
                "end_of_word_suffix",
            ]
            .iter()
            .all(|&key| absent(&model[key]))
            && model["ignore_merges"] != true
            && model["byte_fallback"] != true;
        let one_word = file["normalizer"].is_null()
            && byte_level(before)
            && before["add_prefix_space"] == false
            && (after.is_null() || byte_level(after));
        let added = file["added_tokens"].as_array().map_or(&[][..], Vec::as_slice);
        let apart = added.iter().all(|token| {
            let text = token["content"].as_str().unwrap_or_default();
            text.bytes().any(|byte| !byte.is_ascii_alphabetic())
        });
        if !(merges_only && one_word && apart) {
            return None;
        }
        let id = |token: &str| {
            let id = model["vocab"].get(token)?.as_u64()?;
            u32::try_from(id).ok().filter(|&id| id != NONE)
        };
        let mut ids = [NONE; 256];
        for byte in (0..=u8::MAX).filter(u8::is_ascii_alphabetic) {
            let mut letter = [0; 4];
            ids[usize::from(byte)] = id(char::from(byte).encode_utf8(&mut letter)).unwrap_or(NONE);
        }
        let mut merges = AHashMap::new();
        for (rank, pair) in model["merges"].as_array()?.iter().enumerate() {
            let (left, right) = match pair {
                Value::String(pair) => pair.split_once(' ')?,
                pair => (pair.get(0)?.as_str()?, pair.get(1)?.as_str()?),
            };
            let merge = Merge {
                rank: u32::try_from(rank).ok()?,
                id: id(&format!("{left}{right}"))?,
            };
            merges.insert((id(left)?, id(right)?), merge);
        }
        Some(Self { ids, merges })
    }

    /// The ids of `text`, or `None` if it holds anything but letters of the vocabulary.
    pub(crate) fn encode(&self, text: &str) -> Option<Vec<u32>> {
        let mut links = Vec::with_capacity(text.len());
        for (index, byte) in text.bytes().enumerate() {
            let id = self.ids[usize::from(byte)];
            if id == NONE || index >= NONE as usize - 1 {
                return None;
            }
            let here = index as u32;
            links.push(Link {
                id,
                previous: here.wrapping_sub(1),
                next: here + 1,
            });
        }
        match links.last_mut() {
            None => return Some(Vec::new()),
            Some(last) => last.next = NONE,
        }
        self.merge(&mut links);
        Some(
            links
                .iter()
                .map(|link| link.id)
                .filter(|&id| id != NONE)
                .collect(),
        )
    }

    /// Merges the pair of the lowest rank, from the left among equals, until no pair can be merged.
    fn merge(&self, links: &mut [Link]) {
        // (rank, index, result): what a pair would become when it was seen.
        let mut queue: BinaryHeap<Reverse<(u32, u32, u32)>> = links
            .windows(2)
            .zip(0..)
            .filter_map(|(pair, index)| self.candidate(pair[0].id, pair[1].id, index))
            .collect();
        while let Some(Reverse((_, index, id))) = queue.pop() {
            let left = links[index as usize];
            if left.id == NONE || left.next == NONE {
                continue;
            }
            let right = links[left.next as usize];
            // The pair may have changed since; it counts if it still becomes the same token.
            if self
                .merges
                .get(&(left.id, right.id))
                .is_none_or(|merge| merge.id != id)
            {
                continue;
            }
            links[left.next as usize].id = NONE;
            links[index as usize] = Link {
                id,
                next: right.next,
                ..left
            };
            if right.next != NONE {
                links[right.next as usize].previous = index;
                queue.extend(self.candidate(id, links[right.next as usize].id, index));
            }
            if left.previous != NONE {
                queue.extend(self.candidate(links[left.previous as usize].id, id, left.previous));
            }
        }
    }

    fn candidate(&self, left: u32, right: u32, index: u32) -> Option<Reverse<(u32, u32, u32)>> {
        let merge = self.merges.get(&(left, right))?;
        Some(Reverse((merge.rank, index, merge.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tokenizer, train_bpe};

    /// Letters from a linear congruential generator (Knuth's MMIX constants), some of them N, with repeats.
    fn sequence(length: usize, seed: u64) -> String {
        let mut state = seed;
        let mut draw = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut text = String::new();
        while text.len() < length {
            match draw(40) {
                0 => text.push_str(&"A".repeat(draw(30) as usize)),
                1 => text.push_str(&"CAG".repeat(draw(12) as usize)),
                2 => text.push('N'),
                _ => text.push(['A', 'C', 'G', 'T'][draw(4) as usize]),
            }
        }
        text
    }

    fn compare(tokenizer: &Tokenizer) {
        for (seed, length) in [1, 2, 3, 7, 50, 300, 301, 5_000, 100_000].into_iter().enumerate() {
            let text =
                sequence(length, seed as u64).replace('N', if tokenizer.covers("N") { "N" } else { "" });
            let reference = tokenizer.reference().encode_fast(text.as_str(), true).unwrap();
            let letters = Letters::of(tokenizer.reference()).expect("it is byte-level BPE");
            assert_eq!(
                letters.encode(&text).as_deref(),
                Some(reference.get_ids()),
                "{length} letters"
            );
        }
    }

    #[test]
    fn ids_are_the_reference_s() {
        let corpus: Vec<String> = (0..200).map(|seed| sequence(400, 1000 + seed)).collect();
        compare(&train_bpe(&corpus, 1024).unwrap());
        let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/tokenizers/");
        for name in ["dna_gpt2_v0", "dna_bpe_dict_train_output"] {
            compare(&Tokenizer::from_folder(format!("{data}{name}").as_ref()).unwrap());
        }
    }

    #[test]
    fn what_is_no_letter_is_left_to_the_reference() {
        let tokenizer = train_bpe([sequence(4000, 1)], 64).unwrap();
        let letters = Letters::of(tokenizer.reference()).unwrap();
        for text in ["ACGT ACGT", "ACGT\n", "acgt", "ACGR", "ACGT<|endoftext|>", "ÁCGT"] {
            assert_eq!(letters.encode(text), None, "{text:?}");
        }
        assert_eq!(letters.encode(""), Some(Vec::new()));
    }

    #[test]
    fn other_tokenizers_have_no_short_way() {
        let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/tokenizers/");
        for name in ["dnabert2_like_4096", "gena_t2t_32k"] {
            let tokenizer = Tokenizer::from_folder(format!("{data}{name}").as_ref()).unwrap();
            assert!(Letters::of(tokenizer.reference()).is_none(), "{name}");
        }
    }
}
