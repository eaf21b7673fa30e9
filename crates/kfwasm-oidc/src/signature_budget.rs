//! How much work strangers' signatures may cause.

use crate::time::UnixTime;

/// What the checks of this second have cost that went wrong.
///
/// Anybody can make up a token that looks right until its signature is checked. When wrong ones have cost too much, tokens
/// that have not been seen before wait for the next second. It is time that is counted and not tokens: so hundreds of wrong ones
/// fit into a second where Envoy checks signatures, and a few of them keep nobody's honest one out.
#[derive(Default)]
pub(crate) struct SignatureBudget {
    second: u64,
    spent: u64,
}

/// What wrong signatures may cost a worker within a second, in microseconds.
const MOST: u64 = 100_000;

impl SignatureBudget {
    pub(crate) fn is_spent(&self, now: UnixTime) -> bool {
        self.second == now.0 && self.spent >= MOST
    }

    /// Notes checks that went wrong, and what they cost, in microseconds.
    pub(crate) fn charge(&mut self, cost: u64, now: UnixTime) {
        if self.second != now.0 {
            *self = Self {
                second: now.0,
                spent: 0,
            };
        }
        self.spent = self.spent.saturating_add(cost);
    }
}
