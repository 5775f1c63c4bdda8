//! `episome results`.

use std::path::PathBuf;

use api::Error;
use api::results;
use clap::Args;

use crate::console::Console;
use crate::text::table;

const EXAMPLE: &str = "\
The numbers are those of the run's report.html. With --json, each question's whole answer.

Examples:
  episome results runs/promoters
  episome results runs/promoters --mistakes 20
  episome results runs/promoters --threshold 0.9
  episome results runs/promoters runs/enhancers
  episome results runs/promoters --figure roc --out roc.svg";

/// `episome results`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// The run's folder; several are set side by side
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<PathBuf>,
    /// List that many records that the model got wrong, the surest first, with their sequences
    #[arg(long, value_name = "NUMBER", group = "question")]
    mistakes: Option<usize>,
    /// Count what is called right and wrong from this probability on
    #[arg(long, value_name = "PROBABILITY", group = "question")]
    threshold: Option<f64>,
    /// The class of --threshold (default: the second of two, the first of more)
    #[arg(long, value_name = "LABEL", requires = "threshold")]
    class: Option<String>,
    /// The run in a paragraph for a paper, with the items of the DOME recommendations
    #[arg(long, group = "question")]
    methods: bool,
    /// Save a figure of the report, named as its file is
    #[arg(long, value_name = "NAME", group = "question", requires = "out")]
    figure: Option<String>,
    /// The file of --figure, ending in .svg, .png or .pdf
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Error> {
    let [run] = arguments.runs.as_slice() else {
        return compare(&arguments.runs, console);
    };
    if let Some(limit) = arguments.mistakes {
        let found = results::mistakes(run, limit)?;
        return console.answer(&found, || {
            let mut text = format!("{} of {} records are wrong\n", found.wrong, found.records);
            for mistake in &found.mistakes {
                text += &format!(
                    "\n{}: {} called {} ({:.3})\n{}\n",
                    mistake.id,
                    mistake.true_label,
                    mistake.predicted_label,
                    mistake.confidence,
                    mistake.sequence.as_deref().unwrap_or("(the sequence is not there)")
                );
            }
            text + found.note.as_deref().unwrap_or_default()
        });
    }
    if let Some(threshold) = arguments.threshold {
        let found = results::thresholds(run, arguments.class.as_deref(), Some(threshold))?;
        return console.answer(&found, || {
            let mut text = String::new();
            for point in &found.points {
                let [precision, recall] = [point.precision, point.recall].map(score);
                text += &format!(
                    "{} from {}: {} found and {} missed of {}; {} called wrongly of {}\nprecision {precision}, recall {recall}, MCC {:.3}\n",
                    found.class,
                    point.threshold,
                    point.true_positives,
                    point.false_negatives,
                    found.positives,
                    point.false_positives,
                    found.negatives,
                    point.mcc,
                );
            }
            text
        });
    }
    let sheet = results::sheet(run)?;
    if arguments.methods {
        return console.answer(&serde_json::json!({ "methods": sheet.methods, "dome": sheet.dome }), || {
            let items = sheet.dome.iter().filter(|item| !item.text.is_empty());
            let items: String = items
                .map(|item| format!("{}, {}: {}\n", item.section, item.item.to_lowercase(), item.text))
                .collect();
            format!("{}\n\n{items}", sheet.methods)
        });
    }
    if let (Some(name), Some(out)) = (&arguments.figure, &arguments.out) {
        let format = results::FigureFormat::of(out)?;
        results::save_figure(run, name, format, api::ChartTheme::Light, out)?;
        return console.answer(&serde_json::json!({ "figure": out }), || out.display().to_string());
    }
    let metrics = results::metrics(run)?;
    console.answer(&metrics, || {
        let found = metrics.findings.iter();
        let found: String =
            found.map(|finding| format!("{}\nwhat to do: {}\n\n", finding.message, finding.remedy)).collect();
        format!("{found}{}\n", metrics.sentence)
    })
}

fn compare(runs: &[PathBuf], console: &Console) -> Result<(), Error> {
    let found = results::compare(runs)?;
    console.answer(&found, || {
        let mut rows = vec![vec![String::new()]];
        rows[0].extend(found.runs.iter().map(|run| run.name.clone()));
        for setting in &found.differences {
            let mut row = vec![setting.label.clone()];
            row.extend(
                setting
                    .values
                    .iter()
                    .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
            );
            rows.push(row);
        }
        for metric in &found.metrics {
            let mut row = vec![metric.label.clone()];
            row.extend(metric.values.iter().map(|value| score(value.map(|value| value.estimate))));
            rows.push(row);
        }
        let mut text = table(&rows);
        if !found.same_records {
            text += "The runs were scored on different records: their scores cannot be compared.\n";
        }
        text
    })
}

fn score(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}
