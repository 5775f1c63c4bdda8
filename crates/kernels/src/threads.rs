//! The threads that the kernels run on.

use crate::{Error, Result, graph};

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
    // A thread that waits for others takes up any work that waits for a thread, in the middle of its own: what it was
    // doing must not decide whether this work leaves a way back.
    let recording = graph::is_recording();
    rayon::scope(|_| graph::recording(recording, work))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;
    use crate::without_gradients;

    #[test]
    fn work_keeps_its_gradients_on_a_thread_that_is_busy_without() {
        let (busy, done) = (AtomicUsize::new(0), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                rayon::broadcast(|_| {
                    without_gradients(|| {
                        busy.fetch_add(1, Ordering::SeqCst);
                        while !done.load(Ordering::SeqCst) {
                            rayon::yield_now();
                        }
                        assert!(!graph::is_recording());
                    });
                });
            });
            while busy.load(Ordering::SeqCst) < rayon::current_num_threads() {
                std::thread::yield_now();
            }
            let (own, without) =
                (inside(graph::is_recording), without_gradients(|| inside(graph::is_recording)));
            done.store(true, Ordering::SeqCst);
            assert!(own && !without);
        });
    }
}
