//! `episome doctor`.

use api::{Card, Engine, Error, Memory};
use clap::Args;

use crate::console::Console;
use crate::text::{bytes, table};

const EXAMPLE: &str = "\
Example:
  episome doctor --json";

/// `episome doctor`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {}

/// Runs the command.
pub fn run(_arguments: &Arguments, engine: &Engine, console: &Console) -> Result<(), Error> {
    let report = api::doctor(engine);
    console.answer(&report, || {
        let mut rows = vec![
            vec!["episome".into(), report.version.clone(), report.build.clone()],
            vec!["device".into(), report.device.clone(), report.processor.clone()],
            vec!["graphics card".into(), card(report.card.as_ref()), String::new()],
            vec![
                "threads".into(),
                report.threads.to_string(),
                format!("{} cores; {}", report.cores, report.instructions.join(", ")),
            ],
            vec![
                "memory".into(),
                bytes(report.memory.total_bytes),
                format!("{} free", bytes(report.memory.available_bytes)),
            ],
        ];
        for (what, folder) in [("cache", &report.cache), ("Hub cache", &report.hub_cache)] {
            let free = folder.free_bytes.map(|free| format!("{} free", bytes(free))).unwrap_or_default();
            let note = if folder.exists { "" } else { ", not made yet" };
            rows.push(vec![what.into(), folder.path.display().to_string(), format!("{free}{note}")]);
        }
        let hub = if report.hub.offline { "offline (HF_HUB_OFFLINE)" } else { "online" };
        let token = if report.hub.token { "with a token" } else { "no token outside of the keyring" };
        rows.push(vec!["Hub".into(), report.hub.endpoint.clone(), format!("{hub}, {token}")]);
        rows.push(vec!["embedded model".into(), report.embedded_model.clone(), String::new()]);
        let mut text = table(&std::iter::once(Vec::new()).chain(rows).collect::<Vec<_>>());
        for problem in &report.problems {
            text.push_str(&format!("problem: {problem}\n"));
        }
        text
    })
}

fn card(card: Option<&Card>) -> String {
    let Some(card) = card else {
        return "none that this program can use".to_owned();
    };
    let precision = if card.bf16 { ", computes in bf16" } else { "" };
    let Memory { total_bytes, available_bytes } = card.memory;
    format!("{}, {} of {} free{precision}", card.name, bytes(available_bytes), bytes(total_bytes))
}
