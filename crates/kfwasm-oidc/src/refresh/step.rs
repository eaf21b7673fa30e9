//! The steps of a refresh.

use super::refreshed_identity::RefreshedIdentity;
use super::ride_along::Refreshed;
use super::token_answer::{AwaitingKeys, AwaitingTokens};
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::host::Host;
use crate::provider::Document;
use crate::relying_party::RelyingParty;

/// What the shell is to do next about a refresh.
pub enum RefreshStep {
    /// Send a request, and resume with its response, or with the reason why there is none.
    Callout(Box<HttpRequest>, Box<PendingRefresh>),
    /// Nothing: it is over.
    End(RefreshEnd),
}

/// How a refresh ended.
pub struct RefreshEnd {
    /// Which counter it goes to.
    pub outcome: RefreshOutcome,
    /// The session's new cookies, for the response to the request that the refresh ran beside; `None` when they stay as they are.
    pub refreshed: Option<Refreshed>,
    /// Why it did not work, for the log; it holds no secret.
    pub report: Option<String>,
}

impl RefreshEnd {
    /// The end of a refresh that the core could not be asked about: counted as failed, with nothing for the browser.
    pub const GIVEN_UP: Self = Self {
        outcome: RefreshOutcome::Failed,
        refreshed: None,
        report: None,
    };
}

/// The outcome of a refresh. Each has a counter of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshOutcome {
    /// The session has new tokens, and what they say.
    Refreshed,
    /// The provider does not give new tokens for the old ones.
    Refused,
    /// It did not work this time.
    Failed,
}

impl RefreshOutcome {
    /// Every outcome, in the order of [`RefreshOutcome::index`].
    pub const ALL: [Self; 3] = [Self::Refreshed, Self::Refused, Self::Failed];

    /// The position in [`RefreshOutcome::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refreshed => "ok",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// A refresh that waits for a response. Resuming consumes it, so that an answer is used once.
pub struct PendingRefresh(pub(super) Awaited);

/// What is awaited. One more step that needs an answer from outside is one more variant.
pub(super) enum Awaited {
    Tokens(AwaitingTokens),
    Keys(AwaitingKeys),
    AboutUser(Box<RefreshedIdentity>),
}

impl PendingRefresh {
    /// What is awaited: which counters and which histogram the response goes to.
    #[must_use]
    pub fn document(&self) -> Document {
        match &self.0 {
            Awaited::Tokens(_) => Document::TokenResponse,
            Awaited::Keys(_) => Document::KeySet,
            Awaited::AboutUser(it) => it.document(),
        }
    }

    /// Goes on with the response, or with the reason why there is none.
    pub fn resume(
        self,
        party: &mut RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> RefreshStep {
        match self.0 {
            Awaited::Tokens(awaiting) => awaiting.resume(party, response, host),
            Awaited::Keys(awaiting) => awaiting.resume(party, response, host),
            Awaited::AboutUser(awaiting) => awaiting.resume(party, response, host),
        }
    }
}

impl From<Awaited> for Box<PendingRefresh> {
    fn from(awaited: Awaited) -> Self {
        Self::new(PendingRefresh(awaited))
    }
}

#[cfg(test)]
mod tests {
    use super::RefreshOutcome;

    #[test]
    fn every_outcome_stands_at_its_index() {
        for (index, outcome) in RefreshOutcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome.index(), index);
        }
    }
}
