//! What is counted, by all clients together.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Counters that clients share.
#[derive(Default)]
pub(super) struct Tally {
    good: AtomicU64,
    wrong_passes: AtomicU64,
    lost_sessions: AtomicU64,
    hung: AtomicU64,
    unavailable: AtomicU64,
    other: AtomicU64,
    renewed: AtomicU64,
    /// The first few answers that should not have been.
    examples: Mutex<Vec<String>>,
}

/// What an answer says of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As it should be.
    Good,
    /// Somebody got through who must not, or as somebody else.
    WrongPass,
    /// Somebody who had signed in was asked to sign in.
    LostSession,
    /// No answer came in time.
    Hung,
    /// An answer of 5xx, or none because the connection ended: what a restart and a trap cause.
    Unavailable,
    /// None of these.
    Other,
}

const MOST_EXAMPLES: usize = 5;

impl Tally {
    pub(super) fn add(&self, verdict: Verdict, example: impl FnOnce() -> String) {
        self.counter(verdict).fetch_add(1, Ordering::Relaxed);
        if !matches!(verdict, Verdict::Good | Verdict::Unavailable) {
            let mut examples = self.examples.lock().unwrap_or_else(PoisonError::into_inner);
            if examples.len() < MOST_EXAMPLES {
                examples.push(format!("{verdict:?}: {}", example()));
            }
        }
    }

    pub(super) fn add_renewal(&self) {
        self.renewed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count(&self, verdict: Verdict) -> u64 {
        self.counter(verdict).load(Ordering::Relaxed)
    }

    pub(super) fn renewals(&self) -> u64 {
        self.renewed.load(Ordering::Relaxed)
    }

    pub(super) fn examples(&self) -> Vec<String> {
        let examples = self.examples.lock().unwrap_or_else(PoisonError::into_inner);
        examples.clone()
    }

    fn counter(&self, verdict: Verdict) -> &AtomicU64 {
        match verdict {
            Verdict::Good => &self.good,
            Verdict::WrongPass => &self.wrong_passes,
            Verdict::LostSession => &self.lost_sessions,
            Verdict::Hung => &self.hung,
            Verdict::Unavailable => &self.unavailable,
            Verdict::Other => &self.other,
        }
    }
}
