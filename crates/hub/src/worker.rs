use std::{
    future::Future,
    pin::Pin,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

use tokio::sync::{mpsc::UnboundedSender, oneshot};

use crate::Error;

/// The thread on which requests run, so that the face of this crate blocks and may be called from anywhere,
/// a thread of another tokio runtime included. It ends with its last job after this value is gone.
pub(crate) struct Worker {
    jobs: UnboundedSender<Job>,
}

/// Makes a future on the worker's thread; so only what it is made of has to be sent there.
type Job = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()>>> + Send>;

/// How often a waiting caller looks whether it should stop.
const LOOK: Duration = Duration::from_millis(20);

impl Worker {
    pub(crate) fn start() -> Result<Worker, Error> {
        let thread = Error::file("start a thread for", "the network");
        let (jobs, mut inbox) = tokio::sync::mpsc::unbounded_channel::<Job>();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let started = runtime.and_then(|runtime| {
            std::thread::Builder::new().name("hub".to_string()).spawn(move || {
                let local = tokio::task::LocalSet::new();
                local.block_on(&runtime, async {
                    while let Some(job) = inbox.recv().await {
                        tokio::task::spawn_local(job());
                    }
                });
            })
        });
        started.map_err(thread)?;
        Ok(Worker { jobs })
    }

    /// Runs `task` and hands what it sends to `observe`, on the caller's thread. Stops it when `cancel` becomes true.
    pub(crate) fn run<T, E, F>(
        &self,
        cancel: &AtomicBool,
        observe: &mut dyn FnMut(E),
        task: impl FnOnce(mpsc::Sender<E>) -> F + Send + 'static,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: Future<Output = Result<T, Error>> + 'static,
    {
        let (events, inbox) = mpsc::channel();
        let (answer, outcome) = mpsc::channel();
        // Dropped when this function returns, which stops the task if it still runs.
        let (_caller, caller_gone) = oneshot::channel::<()>();
        let job: Job = Box::new(move || {
            Box::pin(async move {
                tokio::select! {
                    _ = caller_gone => {}
                    // The caller may be gone just now; then nobody wants the answer.
                    result = task(events) => { let _ = answer.send(result); }
                }
            })
        });
        if self.jobs.send(job).is_err() {
            return Err(Error::Cancelled);
        }
        loop {
            if cancel.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            match inbox.recv_timeout(LOOK) {
                Ok(event) => observe(event),
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                // The task dropped its sender: it has ended, and the answer is there or about to be.
                Err(mpsc::RecvTimeoutError::Disconnected) => match outcome.recv_timeout(LOOK) {
                    Ok(result) => return result,
                    Err(mpsc::RecvTimeoutError::Timeout) => {}
                    Err(mpsc::RecvTimeoutError::Disconnected) => return Err(Error::Cancelled),
                },
            }
        }
    }
}
