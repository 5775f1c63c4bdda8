//! Server-sent events: what jobs say, to every page that listens.
//!
//! A page opens its stream and starts a job at the same moment, so a message may come before the stream stands: the last
//! ones are kept and told again to a new listener. One that lost its connection names the last number that it heard.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use api::wire::Message;
use axum::response::sse::Event;
use futures::Stream;
use tokio::sync::watch;

/// Messages kept for a listener that comes back.
const KEPT: usize = 20_000;

/// What a new listener is told of the time before it.
const RECENT: Duration = Duration::from_secs(5);

struct Said {
    number: u64,
    when: Instant,
    text: String,
}

/// The messages of all jobs, the newest of them kept.
pub struct Events {
    kept: Mutex<VecDeque<Said>>,
    newest: watch::Sender<u64>,
}

impl Events {
    pub fn new() -> Events {
        Events { kept: Mutex::default(), newest: watch::Sender::new(0) }
    }

    /// Tells every listener.
    pub fn tell(&self, message: &Message) {
        // Messages are plain; one that JSON cannot hold is a defect, and there is nobody to tell.
        let Ok(text) = serde_json::to_string(message) else {
            return;
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let number = kept.back().map_or(1, |last| last.number + 1);
        kept.push_back(Said { number, when: Instant::now(), text });
        if kept.len() > KEPT {
            kept.pop_front();
        }
        drop(kept);
        self.newest.send_replace(number);
    }

    /// The number after which a new listener is to hear.
    fn beginning(&self, heard: Option<u64>) -> u64 {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let last = kept.back().map_or(0, |last| last.number);
        // A number beyond ours is of a server before this one.
        heard.filter(|heard| *heard <= last).unwrap_or_else(|| {
            let old = kept.iter().rev().find(|said| said.when.elapsed() > RECENT);
            old.map_or(0, |said| said.number)
        })
    }

    fn after(&self, heard: u64) -> Vec<(u64, String)> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let new = kept.partition_point(|said| said.number <= heard);
        kept.range(new..).map(|said| (said.number, said.text.clone())).collect()
    }

    /// The stream of a listener that has heard the number `heard`, if it is not new.
    pub fn listen(
        self: std::sync::Arc<Self>,
        heard: Option<u64>,
    ) -> impl Stream<Item = Result<Event, Infallible>> {
        let newest = self.newest.subscribe();
        let beginning = self.beginning(heard);
        let waiting: VecDeque<(u64, String)> = VecDeque::new();
        futures::stream::unfold(
            (self, newest, beginning, waiting),
            async |(events, mut newest, heard, mut waiting)| {
                loop {
                    if let Some((number, text)) = waiting.pop_front() {
                        let event = Event::default().id(number.to_string()).data(text);
                        return Some((Ok(event), (events, newest, number, waiting)));
                    }
                    newest.borrow_and_update();
                    waiting = events.after(heard).into();
                    if waiting.is_empty() {
                        newest.changed().await.ok()?;
                    }
                }
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::wire::JobEvent;

    fn message(number: u64) -> Message {
        Message { job: number.to_string(), event: JobEvent::Done { answer: number.into() } }
    }

    #[test]
    fn a_listener_that_comes_late_or_again_misses_nothing() {
        let events = Events::new();
        (1..=3).for_each(|number| events.tell(&message(number)));
        assert_eq!(events.beginning(None), 0, "what was said just now is told again");
        assert_eq!(events.beginning(Some(2)), 2);
        assert_eq!(events.after(2).len(), 1);
        assert_eq!(events.beginning(Some(99)), 0, "the number is of a server before this one");
    }
}
