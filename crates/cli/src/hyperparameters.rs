//! The settings of a training as flags, made from the one description that forms and documentation use too.

use api::{Error, Group, HYPERPARAMETERS, Hyperparameter, Preset, RunConfiguration, SettingKind as Kind};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

/// The settings given on the command line, by name, as text.
#[derive(Clone, Debug, Default)]
pub struct Settings(Vec<(&'static str, String)>);

impl Settings {
    /// Puts them into `configuration`, over what is there.
    pub fn apply(&self, configuration: &mut RunConfiguration) -> Result<(), Error> {
        for (name, text) in &self.0 {
            configuration.set(name, text).map_err(Error::from)?;
        }
        Ok(())
    }
}

/// The same for a command that needs a group of the settings only.
pub fn augment_group(command: Command, groups: &[Group]) -> Command {
    HYPERPARAMETERS
        .iter()
        .filter(|one| groups.contains(&one.group))
        .fold(command, |command, one| command.arg(argument(one)))
}

impl Args for Settings {
    fn augment_args(command: Command) -> Command {
        let groups = [Group::Data, Group::Method, Group::Training, Group::Evaluation, Group::Machine];
        augment_group(command, &groups)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Settings::augment_args(command)
    }
}

impl FromArgMatches for Settings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Settings, clap::Error> {
        let mut settings = Settings::default();
        settings.update_from_arg_matches(matches)?;
        Ok(settings)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for one in HYPERPARAMETERS {
            if let Some(text) = given(one, matches) {
                self.0.push((one.name, text));
            }
        }
        Ok(())
    }
}

/// The text that was given for a setting; `None` where its flag is absent.
fn given(one: &Hyperparameter, matches: &ArgMatches) -> Option<String> {
    if !matches.try_contains_id(one.name).ok()? {
        return None;
    }
    match one.kind {
        // The flag alone turns a switch over: --rslora on, --no-baseline off.
        Kind::Switch => {
            matches.get_flag(one.name).then(|| (one.default == Preset::Switch(false)).to_string())
        }
        Kind::List => {
            let words: Vec<&String> = matches.get_many::<String>(one.name)?.collect();
            Some(words.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(","))
        }
        Kind::Integer | Kind::Number | Kind::Text => matches.get_one::<String>(one.name).cloned(),
    }
}

fn argument(one: &'static Hyperparameter) -> Arg {
    let help = match shown_default(one) {
        Some(default) => format!("{} [default: {default}]", one.help),
        None => one.help.to_owned(),
    };
    let arg = Arg::new(one.name)
        .long(one.flag.trim_start_matches('-'))
        .help_heading(heading(one.group))
        .help(help.clone())
        .long_help(format!("{help}\n{}", one.explanation));
    match one.kind {
        Kind::Switch => arg.action(ArgAction::SetTrue),
        Kind::List => arg.action(ArgAction::Append).value_name(value_name(one)),
        _ => arg.action(ArgAction::Set).allow_negative_numbers(true).value_name(value_name(one)),
    }
}

fn value_name(one: &Hyperparameter) -> String {
    if !one.choices.is_empty() {
        return one.choices.join("|");
    }
    match one.name {
        "target" | "exclude" | "modules_to_save" => "PATTERN".into(),
        "layers" => "NUMBER".into(),
        name if name.ends_with("_column") => "COLUMN".into(),
        _ => "NUMBER".into(),
    }
}

fn shown_default(one: &Hyperparameter) -> Option<String> {
    match one.default {
        Preset::Nothing | Preset::Switch(_) => None,
        Preset::Integer(number) => Some(number.to_string()),
        Preset::Number(number) => Some(number.to_string()),
        Preset::Text(text) => Some(text.to_owned()),
        Preset::List([]) => None,
        Preset::List(words) => Some(words.join(",")),
    }
}

fn heading(group: Group) -> &'static str {
    match group {
        Group::Data => "Columns and splits (guessed unless given)",
        Group::Method => "The adapter",
        Group::Training => "Training",
        Group::Evaluation => "Choosing the best state",
        Group::Machine => "Machine",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<RunConfiguration, String> {
        let command = Settings::augment_args(Command::new("train"));
        let words = std::iter::once("train").chain(words.iter().copied());
        let matches = command.try_get_matches_from(words).map_err(|error| error.to_string())?;
        let settings = Settings::from_arg_matches(&matches).map_err(|error| error.to_string())?;
        let mut configuration = RunConfiguration::default();
        settings.apply(&mut configuration).map_err(|error| error.message)?;
        Ok(configuration)
    }

    #[test]
    fn every_flag_reaches_its_setting() {
        let words = [
            "--rank",
            "4",
            "--target",
            "c_attn",
            "--target",
            "mlp.c_fc",
            "--rslora",
            "--no-baseline",
            "--layers",
            "1,2",
            "--bias",
            "lora_only",
            "--learning-rate",
            "2e-4",
            "--label-column",
            "class",
            "--warmup",
            "10",
        ];
        let configuration = parse(&words).unwrap();
        let settings = &configuration.hyperparameters;
        assert_eq!(settings.rank, 4);
        assert_eq!(settings.target, ["c_attn", "mlp.c_fc"]);
        assert!(settings.rslora);
        assert!(!settings.baseline);
        assert_eq!(settings.layers, [1, 2]);
        assert_eq!(settings.learning_rate, 2e-4);
        assert_eq!(configuration.data.label_column.as_deref(), Some("class"));
    }

    #[test]
    fn what_is_not_given_keeps_its_value() {
        assert_eq!(parse(&[]).unwrap(), RunConfiguration::default());
    }

    #[test]
    fn limits_are_told_with_the_flag() {
        assert_eq!(
            parse(&["--dropout", "-1"]).unwrap_err(),
            "--dropout cannot be -1: it must lie between 0 and 0.9"
        );
        assert!(parse(&["--bias", "some"]).unwrap_err().contains("none, all, lora_only"));
    }
}
