//! Text to token ids, as each base model expects it.
