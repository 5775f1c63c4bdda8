//! Simulated sequences with a known truth, to try things out and to test against.
//!
//! # The grammar
//! A sequence of class `signal` holds two motifs on its forward strand, a TATA-like box `STATAWAWRS` and, 10 to 30 letters
//! after its end, an ETS-like site `RCCGGAAGTR` (IUPAC codes; each letter of a site is drawn from its code, and one letter
//! in fifty is then replaced by a random one). Half of the class `background` holds both motifs too, as far apart, but in
//! the other order (`swapped`); the other half lacks one motif or both, in three equal kinds: `first_only`, `second_only`,
//! `neither`. What it lacks is there all the same, its letters shuffled, at the places where the motifs would stand: so
//! neither length nor composition tells the classes apart, and one motif alone is not enough. Around the sites the
//! sequence is a first-order Markov chain with the dinucleotide frequencies of a GC-poor vertebrate genome (few CG).
//!
//! Counting words tells that a motif is lacking, but not in which order two motifs stand: that takes a model that reads
//! the sequence from one end to the other. It says nothing about biology.

mod grammar;
mod project;

pub use grammar::{Grammar, Kind, Settings, Simulated, sequences};
pub use project::{Project, write_project};
