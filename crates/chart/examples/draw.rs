//! Draws a figure that standard input describes in JSON, as `report.json` holds them:
//! `cargo run -p episome-chart --example draw -- FILE.svg < figure.json`.

use std::{env, error::Error, fs, io};

use episome_chart::{Figure, Theme};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("name the SVG file to write")?;
    let figure: Figure = serde_json::from_reader(io::stdin())?;
    Ok(fs::write(path, figure.svg(Theme::Light)?)?)
}
