//! Predicting files of sequences with an adapter, a run, or a merged model.

use std::path::{Path, PathBuf};
use std::time::Instant;

use models::Base;
use predict::{Options, Predictor, Progress};
use sequence::{ReadOptions, Reader, Repairs};
use serde::Serialize;
use tokenizer::Tokenizer;
use train::{DTypeChoice, DeviceChoice};

use crate::{AdapterSummary, Downloads, Engine, Error, Kind, adapters};

/// A prediction as a person asks for it.
#[derive(Clone, Debug, Default)]
pub struct PredictRequest {
    /// A run, an adapter folder, or the folder of a merged model.
    pub adapter: PathBuf,
    /// Sequence files.
    pub input: Vec<PathBuf>,
    /// The predictions.
    pub out: PathBuf,
    /// The base model, where the adapter's own name for it does not lead to it.
    pub model: Option<String>,
    /// Give a record that cannot be read a row with a note, instead of stopping.
    pub skip_invalid: bool,
    /// Write over an output that is there already.
    pub overwrite: bool,
    /// The most tokens of a sequence; none: as in training.
    pub max_length: Option<usize>,
    /// Tokens computed at a time.
    pub batch_tokens: usize,
    /// The column with the sequences.
    pub sequence_column: Option<String>,
    /// The column with the names.
    pub id_column: Option<String>,
    /// Keep the sequences in JSON lines.
    pub sequences: bool,
    /// Where it is computed.
    pub device: DeviceChoice,
    /// The precision of the model.
    pub dtype: DTypeChoice,
}

/// What a prediction wrote.
#[derive(Clone, Debug, Serialize)]
pub struct Prediction {
    /// The output; where `complete` is false, the part of it.
    pub out: PathBuf,
    /// Whether every record has its row.
    pub complete: bool,
    /// What predicted: the adapter's folder or the merged model's.
    pub adapter: PathBuf,
    /// The base model's name.
    pub base: String,
    /// Counts: sequences, invalid, truncated, tokens, letters.
    #[serde(flatten)]
    pub progress: Progress,
    /// The most tokens of a sequence.
    pub max_length: usize,
    /// Rows predicted for each label.
    pub predicted: Vec<Predicted>,
    /// What cleaning changed.
    pub repairs: Repairs,
    /// Seconds from the first record to the last row.
    pub seconds: f64,
}

/// Rows predicted for one label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Predicted {
    /// The label.
    pub label: String,
    /// The rows.
    pub sequences: u64,
}

/// Predicts every record of the input and writes the output. See [`predict::run`].
pub fn predict(
    engine: &Engine,
    request: &PredictRequest,
    downloads: Downloads<'_>,
    observer: &mut dyn FnMut(&Progress),
) -> Result<Prediction, Error> {
    check_output(request)?;
    let (predictor, adapter, base) = predictor(engine, request, downloads)?;
    let options = ReadOptions {
        alphabet: predictor.tokenizer().alphabet(),
        sequence_column: request.sequence_column.clone(),
        id_column: request.id_column.clone(),
        ..ReadOptions::default()
    };
    let reader = Reader::open(&request.input, &options)?;
    let options = Options {
        batch_tokens: request.batch_tokens.max(1),
        skip_invalid: request.skip_invalid,
        overwrite: request.overwrite,
        sequences: request.sequences,
    };
    let started = Instant::now();
    let summary = predict::run(reader, &predictor, &request.out, &options, observer, &engine.stop)?;
    Ok(Prediction {
        out: summary.out,
        complete: summary.complete,
        adapter,
        base,
        progress: summary.progress,
        max_length: predictor.max_length(),
        predicted: summary
            .predicted
            .into_iter()
            .map(|(label, sequences)| Predicted { label, sequences })
            .collect(),
        repairs: summary.repairs,
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// What can be refused before a model is loaded.
fn check_output(request: &PredictRequest) -> Result<(), Error> {
    predict::Format::of(&request.out)?;
    if request.out.exists() && !request.overwrite {
        return Err(predict::Error::Exists { path: request.out.clone() }.into());
    }
    match request.input.iter().find(|input| !input.exists()) {
        Some(missing) => Err(Error::new(Kind::Data, format!("there is no file {}", missing.display()))
            .at(missing.display())
            .remedy("check the path")),
        None => Ok(()),
    }
}

fn predictor(
    engine: &Engine,
    request: &PredictRequest,
    downloads: Downloads<'_>,
) -> Result<(Predictor, PathBuf, String), Error> {
    let device = train::device::open(request.device)?;
    let precision = train::device::precision(request.dtype, &device);
    let path = &request.adapter;
    if is_whole_model(path) {
        let base = Base::load(path, &device, precision)?;
        let tokenizer = Tokenizer::from_folder(path)?;
        let labels = match (base.config.labels(), base.head_labels()) {
            ([], Some(outputs)) => (0..outputs).map(|index| index.to_string()).collect(),
            (labels, _) => labels.to_vec(),
        };
        let predictor = Predictor::whole(path, base, tokenizer, labels, request.max_length, &device)?;
        return Ok((predictor, path.clone(), path.display().to_string()));
    }
    let found = adapters::find(engine, path, request.model.as_deref(), downloads)?;
    let mut base = found.load_base(&device, precision)?;
    let (adapter, task) = peft::Adapter::load(&found.folder, &mut base)?;
    let models::Task::SequenceClassification { labels } = task else {
        return Err(predict::Error::NotAClassifier { folder: found.folder }.into());
    };
    let labels = found.labels(labels, &base)?;
    let max_length = request.max_length.or(found.max_length);
    // One that cannot be read flags nothing: it is no reason not to predict.
    let profile = peft::read_profile(&found.folder)?.and_then(|text| serde_json::from_str(&text).ok());
    let predictor = Predictor::adapted(&base, adapter, found.tokenizer()?, labels, max_length, &device)?;
    let predictor = predictor.with_profile(profile);
    Ok((predictor, found.folder, found.base.name))
}

/// What a folder would predict with: a run, an adapter folder, or a merged model, whose method is `full`.
pub fn predicting_model(path: &Path) -> Result<AdapterSummary, Error> {
    if is_whole_model(path) {
        let config = models::Config::read(path)?;
        return Ok(AdapterSummary {
            folder: path.to_owned(),
            method: "full".to_owned(),
            base: config.family().to_owned(),
            rank: None,
            targets: Vec::new(),
            labels: config.labels().to_vec(),
            problem: None,
        });
    }
    let folder = crate::export::adapter_folder(path)?;
    let found = adapters::summary(&folder, &folder.join("adapter_config.json"));
    match &found.problem {
        Some(problem) => Err(Error::new(Kind::Adapter, problem).at(folder.display())),
        None => Ok(found),
    }
}

/// Whether a folder holds a full model, such as a merged one.
fn is_whole_model(path: &Path) -> bool {
    path.join("config.json").is_file() && !path.join("adapter_config.json").is_file()
}
