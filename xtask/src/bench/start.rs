//! How the programs start, as they are packed: the window until its first screen can be used, `episome` until it has answered.

use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::measure::median;
use crate::{interface, journeys, project, system};

/// How the case is asked for.
pub const NAME: &str = "start";

/// Times every start so often, unless told otherwise.
const REPEATS: usize = 11;

/// What `episome` is asked.
const QUESTIONS: &[&str] = &["--version", "--help", "doctor"];

/// The most milliseconds that the window may take on four cores.
const WINDOW: f64 = 1_500.0;

/// The most milliseconds that an answer of the program may take.
const ANSWER: f64 = 50.0;

/// Times the starts, prints their table, and fails where a median is over its goal.
pub fn run(arguments: &[String]) -> Result<()> {
    let repeats = match arguments {
        [] => REPEATS,
        [option, number] if option == "--repeats" => number.parse().context("--repeats takes a number")?,
        _ => bail!("Usage: cargo xtask bench {NAME} [--repeats N]"),
    };
    system::ensure_workspace()?;
    interface::build()?;
    let built = project::build_release()?;

    println!("Starts of the release build, {repeats} of each after one that is not counted; milliseconds.\n");
    println!("| start | median | fastest to slowest | goal |\n|---|---|---|---|");
    let mut within = true;
    let program = built.join(format!("episome{}", std::env::consts::EXE_SUFFIX));
    for question in QUESTIONS {
        let mut times = Vec::new();
        for _ in 0..=repeats {
            let began = Instant::now();
            project::run(project::command(&program).arg(question).stdout(Stdio::null()))?;
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
        within &= row(&format!("`episome {question}`, from start to end"), times, ANSWER)?;
    }
    if system::WINDOW_IS_DRIVEN {
        let mut script = journeys::driven(NAME, &built)?;
        let told = project::output(script.args(["--", &(repeats + 1).to_string()]))?;
        let times: Result<Vec<f64>, _> = told.lines().map(str::parse).collect();
        within &= row("the window, until the first screen can be used", times?, WINDOW)?;
    } else {
        println!("The window is timed on Linux only, where its driver is.");
    }
    if !within {
        bail!("a start takes longer than its goal: the median in the table above is over it");
    }
    Ok(())
}

/// Prints a row of the table; whether the median keeps to the goal. The first start found nothing in the system's memory yet.
fn row(what: &str, times: Vec<f64>, goal: f64) -> Result<bool> {
    let mut times: Vec<f64> = times.into_iter().skip(1).collect();
    times.sort_by(f64::total_cmp);
    let (Some(fastest), Some(slowest)) = (times.first(), times.last()) else {
        bail!("nothing was timed: {what}");
    };
    let median = median(&times);
    println!("| {what} | {median:.0} | {fastest:.0} to {slowest:.0} | {goal:.0} |");
    Ok(median <= goal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_held_to_the_goal_without_the_first() {
        assert!(row("quick", vec![9_000.0, 90.0, 100.0, 300.0], 100.0).unwrap());
        assert!(!row("slow", vec![1.0, 90.0, 101.0, 300.0], 100.0).unwrap());
        assert!(row("none", vec![1.0], 100.0).is_err());
    }
}
