//! How near a training step is to the plain matrix products in it, and how both gain from more threads.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Settings;
use super::measure::{median, number};
use super::peer::Peer;
use crate::{project, system};

/// What computes the plain products: its name in the table, and the field of its milliseconds.
const PRODUCTS: [(&str, &str); 3] =
    [("`gemm`", "gemm_ms"), ("Episome", "own_ms"), ("PyTorch", "products_ms")];

const STEP: &str = "step_ms";

/// GPT-2 small's shape with LoRA on c_attn, 8 × 128 tokens, by one thread and by all in alternation.
pub fn run(settings: &Settings) -> Result<()> {
    system::ensure_build()?;
    let peer = Peer::prepare(settings)?;
    let threads = [1, settings.threads];
    let mut rates = [Rates::default(), Rates::default()];
    for repeat in 1..=settings.repeats {
        for (threads, rates) in threads.into_iter().zip(&mut rates) {
            eprintln!("floor, {threads} threads, {repeat} of {}", settings.repeats);
            let ours = measure(threads)?;
            let operations = number(&ours, "operations")?;
            let theirs = project::output(peer.command(threads).arg("products"))?;
            let theirs = serde_json::from_str(&theirs).context("the peer's script printed something else")?;
            rates.add(operations, &ours, &["gemm_ms", "own_ms", STEP])?;
            rates.add(operations, &theirs, &["products_ms"])?;
        }
    }
    println!(
        "\na training step beside its plain matrix products (x·W and dy·Wᵀ of each layer's size), 8 × 128 tokens; GFLOP/s, \
         of which only the products' operations are counted\n\n\
         | threads | {} | whole step | of the best products |\n|---|---|---|---|---|---|",
        PRODUCTS.map(|(name, _)| format!("products by {name}")).join(" | ")
    );
    for (threads, rates) in threads.into_iter().zip(&rates) {
        let products = PRODUCTS.map(|(_, field)| format!("{:.0}", rates.median(field) / 1e9)).join(" | ");
        let (step, best) = (rates.median(STEP), rates.best());
        println!("| {threads} | {products} | {:.0} | {:.0} % |", step / 1e9, 100.0 * step / best);
    }
    let [one, all] = rates;
    let efficiency = |one: f64, all: f64| 100.0 * all / (one * settings.threads as f64);
    let products = efficiency(one.best(), all.best());
    let steps = efficiency(one.median(STEP), all.median(STEP));
    println!(
        "\nparallel efficiency, one thread to {}: the best plain products {products:.0} %, whole step {steps:.0} % ({:.0} % of \
         the products')",
        settings.threads,
        100.0 * steps / products
    );
    Ok(())
}

/// Floating-point operations a second of several runs, by the field of their milliseconds.
#[derive(Default)]
struct Rates(BTreeMap<&'static str, Vec<f64>>);

impl Rates {
    fn add(&mut self, operations: f64, line: &Value, fields: &[&'static str]) -> Result<()> {
        for field in fields {
            self.0.entry(field).or_default().push(operations / number(line, field)? * 1e3);
        }
        Ok(())
    }

    fn median(&self, field: &str) -> f64 {
        let mut rates = self.0.get(field).cloned().unwrap_or_default();
        rates.sort_by(f64::total_cmp);
        median(&rates)
    }

    /// Of the fastest plain products.
    fn best(&self) -> f64 {
        PRODUCTS.iter().map(|(_, field)| self.median(field)).fold(0.0, f64::max)
    }
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
