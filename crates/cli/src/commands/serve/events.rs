//! Server-sent events: what jobs say, to every page that listens.
//!
//! A page opens its stream and starts a job at the same moment, so a message may come before the stream stands: the last
//! ones are kept and told again to a new listener. One that lost its connection names the last number that it heard.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use api::wire::Message;
use axum::response::sse::Event;
use futures::Stream;
use tokio::sync::watch;

/// Bytes of messages kept for a listener that comes back: a long run tells all of its events to each page that opens it.
const KEPT: usize = 8 << 20;

/// What a new listener is told of the time before it. So long a message is kept, however large those after it are.
const RECENT: Duration = Duration::from_secs(5);

struct Said {
    number: u64,
    when: Instant,
    text: Arc<str>,
}

/// The newest messages, and the bytes of all of them.
#[derive(Default)]
struct Kept {
    messages: VecDeque<Said>,
    bytes: usize,
}

impl Kept {
    /// Adds a message and lets go of old ones; its number.
    fn push(&mut self, text: Arc<str>, now: Instant) -> u64 {
        let number = self.messages.back().map_or(1, |last| last.number + 1);
        self.bytes += text.len();
        self.messages.push_back(Said { number, when: now, text });
        while self.bytes > KEPT
            && let Some(oldest) = self.messages.front().filter(|said| now - said.when > RECENT)
        {
            self.bytes -= oldest.text.len();
            self.messages.pop_front();
        }
        number
    }
}

/// The messages of all jobs, the newest of them kept.
pub struct Events {
    kept: Mutex<Kept>,
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
        let number =
            self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(text.into(), Instant::now());
        self.newest.send_replace(number);
    }

    /// The number after which a new listener is to hear.
    fn beginning(&self, heard: Option<u64>) -> u64 {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let last = kept.messages.back().map_or(0, |last| last.number);
        // A number beyond ours is of a server before this one.
        heard.filter(|heard| *heard <= last).unwrap_or_else(|| {
            let old = kept.messages.iter().rev().find(|said| said.when.elapsed() > RECENT);
            old.map_or(0, |said| said.number)
        })
    }

    fn after(&self, heard: u64) -> Vec<(u64, Arc<str>)> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let new = kept.messages.partition_point(|said| said.number <= heard);
        kept.messages.range(new..).map(|said| (said.number, Arc::clone(&said.text))).collect()
    }

    /// The stream of a listener that has heard the number `heard`, if it is not new.
    pub fn listen(self: Arc<Self>, heard: Option<u64>) -> impl Stream<Item = Result<Event, Infallible>> {
        let newest = self.newest.subscribe();
        let beginning = self.beginning(heard);
        let waiting: VecDeque<(u64, Arc<str>)> = VecDeque::new();
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

    #[test]
    fn what_is_kept_is_limited_by_its_size_and_holds_what_was_said_just_now() {
        let mut kept = Kept::default();
        let began = Instant::now();
        let large: Arc<str> = "x".repeat(KEPT / 4).into();
        for second in 0..100 {
            kept.push(Arc::clone(&large), began + Duration::from_secs(2 * second));
        }
        assert!(kept.bytes <= KEPT, "{}", kept.bytes);
        assert_eq!(kept.messages.iter().map(|said| said.text.len()).sum::<usize>(), kept.bytes);
        // Many at once: none is lost before a listener can have heard it.
        let now = began + Duration::from_secs(300);
        let numbers: Vec<u64> = (0..9).map(|_| kept.push(Arc::clone(&large), now)).collect();
        assert!(numbers.iter().all(|number| kept.messages.iter().any(|said| said.number == *number)));
    }
}
