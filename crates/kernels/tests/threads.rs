//! A model made of the kernels gives the same bits on any number of threads.

mod model;

/// The model's norm, loss and gradients, as bits.
type Bits = (u64, Vec<Vec<u32>>);

fn bits(threads: usize) -> Result<Bits, Box<dyn std::error::Error>> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let (norm, values) = pool.install(model::run)?;
    assert!(norm.is_finite() && values.iter().flatten().all(|value| value.is_finite()));
    Ok((
        norm.to_bits(),
        values.iter().map(|values| values.iter().map(|value| value.to_bits()).collect()).collect(),
    ))
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let one = bits(1).unwrap();
    for threads in [2, 3, 4, 7] {
        assert!(bits(threads).unwrap() == one, "{threads} threads");
    }
}

#[test]
fn the_same_seed_gives_the_same_bits_again() {
    assert!(bits(3).unwrap() == bits(3).unwrap());
}
