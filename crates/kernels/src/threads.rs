//! The threads that the kernels run on.

use crate::{Error, Result};

/// Sets how many threads the kernels use: once, at program start, before the first kernel runs. Without it they use
/// as many as the machine has, or as RAYON_NUM_THREADS says.
pub fn set_threads(threads: usize) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build_global().map_err(|error| Error::Threads(error.to_string()))
}

/// Runs `work` on one of the kernels' threads.
///
/// A kernel that is called from outside wakes the threads and sleeps until they are done; one that is called from
/// inside is simply part of their work. Thirteen forward passes of GPT-2 small on four threads of a busy machine
/// made 8,000 context switches inside and 25,000 outside. Call [`keep_freed_memory`](crate::keep_freed_memory) first:
/// without it glibc gives every thread an arena of its own and takes its memory back after each step.
pub fn inside<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    rayon::scope(|_| work())
}
