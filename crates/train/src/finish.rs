//! The end of a run: the best state becomes the adapter, the test split is scored once, the report is written.
//!
//! Everything here can be done again: a run that is interrupted here comes back here when it is resumed.

use crate::baseline::{self, KmerLogisticRegression};
use crate::card;
use crate::checkpoint::{self, Ended, State};
use crate::clock::Clock;
use crate::configuration::RunConfiguration;
use crate::error::Error;
use crate::event::{Event, Stage};
use crate::finding::Finding;
use crate::folder::RunFolder;
use crate::journal::Journal;
use crate::metrics::Evaluation;
use crate::prepare::Prepared;
use crate::report;
use crate::session::{Example, Session};
use crate::summary;
use crate::training::{fields, score};
use peft::{AdapterFolder, AdapterLabels, SelfTest};
use sequence::Part;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// A run whose training is over.
pub(crate) struct Finish<'a> {
    pub folder: &'a RunFolder,
    pub configuration: &'a RunConfiguration,
    pub prepared: &'a Prepared,
    pub session: &'a Session,
    pub state: &'a State,
    pub epoch: f64,
    pub clock: &'a dyn Clock,
    pub stop: &'a AtomicBool,
}

/// What came of it.
pub(crate) struct Conclusion {
    pub test: Option<Evaluation>,
    pub page: PathBuf,
    pub sentence: String,
    pub seconds: f64,
}

/// Puts the tensors of the best checkpoint into the adapter.
pub(crate) fn restore_best(folder: &RunFolder, session: &Session) -> Result<(), Error> {
    if let Some(best) = checkpoint::load(&folder.best_checkpoint())? {
        session.adapter.restore(&best.adapter)?;
    }
    Ok(())
}

/// Does what is left to do; `None` if the stop flag was raised meanwhile.
pub(crate) fn conclude(finish: &Finish<'_>, journal: &mut Journal<'_>) -> Result<Option<Conclusion>, Error> {
    let Finish { folder, configuration, prepared, session, state, .. } = *finish;
    let began = finish.clock.elapsed();
    restore_best(folder, session)?;

    // Without a test split the report stands on the validation records, and says so.
    let (part, examples) = if prepared.test.is_empty() {
        (Part::Validation, &prepared.validation)
    } else {
        (Part::Test, &prepared.test)
    };
    let baseline = match configuration.hyperparameters.baseline {
        true => match finish.baseline(part, journal)? {
            Some(scored) => Some(scored),
            None => return Ok(None),
        },
        false => None,
    };

    let total = Some(examples.len() as u64);
    journal.progress(Stage::Testing, format!("Scoring the {part} split"), Some(0), total)?;
    let interrupted = || finish.stop.load(Ordering::Relaxed);
    let Some(logits) = session.logits(examples, &interrupted, &mut |_| Ok(()))? else {
        return Ok(None);
    };
    let evaluation = score(&logits, examples, session.classes)?;
    if part == Part::Test {
        let time = journal.now();
        journal.tell(&Event::Evaluation {
            time,
            split: part.name().to_owned(),
            step: state.best.map_or(state.step, |best| best.step),
            epoch: finish.epoch,
            records: evaluation.records,
            best: true,
            metrics: fields(&evaluation)?,
        })?;
    }

    journal.progress(Stage::Report, "Writing the adapter and the report", None, None)?;
    let input = summary::of(finish, part, examples, logits, baseline)?;
    for Finding { kind, message, remedy } in &input.findings {
        journal.warn(kind, format!("{message} What to do: {remedy}."), None)?;
    }
    let report = report::write(&folder.report(), &input)?;
    write_adapter(folder, configuration, prepared, session, Some(&report))?;
    let seconds = state.seconds + finish.clock.elapsed().saturating_sub(began).as_secs_f64();
    let test = (part == Part::Test).then_some(evaluation);
    Ok(Some(Conclusion { test, page: report.page, sentence: report.sentence, seconds }))
}

impl Finish<'_> {
    /// Fits the baseline and scores the same records with it; `None` if the stop flag was raised meanwhile.
    fn baseline(
        &self,
        part: Part,
        journal: &mut Journal<'_>,
    ) -> Result<Option<report::BaselineScored>, Error> {
        journal.progress(Stage::Baseline, "Fitting the k-mer baseline to the same records", None, None)?;
        let began = self.clock.elapsed();
        let dataset = &self.prepared.dataset;
        let of = |examples: &[Example]| -> (Vec<&str>, Vec<usize>) {
            examples
                .iter()
                .map(|example| (dataset.records[example.record].sequence.as_str(), example.class))
                .unzip()
        };
        let (train, validation) = (of(&self.prepared.train), of(&self.prepared.validation));
        let fitted = KmerLogisticRegression::fit(
            &train.0,
            &train.1,
            dataset.labels.len(),
            Some((&validation.0, &validation.1)),
            &baseline::Options::default(),
            self.stop,
        );
        let fitted = match fitted {
            Err(baseline::Error::Stopped) => return Ok(None),
            other => other?,
        };
        let scored = if part == Part::Test { of(&self.prepared.test).0 } else { validation.0 };
        let logits = fitted.logits(&scored);
        let seconds = self.clock.elapsed().saturating_sub(began).as_secs_f64();
        Ok(Some(report::BaselineScored { description: fitted.description(), logits, seconds }))
    }
}

/// Sequences in the adapter's self-test.
const SELF_TESTS: usize = 8;

/// Writes the adapter's folder: peft's files, and what peft ignores.
///
/// `report` is there once the run is complete; a run that was stopped shares its best state without scores.
pub(crate) fn write_adapter(
    folder: &RunFolder,
    configuration: &RunConfiguration,
    prepared: &Prepared,
    session: &Session,
    report: Option<&report::Report>,
) -> Result<(), Error> {
    let labels =
        AdapterLabels { labels: configuration.data.labels.clone(), max_length: Some(prepared.max_length) };
    let examples: Vec<Example> = prepared.validation.iter().take(SELF_TESTS).cloned().collect();
    let logits = session.logits(&examples, &|| false, &mut |_| Ok(()))?.unwrap_or_default();
    let records = &prepared.dataset.records;
    let tests = examples.iter().zip(logits.chunks(session.classes)).map(|(example, logits)| SelfTest {
        sequence: records[example.record].sequence.clone(),
        tokens: example.tokens.clone(),
        logits: logits.to_vec(),
    });
    let card = card::of(configuration, prepared, report, folder);
    let dataset = &prepared.dataset;
    let training = dataset.of(Part::Train).map(|index| dataset.records[index].sequence.as_str());
    let profile =
        sequence::Profile::of(training).map(|profile| serde_json::to_string(&profile)).transpose()?;
    let written = AdapterFolder {
        adapter: &session.adapter,
        labels: &labels,
        tokenizer: Some(&prepared.tokenizer_folder),
        card: &card,
        self_test: &tests.collect::<Vec<_>>(),
        profile: profile.as_deref(),
    };
    Ok(written.write(&folder.adapter())?)
}

/// Why the training ended, in words.
pub(crate) fn ended(state: &State, configuration: &RunConfiguration) -> String {
    let settings = &configuration.hyperparameters;
    match state.ended {
        Some(Ended::EarlyStopping) => {
            let count = state.without_improvement;
            let evaluations = if count == 1 { "evaluation" } else { "evaluations" };
            format!("no better {} on the validation split for {count} {evaluations}", settings.metric.title())
        }
        Some(Ended::OnRequest) => format!("on request, after {} steps", state.step),
        _ if settings.steps == Some(state.step) => format!("after {} steps, as asked", state.step),
        _ if settings.epochs == 1 => "after 1 epoch".to_owned(),
        _ => format!("after {} epochs", settings.epochs),
    }
}
