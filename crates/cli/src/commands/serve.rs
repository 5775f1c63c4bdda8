//! `episome serve`: the app in a browser, over HTTP and server-sent events.

mod events;
mod files;
mod gate;
mod interface;
mod routes;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use api::wire::{Places, State};
use api::{Engine, Error, Kind};
use clap::Args;
use serde::Serialize;

use crate::console::Console;
use events::Events;
use gate::Gate;

const EXAMPLE: &str = "\
The address that is printed carries a token: whoever has it may use the app, so keep it to yourself. By default \
only this machine can reach it; from elsewhere, use a tunnel (ssh -L 8017:127.0.0.1:8017 machine). Ctrl-C ends it; \
trainings that were started go on.

Examples:
  episome serve --open
  episome serve --port 8017";

/// `episome serve`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// The address to listen on; another than this machine's own can be reached by others, without encryption
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port to listen on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// Open the app in the browser of this machine
    #[arg(long)]
    open: bool,
}

/// Where the app is, for machines.
#[derive(Debug, Serialize)]
struct Listening {
    url: String,
    address: String,
    port: u16,
}

/// What every answer may use.
pub struct Server {
    pub state: State,
    pub gate: Gate,
    pub events: Arc<Events>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, engine: Engine, console: &Console) -> Result<(), Error> {
    let places =
        Places::of(|name| std::env::var_os(name), std::env::current_exe().ok()).ok_or_else(|| {
            Error::new(Kind::File, "there is no folder for settings and projects: HOME is not set")
                .remedy("set EPISOME_CONFIG and EPISOME_PROJECTS to folders that you may write to")
        })?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| failed("the server could not be started", &error))?;
    runtime.block_on(serve(arguments, State::new(engine, places), console))
}

async fn serve(arguments: &Arguments, state: State, console: &Console) -> Result<(), Error> {
    let wanted = SocketAddr::new(arguments.host, arguments.port);
    let listener = tokio::net::TcpListener::bind(wanted).await.map_err(|error| {
        failed(&format!("{wanted} cannot be listened on"), &error)
            .at(wanted)
            .remedy("another program uses this port: choose another --port, or 0 for a free one")
    })?;
    let address = listener.local_addr().map_err(|error| failed("the server has no address", &error))?;
    let gate = Gate::new(address);
    let url = gate.url();
    if !address.ip().is_loopback() {
        console.warn(format_args!(
            "{address} can be reached by other machines, and what is sent is not encrypted"
        ));
    }
    if interface::is_missing() {
        console.warn("this build holds no user interface: run `npm --prefix ui ci && npm --prefix ui run build`, then build again");
    }
    let listening = Listening { url: url.clone(), address: address.ip().to_string(), port: address.port() };
    console.answer(&listening, || format!("Episome is at {url}\nCtrl-C ends it."))?;
    if arguments.open
        && let Err(error) = open::that_detached(&url)
    {
        console.warn(format_args!("no browser could be opened ({error}): open the address yourself"));
    }
    let server = Server { state, gate, events: Arc::new(Events::new()) };
    axum::serve(listener, routes::router(Arc::new(server)))
        .await
        .map_err(|error| failed("the server ended", &error))
}

fn failed(what: &str, error: &std::io::Error) -> Error {
    Error::new(Kind::Network, format!("{what}: {error}"))
}
