//! A model that classifies, ready to score sequences.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use candle_core::{DType, Device};
use models::{Base, Batch, Hook, Model, NoHook, Task};
use peft::Adapter;
use sequence::Profile;
use tokenizer::Tokenizer;

use crate::Error;
use crate::stream::Score;

/// A base model with an adapter, or a full classification model; its tokenizer and the names of its labels.
pub struct Predictor {
    model: Box<dyn Model>,
    adapter: Option<Adapter>,
    tokenizer: Tokenizer,
    labels: Vec<String>,
    max_length: usize,
    pad_id: Option<u32>,
    device: Device,
    /// The most sequences that fitted into the device's memory at a time, where a batch did not.
    at_a_time: AtomicUsize,
    profile: Option<Profile>,
}

impl Predictor {
    /// A base model with the adapter that was loaded on it.
    ///
    /// `labels` are the names of the head's outputs, in their order. `max_length` is the greatest number of tokens that
    /// a sequence may have (what is beyond is cut off); it is lowered to what the base can take.
    pub fn adapted(
        base: &Base,
        adapter: Adapter,
        tokenizer: Tokenizer,
        labels: Vec<String>,
        max_length: Option<usize>,
        device: &Device,
    ) -> Result<Predictor, Error> {
        Predictor::new(base, Some(adapter), tokenizer, labels, max_length, device)
    }

    /// A full model with a classification head, such as a merged one, from `folder`.
    pub fn whole(
        folder: &Path,
        base: Base,
        tokenizer: Tokenizer,
        labels: Vec<String>,
        max_length: Option<usize>,
        device: &Device,
    ) -> Result<Predictor, Error> {
        if base.head_labels().is_none() {
            return Err(Error::NotAClassifier { folder: folder.to_owned() });
        }
        Predictor::new(&base, None, tokenizer, labels, max_length, device)
    }

    fn new(
        base: &Base,
        adapter: Option<Adapter>,
        tokenizer: Tokenizer,
        labels: Vec<String>,
        max_length: Option<usize>,
        device: &Device,
    ) -> Result<Predictor, Error> {
        let outputs = base.head_labels().unwrap_or(0);
        if outputs != labels.len() {
            return Err(Error::Labels { outputs, labels: labels.len() });
        }
        let limit = base.config.longest_sequence();
        Ok(Predictor {
            model: base.build(Task::SequenceClassification { labels: outputs })?,
            adapter,
            tokenizer,
            labels,
            max_length: max_length.map_or(limit, |length| length.min(limit)),
            pad_id: base.config.pad_id(),
            device: device.clone(),
            at_a_time: AtomicUsize::new(usize::MAX),
            profile: None,
        })
    }

    /// Flags sequences that are unlike those that `profile` was made of.
    #[must_use]
    pub fn with_profile(self, profile: Option<Profile>) -> Predictor {
        Predictor { profile, ..self }
    }

    /// The tokenizer that goes with the model.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The greatest number of tokens of a sequence.
    pub fn max_length(&self) -> usize {
        self.max_length
    }
}

impl Score for Predictor {
    fn labels(&self) -> &[String] {
        &self.labels
    }

    fn encode(&self, sequence: &str) -> Result<Vec<u32>, Error> {
        Ok(self.tokenizer.encode(sequence)?)
    }

    fn max_length(&self) -> usize {
        self.max_length
    }

    fn unlike(&self, sequence: &str) -> Option<String> {
        self.profile.as_ref()?.unlike(sequence)
    }

    fn logits(&self, sequences: &[&[u32]]) -> Result<Vec<Vec<f32>>, Error> {
        let hook: &dyn Hook = match &self.adapter {
            Some(adapter) => adapter,
            None => &NoHook,
        };
        let mut limit = self.at_a_time.load(Ordering::Relaxed);
        let logits = kernels::in_parts(sequences, &mut limit, |part| {
            let batch = Batch::packed(part, self.pad_id, &self.device)?;
            let logits = self.model.infer(&batch, hook)?;
            Ok::<_, Error>(logits.to_dtype(DType::F32)?.to_vec2::<f32>()?)
        });
        self.at_a_time.store(limit, Ordering::Relaxed);
        logits
    }
}
