//! From a verified ID token to all that must be known about the user.

use std::rc::Rc;

use super::code_exchange::Returning;
use crate::callout::{CalloutError, HttpResponse};
use crate::host::Host;
use crate::inquiry::Inquiry;
use crate::pending::Awaited;
use crate::provider::{Document, ProviderMetadata, TokenResponse};
use crate::relying_party::RelyingParty;
use crate::step::Step;

/// A sign-in whose ID token is verified. What the token does not say may still be asked for.
pub(crate) struct VerifiedSignIn {
    pub(super) returning: Returning,
    pub(super) metadata: Rc<ProviderMetadata>,
    pub(super) tokens: TokenResponse,
    pub(super) inquiry: Inquiry,
}

impl VerifiedSignIn {
    /// Asks what is still to be asked, and signs the user in when there is nothing.
    pub(super) fn go_on(mut self, party: &RelyingParty, host: &mut Host<'_>) -> Step {
        match self.inquiry.ask(party) {
            Some(request) => {
                let awaited = Awaited::AboutUser(Box::new(self));
                Step::Callout(Box::new(request), awaited.into())
            }
            None => self.finish(party, host),
        }
    }

    /// What is awaited, for metrics.
    pub(crate) const fn document(&self) -> Document {
        self.inquiry.document()
    }

    pub(crate) fn resume(
        mut self,
        party: &RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Step {
        match self.inquiry.take(response, party) {
            Ok(()) => self.go_on(party, host),
            Err(refusal) => party.refuse_returning(&refusal, &self.returning),
        }
    }

    fn finish(self, party: &RelyingParty, host: &mut Host<'_>) -> Step {
        let Self {
            returning,
            tokens,
            metadata,
            inquiry,
        } = &self;
        match party.complete_sign_in(returning, tokens, inquiry.claims(), metadata, host) {
            Ok(reply) => Step::Reply(reply),
            Err(refusal) => party.refuse_returning(&refusal, returning),
        }
    }
}
