//! What the report is told about a run.

use crate::device;
use crate::error::Error;
use crate::event::Event;
use crate::finding::findings;
use crate::finish::{Finish, ended};
use crate::hyperparameters::Group;
use crate::metrics::{Metric, Scores};
use crate::report::{
    BaseModel, BaselineScored, DataFile, DataSummary, Environment, EvaluationPoint, History, PartSummary,
    ReportInput, Scored, Setting, StepPoint,
};
use crate::session::Example;
use crate::{HYPERPARAMETERS, RunConfiguration};
use sequence::Part;
use serde_json::Value;

/// Draws of the bootstrap.
const RESAMPLES: usize = 2000;

pub(crate) fn of(
    finish: &Finish<'_>,
    part: Part,
    examples: &[Example],
    logits: Vec<f32>,
    baseline: Option<BaselineScored>,
) -> Result<ReportInput, Error> {
    let Finish { folder, configuration, prepared, session, state, .. } = *finish;
    let records = &prepared.dataset.records;
    let count = &session.count;
    let events = folder.events()?;
    let input = ReportInput {
        title: folder
            .path()
            .file_name()
            .map_or_else(|| "run".into(), |name| name.to_string_lossy().into_owned()),
        labels: configuration.data.labels.clone(),
        scored: Scored {
            split: part.name().to_owned(),
            ids: examples.iter().map(|example| records[example.record].id.clone()).collect(),
            lengths: examples.iter().map(|example| records[example.record].sequence.len()).collect(),
            labels: examples.iter().map(|example| example.class).collect(),
            logits,
            truncated: examples.iter().filter(|example| example.truncated).count(),
        },
        baseline,
        history: History {
            best_step: state.best.map(|best| best.step as u64),
            ended: ended(state, configuration),
            ..history(&events, configuration.hyperparameters.metric)
        },
        data: data(finish),
        model: BaseModel {
            name: configuration.base.name.clone(),
            revision: configuration.base.revision.clone(),
            sha256: Some(configuration.base.sha256.clone()),
            family: family(session.base.family()).to_owned(),
            shape: shape(&session.base.config),
            licence: None,
        },
        method: "LoRA".to_owned(),
        trainable_parameters: count.trainable as u64,
        all_parameters: count.all as u64,
        settings: settings(configuration)?,
        environment: Environment {
            version: configuration.version.clone(),
            device: device::name(&session.device).to_uppercase(),
            dtype: session.precision.as_str().to_owned(),
            threads: rayon::current_num_threads(),
            machine: format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH),
            started: configuration.created.clone(),
            training_seconds: state.seconds,
        },
        resamples: RESAMPLES,
        seed: configuration.hyperparameters.seed,
        warnings: prepared.warnings.clone(),
        findings: Vec::new(),
    };
    let found = findings(&input.labels, &input.scored, &input.history, &configuration.hyperparameters);
    Ok(ReportInput { findings: found, ..input })
}

/// What happened in a run, as far as it has come. `metric` is the one by which its best state is chosen.
#[must_use]
pub fn history(events: &[Event], metric: Metric) -> History {
    let mut history = History { chosen_by: metric.name().to_owned(), ..History::default() };
    events.iter().for_each(|event| history.hear(event));
    history
}

impl History {
    /// Goes on with what happened next.
    pub fn hear(&mut self, event: &Event) {
        match event {
            Event::Step { step, epoch, loss, learning_rate, .. } => {
                let (step, epoch) = (*step as u64, *epoch);
                self.steps.push(StepPoint { step, epoch, loss: *loss, learning_rate: *learning_rate });
            }
            Event::Evaluation { split, step, epoch, metrics, best, .. } if split == "validation" => {
                if *best {
                    self.best_step = Some(*step as u64);
                }
                if let Ok(scores) = serde_json::from_value::<Scores>(Value::Object(metrics.clone())) {
                    let (step, epoch) = (*step as u64, *epoch);
                    self.evaluations.push(EvaluationPoint { step, epoch, split: split.clone(), scores });
                }
            }
            _ => {}
        }
    }
}

fn data(finish: &Finish<'_>) -> DataSummary {
    let dataset = &finish.prepared.dataset;
    let file = |file: &sequence::SourceFile| DataFile {
        name: file.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        sha256: file.sha256.clone(),
        records: file.records as usize,
    };
    let part = |part: Part| {
        let mut per_class = vec![0; dataset.labels.len()];
        let mut lengths = Vec::new();
        for index in dataset.of(part) {
            per_class[dataset.classes[index]] += 1;
            lengths.push(dataset.records[index].sequence.len());
        }
        PartSummary { name: part.name().to_owned(), per_class, lengths }
    };
    let said = |text: String| if text.is_empty() { Vec::new() } else { vec![text] };
    DataSummary {
        files: dataset.files.iter().map(file).collect(),
        parts: Part::ALL.map(part).into_iter().filter(|part| !part.lengths.is_empty()).collect(),
        split_method: dataset.split_method.clone(),
        audit: finish.prepared.findings.clone(),
        repairs: said(if dataset.repairs.is_empty() { String::new() } else { dataset.repairs.to_string() }),
        left_out: dataset.invalid.iter().take(LEFT_OUT_SHOWN).map(ToString::to_string).collect(),
        simulated: crate::report::simulated(dataset.files.iter().map(|file| file.path.as_path())),
    }
}

/// invalid.csv has them all.
const LEFT_OUT_SHOWN: usize = 20;

fn family(model_type: &str) -> &str {
    match model_type {
        "gpt2" => "GPT-2",
        other => other,
    }
}

fn shape(config: &models::Config) -> String {
    let vocabulary = config.vocabulary_size();
    let thousands = if vocabulary < 1000 {
        vocabulary.to_string()
    } else {
        format!("{},{:03}", vocabulary / 1000, vocabulary % 1000)
    };
    format!(
        "{} layers × {}, vocabulary {thousands}, context {} tokens",
        config.layers(),
        config.width(),
        config.longest_sequence()
    )
}

/// Every setting with a value, by the names of the table.
fn settings(configuration: &RunConfiguration) -> Result<Vec<Setting>, Error> {
    let hyperparameters = serde_json::to_value(&configuration.hyperparameters)?;
    let data = serde_json::to_value(&configuration.data)?;
    let shown = |value: &Value| match value {
        Value::Null => None,
        Value::Bool(on) => Some(if *on { "yes" } else { "no" }.to_owned()),
        Value::String(text) => Some(text.clone()),
        Value::Array(values) if values.is_empty() => None,
        Value::Array(values) => {
            let words =
                values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            Some(words.collect::<Vec<_>>().join(", "))
        }
        other => Some(other.to_string()),
    };
    let mut settings = Vec::new();
    for one in HYPERPARAMETERS {
        let fields = if one.group == Group::Data { &data } else { &hyperparameters };
        if let Some(value) = fields.get(one.name).and_then(shown) {
            settings.push(Setting { group: format!("{:?}", one.group), name: one.label(), value });
        }
    }
    Ok(settings)
}
