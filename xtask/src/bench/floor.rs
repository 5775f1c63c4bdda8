//! How near a training step is to the plain matrix products in it, and how both gain from more threads.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Settings;
use super::measure::{median, number};
use crate::project;

/// Rates in floating-point operations a second.
#[derive(Default)]
struct Rates {
    products: Vec<f64>,
    steps: Vec<f64>,
}

impl Rates {
    fn medians(mut self) -> (f64, f64) {
        self.products.sort_by(f64::total_cmp);
        self.steps.sort_by(f64::total_cmp);
        (median(&self.products), median(&self.steps))
    }
}

/// GPT-2 small's shape with LoRA on c_attn, 8 × 128 tokens, by one thread and by all in alternation.
pub fn run(settings: &Settings) -> Result<()> {
    let (mut one, mut all) = (Rates::default(), Rates::default());
    for repeat in 1..=settings.repeats {
        for (threads, rates) in [(1, &mut one), (settings.threads, &mut all)] {
            eprintln!("floor, {threads} threads, {repeat} of {}", settings.repeats);
            let line = measure(threads)?;
            let operations = number(&line, "operations")?;
            rates.products.push(operations / number(&line, "products_ms")? * 1e3);
            rates.steps.push(operations / number(&line, "step_ms")? * 1e3);
        }
    }
    let ((products, steps), (all_products, all_steps)) = (one.medians(), all.medians());
    println!(
        "\na training step beside its plain matrix products (x·W and dy·Wᵀ of each layer's size, by the crate that the \
         kernels use), 8 × 128 tokens; only the products' operations are counted\n\n\
         | threads | plain products | whole step | share |\n|---|---|---|---|"
    );
    for (threads, products, steps) in [(1, products, steps), (settings.threads, all_products, all_steps)] {
        let share = 100.0 * steps / products;
        println!("| {threads} | {:.0} GFLOP/s | {:.0} GFLOP/s | {share:.0} % |", products / 1e9, steps / 1e9);
    }
    let efficiency = |one: f64, all: f64| 100.0 * all / (one * settings.threads as f64);
    let (of_products, of_steps) = (efficiency(products, all_products), efficiency(steps, all_steps));
    println!(
        "\nparallel efficiency, one thread to {}: plain products {of_products:.0} %, whole step {of_steps:.0} % ({:.0} % of \
         the products')",
        settings.threads,
        100.0 * of_steps / of_products
    );
    Ok(())
}

fn measure(threads: usize) -> Result<Value> {
    let output = project::output(project::cargo().args([
        "run",
        "--quiet",
        "--package",
        "episome-kernels",
        "--example",
        "floor",
        "--",
        "full",
        &threads.to_string(),
        "--json",
    ]))?;
    serde_json::from_str(&output).context("the example printed something else than its line")
}
