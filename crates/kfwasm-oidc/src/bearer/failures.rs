//! How much work strangers' tokens may cause.

use crate::time::UnixTime;

/// Counts the signature checks of this second that went wrong.
///
/// A check takes a worker up to some milliseconds, and anybody can make up a token that looks right until then. When
/// too many were wrong, tokens that have not been seen before wait for the next second. Those of honest programs are
/// checked once and then known, so that hardly any of them has to.
#[derive(Default)]
pub(crate) struct Failures {
    second: u64,
    checks: usize,
}

/// How many checks a second may go wrong.
const MOST: usize = 16;

impl Failures {
    pub(crate) fn are_too_many(&self, now: UnixTime) -> bool {
        self.second == now.0 && self.checks >= MOST
    }

    pub(crate) fn note(&mut self, checks: usize, now: UnixTime) {
        if self.second != now.0 {
            *self = Self {
                second: now.0,
                checks: 0,
            };
        }
        self.checks = self.checks.saturating_add(checks);
    }
}
