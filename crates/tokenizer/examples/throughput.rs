//! Prints how fast a tokenizer is: `cargo run -p episome-tokenizer --example throughput -- FOLDER`.

use std::time::Instant;

use episome_tokenizer::Tokenizer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder with a tokenizer")?;
    let tokenizer = Tokenizer::from_folder(folder.as_ref())?;
    for length in [100, 300, 2_000, 20_000] {
        // Random letters from a linear congruential generator (Knuth's MMIX constants), 4 million in all.
        let mut state = length as u64;
        let sequences: Vec<String> = (0..4_000_000 / length)
            .map(|_| {
                let letters = (0..length).map(|_| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    ['A', 'C', 'G', 'T'][(state >> 62) as usize]
                });
                letters.collect()
            })
            .collect();
        let start = Instant::now();
        for sequence in &sequences {
            tokenizer.encode(sequence)?;
        }
        let one = start.elapsed().as_secs_f64();
        let start = Instant::now();
        tokenizer.encode_batch(&sequences)?;
        let all = start.elapsed().as_secs_f64();
        println!(
            "{length:>6} letters: {:>5.1} MB/s on one thread, {:>5.1} MB/s on all",
            4.0 / one,
            4.0 / all
        );
    }
    Ok(())
}
