//! Counters by outcome.

use kfwasm_oidc::Outcome;

use crate::host_calls::Counter;

/// One counter per outcome: `kfwasm.requests.OUTCOME`.
pub(crate) struct Metrics([Counter; Outcome::ALL.len()]);

impl Metrics {
    pub(crate) fn define() -> Self {
        Self(Outcome::ALL.map(Counter::define))
    }

    pub(crate) fn count(&self, outcome: Outcome) {
        let counter = self.0.get(outcome.index());
        counter.copied().unwrap_or(Counter::NONE).increment();
    }
}
