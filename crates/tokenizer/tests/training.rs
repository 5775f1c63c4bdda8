//! A vocabulary learned here: what is in it, that it is the same every time, and that it survives saving.

use episome_tokenizer::{Error, Tokenizer, train_bpe};
use sequence::Alphabet;

/// Letters from a linear congruential generator (Knuth's MMIX constants), so that the test needs no data.
fn sequences(count: usize, length: usize, seed: u64) -> Vec<String> {
    let mut state = seed;
    (0..count)
        .map(|_| {
            (0..length)
                .map(|_| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    ['A', 'C', 'G', 'T'][(state >> 62) as usize]
                })
                .collect()
        })
        .collect()
}

#[test]
fn the_first_ids_are_fixed_and_the_size_is_exact() {
    let tokenizer = train_bpe(sequences(200, 300, 1), 256).unwrap();
    assert_eq!(tokenizer.vocabulary_size(), 256);
    let first: Vec<String> = (0..6).map(|id| tokenizer.token(id).unwrap()).collect();
    assert_eq!(first, ["<|endoftext|>", "A", "C", "G", "N", "T"]);
    assert_eq!((tokenizer.pad_id(), tokenizer.end_of_text_id()), (Some(0), Some(0)));
    assert_eq!(tokenizer.alphabet(), Alphabet::AcgtN);
}

#[test]
fn no_token_joins_n_with_anything() {
    // N is frequent and always between the same letters: a trainer that let merges cross it would learn them first.
    let sequences: Vec<String> =
        sequences(100, 60, 2).iter().map(|sequence| format!("{sequence}ACNNGT")).collect();
    let tokenizer = train_bpe(&sequences, 128).unwrap();
    for id in 6..128 {
        let token = tokenizer.token(id).unwrap();
        assert!(token.chars().all(|letter| "ACGT".contains(letter)), "{token}");
    }
    let n = tokenizer.id("N").unwrap();
    let ids = tokenizer.encode("ACGTNNACGTN").unwrap();
    assert_eq!(ids.iter().filter(|&&id| id == n).count(), 3);
    assert_eq!(tokenizer.decode(&ids).unwrap(), "ACGTNNACGTN");
}

#[test]
fn order_does_not_matter_and_repetition_gives_the_same_file() {
    let mut sequences = sequences(150, 700, 3);
    let first = train_bpe(&sequences, 300).unwrap();
    sequences.reverse();
    let second = train_bpe(&sequences, 300).unwrap();
    assert_eq!(first.files(), second.files());
}

#[test]
fn a_saved_tokenizer_opens_with_the_same_ids() {
    let tokenizer = train_bpe(sequences(100, 300, 4), 200).unwrap();
    let folder = tempfile::tempdir().unwrap();
    tokenizer.save(folder.path()).unwrap();
    let opened = Tokenizer::from_folder(folder.path()).unwrap();
    for sequence in sequences(20, 200, 5) {
        assert_eq!(opened.encode(&sequence).unwrap(), tokenizer.encode(&sequence).unwrap());
    }
    assert_eq!(opened.pad_id(), Some(0));
}

#[test]
fn every_base_is_in_exactly_one_token() {
    let tokenizer = train_bpe(sequences(100, 300, 6), 200).unwrap();
    for sequence in sequences(20, 333, 7) {
        let ids = tokenizer.encode(&sequence).unwrap();
        let letters: usize = ids.iter().map(|&id| tokenizer.token(id).unwrap().len()).sum();
        assert_eq!(letters, sequence.len());
    }
}

#[test]
fn too_little_to_learn_from_is_an_error_that_says_so() {
    let error = train_bpe(["ACGT"], 500).unwrap_err();
    assert!(matches!(error, Error::Training { vocabulary: 500, .. }), "{error}");
    assert!(error.to_string().contains("more or longer sequences"), "{error}");
    assert!(train_bpe(["ACGT"], 3).unwrap_err().to_string().contains("smallest possible is 6"));
}
