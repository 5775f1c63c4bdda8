//! The threads that the kernels run on.

use crate::{Error, Result};

/// Sets how many threads the kernels use: once, at program start, before the first kernel runs. Without it they use
/// as many as the machine has, or as RAYON_NUM_THREADS says.
pub fn set_threads(threads: usize) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build_global()
        .map_err(|error| Error::Threads(error.to_string()))
}
