//! Training an adapter: from a request as a person makes it to a run.

use std::path::{Path, PathBuf};

use train::{
    BaseConfiguration, DeviceChoice, Ending, Estimate, Event, Inputs, Outcome, Resumption, RunConfiguration,
    RunFolder, SplitPreview, SystemClock,
};

use crate::data_files::{data_files, plain_files};
use crate::{BaseModel, DataFiles, Downloads, Engine, Error, Kind, base_model};

/// A training as a person asks for it: names that still have to be found.
#[derive(Clone, Debug, Default)]
pub struct TrainRequest {
    /// Files, a folder, or a Hub data set; empty: those of the configuration.
    pub data: Vec<String>,
    /// Files that choose the checkpoint.
    pub validation: Vec<String>,
    /// Files that are scored once.
    pub test: Vec<String>,
    /// The base model's name; none: that of the configuration.
    pub model: Option<String>,
    /// The revision of a Hub model.
    pub revision: Option<String>,
    /// Every setting.
    pub configuration: RunConfiguration,
}

/// A request with everything found.
struct Found {
    configuration: RunConfiguration,
    base: BaseModel,
    notes: Vec<String>,
}

fn find(engine: &Engine, request: TrainRequest, downloads: Downloads<'_>) -> Result<Found, Error> {
    let TrainRequest { data, validation, test, model, revision, mut configuration } = request;
    let mut notes = Vec::new();
    if !data.is_empty() {
        let files = data_files(engine, &data, downloads)?;
        notes.extend(files.note.clone());
        replace_data(&mut configuration, files);
    }
    for (names, files) in
        [(&validation, &mut configuration.data.validation), (&test, &mut configuration.data.test)]
    {
        if !names.is_empty() {
            *files = plain_files(names)?;
        }
    }
    if configuration.data.train.is_empty() {
        return Err(Error::new(Kind::Usage, "no data to train on")
            .at("--data")
            .remedy("name a file with --data"));
    }
    for file in configuration.files() {
        if !file.exists() {
            return Err(Error::new(Kind::Data, format!("there is no data file {}", file.display()))
                .at(file.display())
                .remedy("check the path; a Hub data set is named owner/name"));
        }
    }
    if let Some(model) = model {
        configuration.base = BaseConfiguration { name: model, revision, ..BaseConfiguration::default() };
    } else if let Some(revision) = revision {
        configuration.base.revision = Some(revision);
    }
    if configuration.base.name.is_empty() {
        return Err(Error::new(Kind::Usage, "no base model").at("--model").remedy("name one with --model"));
    }
    let asked = configuration.base.clone();
    let base = base_model(engine, &asked.name, asked.revision.as_deref(), downloads)?;
    notes.extend(base.note.clone());
    configuration.base = BaseConfiguration {
        name: base.name.clone(),
        revision: base.revision.clone(),
        ..BaseConfiguration::default()
    };
    Ok(Found { configuration, base, notes })
}

/// Says what is wrong with a training before it is started, as far as that shows without a look into the data: nothing is
/// downloaded or computed.
pub fn check_training(request: &TrainRequest) -> Result<(), Error> {
    let names = request.data.iter().chain(&request.validation).chain(&request.test);
    if request.data.is_empty() {
        return Err(Error::new(Kind::Usage, "no data to train on")
            .at("--data")
            .remedy("name a file with --data"));
    }
    for name in names {
        if Path::new(name).is_absolute() && !Path::new(name).exists() {
            return Err(Error::new(Kind::Data, format!("there is no data file {name}"))
                .at(name)
                .remedy("check the path; a Hub data set is named owner/name"));
        }
    }
    Ok(request.configuration.validate()?)
}

fn replace_data(configuration: &mut RunConfiguration, files: DataFiles) {
    let data = &mut configuration.data;
    (data.name, data.revision) = files.hub.unzip();
    data.train = files.train;
    data.validation = files.validation;
    data.test = files.test;
    data.labels = Vec::new();
    data.files = Vec::new();
}

/// Trains into the new folder `out`. See [`train::start`].
pub fn train(
    engine: &Engine,
    request: TrainRequest,
    out: &Path,
    downloads: Downloads<'_>,
    observer: &mut dyn FnMut(&Event),
    notes: &mut dyn FnMut(&str),
) -> Result<Outcome, Error> {
    // Before anything is downloaded.
    let empty = std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_none());
    let begun_in_vain = began_in_vain(out);
    if out.exists() && !empty && !begun_in_vain {
        return Err(train::Error::RunExists(out.to_owned()).into());
    }
    let Found { configuration, base, notes: found } = find(engine, request, downloads)?;
    found.iter().for_each(|note| notes(note));
    if begun_in_vain {
        std::fs::remove_dir_all(out).map_err(|error| Error::file("replace", out, &error))?;
    }
    let clock = SystemClock::new();
    let inputs = Inputs {
        model: &base.folder,
        tokenizer: &base.folder,
        clock: &clock,
        explain: crate::conversion::explained,
    };
    Ok(train::start(configuration, &inputs, out, observer, &engine.stop)?)
}

/// Whether the folder holds a run that failed before its first step, such as for a broken data file: nothing in it is
/// worth keeping, and whoever puts the cause right wants to give the same command again.
fn began_in_vain(out: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(out) else {
        return false;
    };
    let known = ["run.json", "events.jsonl", "lock", "split.csv", "invalid.csv"];
    let nothing_else = entries.flatten().all(|entry| {
        let path = entry.path();
        let empty = || std::fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_none());
        known.iter().any(|name| entry.file_name() == *name) || (entry.file_name() == "checkpoints" && empty())
    });
    let events = out.join("events.jsonl");
    nothing_else
        && events.is_file()
        && RunFolder::at(out.to_owned()).events().is_ok_and(|events| {
            matches!(events.last(), Some(Event::Failed { step: 0, .. }))
                && !events.iter().any(|event| matches!(event, Event::Step { .. }))
        })
}

/// Asks the process that trains a run to wait after its current step. It keeps its memory; [`go_on`] lets it go on.
pub fn pause(run: &Path) -> Result<(), Error> {
    Ok(run_folder(run)?.pause()?)
}

/// Lets a run that waits go on; false where no process is there to hear it, and [`resume`] is what goes on.
pub fn go_on(run: &Path) -> Result<bool, Error> {
    Ok(run_folder(run)?.go_on()?)
}

/// Asks the process that trains a run to end after its current step, as Ctrl-C does: its state and the best adapter so far
/// are kept.
pub fn stop(run: &Path) -> Result<(), Error> {
    Ok(run_folder(run)?.ask_to_stop()?)
}

fn run_folder(run: &Path) -> Result<RunFolder, Error> {
    RunConfiguration::read(run)?;
    Ok(RunFolder::at(run.to_owned()))
}

/// Goes on with a run; none if it has finished already, whose last event the observer then hears again. See
/// [`train::resume`].
pub fn resume(
    engine: &Engine,
    run: &Path,
    how: Resumption,
    downloads: Downloads<'_>,
    observer: &mut dyn FnMut(&Event),
) -> Result<Option<Outcome>, Error> {
    if run.join("events.jsonl").is_file() {
        let events = RunFolder::at(run.to_owned()).events()?;
        if let Some(finished) = events.iter().rfind(|event| matches!(event, Event::Finished { .. })) {
            observer(finished);
            return Ok(None);
        }
    }
    let base = base_of_run(engine, run, downloads)?;
    let clock = SystemClock::new();
    let inputs = Inputs {
        model: &base.folder,
        tokenizer: &base.folder,
        clock: &clock,
        explain: crate::conversion::explained,
    };
    Ok(Some(train::resume(run, &inputs, how, observer, &engine.stop)?))
}

/// Whether a run came to its end.
pub fn is_finished(outcome: &Outcome) -> bool {
    outcome.ending == Ending::Finished
}

/// The base model that a run was started with.
pub fn base_of_run(engine: &Engine, run: &Path, downloads: Downloads<'_>) -> Result<BaseModel, Error> {
    let configuration = RunConfiguration::read(run)?;
    base_model(engine, &configuration.base.name, configuration.base.revision.as_deref(), downloads)
}

/// The device that a run was asked to use.
pub fn device_of_run(run: &Path) -> Result<DeviceChoice, Error> {
    Ok(RunConfiguration::read(run)?.hyperparameters.device)
}

/// Says what a training would train and cost. See [`train::dry_run`].
pub fn dry_run(engine: &Engine, request: TrainRequest, downloads: Downloads<'_>) -> Result<Estimate, Error> {
    let Found { configuration, base, .. } = find(engine, request, downloads)?;
    let clock = SystemClock::new();
    let inputs = Inputs {
        model: &base.folder,
        tokenizer: &base.folder,
        clock: &clock,
        explain: crate::conversion::explained,
    };
    Ok(train::dry_run(&configuration, &inputs)?)
}

/// Says what an adapter with the settings of `configuration` would sit on and train, from the model's configuration alone.
/// See [`train::matched`].
pub fn matched(
    engine: &Engine,
    model: &str,
    revision: Option<&str>,
    configuration: &RunConfiguration,
    classes: usize,
    downloads: Downloads<'_>,
) -> Result<peft::Count, Error> {
    let base = base_model(engine, model, revision, downloads)?;
    Ok(train::matched(&configuration.hyperparameters, &base.folder, classes)?)
}

/// Says how a training would divide its data. Letters are judged by the base model's tokenizer, where a model is named.
pub fn preview_split(
    engine: &Engine,
    mut request: TrainRequest,
    downloads: Downloads<'_>,
) -> Result<SplitPreview, Error> {
    let alphabet = match request.model.take() {
        Some(model) => {
            let base = base_model(engine, &model, request.revision.as_deref(), downloads)?;
            tokenizer::Tokenizer::from_folder(&base.folder)?.alphabet()
        }
        None => sequence::Alphabet::Iupac,
    };
    let files = data_files(engine, &request.data, downloads)?;
    replace_data(&mut request.configuration, files);
    let data = &mut request.configuration.data;
    for (names, files) in [(&request.validation, &mut data.validation), (&request.test, &mut data.test)] {
        if !names.is_empty() {
            *files = plain_files(names)?;
        }
    }
    request.configuration.validate()?;
    Ok(train::preview_split(&request.configuration, alphabet)?)
}

/// The files that a request's words stand for, for an evaluation.
pub(crate) fn evaluation_files(
    engine: &Engine,
    names: &[String],
    downloads: Downloads<'_>,
) -> Result<Vec<PathBuf>, Error> {
    let files = data_files(engine, names, downloads)?;
    Ok(if files.test.is_empty() { files.train } else { files.test })
}
