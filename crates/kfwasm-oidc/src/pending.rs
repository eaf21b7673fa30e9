//! The rest of a request's life, while a response is awaited.

use std::rc::Rc;

use crate::bearer::AwaitingIssuerKeys;
use crate::callout::{CalloutError, HttpResponse};
use crate::directory::Published;
use crate::host::Host;
use crate::provider::{Document, ProviderMetadata};
use crate::providers::ProviderId;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::sign_in::{AwaitingKeys, AwaitingToken, CodeExchange, SignInRequest, VerifiedSignIn};
use crate::sign_out::{AwaitingLogoutKeys, AwaitingRevocation, BackChannelLogout, SignOutRequest};
use crate::step::Step;

/// A request that waits for a response from the provider. Resuming consumes it, so that an answer is used once, and by the
/// request that asked.
pub struct Pending(Awaited);

/// What is awaited. One more step that needs an answer from outside is one more variant.
pub(crate) enum Awaited {
    Metadata(AwaitingMetadata),
    Token(AwaitingToken),
    Keys(AwaitingKeys),
    AboutUser(Box<VerifiedSignIn>),
    IssuerKeys(AwaitingIssuerKeys),
    LogoutKeys(AwaitingLogoutKeys),
    Revocation(Box<AwaitingRevocation>),
}

impl From<Awaited> for Box<Pending> {
    fn from(awaited: Awaited) -> Self {
        Self::new(Pending(awaited))
    }
}

/// The provider's metadata are about to come.
pub(crate) struct AwaitingMetadata(ProviderId, NeedsMetadata);

/// What cannot be done before the provider's metadata are known.
pub(crate) enum NeedsMetadata {
    SignIn(SignInRequest),
    CodeExchange(CodeExchange),
    SignOut(SignOutRequest),
    BackChannelLogout(BackChannelLogout),
}

impl Pending {
    /// What is awaited: which counters and which histogram the response goes to.
    #[must_use]
    pub const fn document(&self) -> Document {
        match &self.0 {
            Awaited::Metadata(_) => Document::Discovery,
            Awaited::Token(_) => Document::TokenResponse,
            Awaited::Keys(_) | Awaited::IssuerKeys(_) | Awaited::LogoutKeys(_) => Document::KeySet,
            Awaited::AboutUser(it) => it.document(),
            Awaited::Revocation(_) => Document::Revocation,
        }
    }

    /// Goes on with the response, or with the reason why there is none.
    pub fn resume(
        self,
        party: &mut RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Step {
        match self.0 {
            Awaited::Metadata(awaiting) => awaiting.resume(party, response, host),
            Awaited::Token(awaiting) => awaiting.resume(party, response, host),
            Awaited::Keys(awaiting) => awaiting.resume(party, response, host),
            Awaited::AboutUser(awaiting) => awaiting.resume(party, response, host),
            Awaited::IssuerKeys(awaiting) => awaiting.resume(party, response, host),
            Awaited::LogoutKeys(awaiting) => awaiting.resume(party, response, host),
            Awaited::Revocation(awaiting) => awaiting.resume(response),
        }
    }
}

impl AwaitingMetadata {
    fn resume(
        self,
        party: &mut RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Step {
        let Self(provider, needs) = self;
        let directory = &mut party.providers.get_mut(provider).directory;
        let received = directory.received(Published::Discovery, response, host);
        match (directory.metadata(host), received) {
            (Some(metadata), _) => needs.go_on(party, metadata, host),
            (None, Err(refusal)) => needs.refuse(party, refusal),
            (None, Ok(())) => needs.refuse(party, NO_METADATA),
        }
    }
}

const NO_METADATA: Refusal =
    Refusal::Gateway("the provider's metadata were read and are not there");

impl NeedsMetadata {
    /// Goes on at once if the provider's metadata are known, and fetches them otherwise.
    pub(crate) fn start(
        self,
        provider: ProviderId,
        party: &mut RelyingParty,
        host: &mut Host<'_>,
    ) -> Step {
        let directory = &mut party.providers.get_mut(provider).directory;
        if let Some(metadata) = directory.metadata(host) {
            return self.go_on(party, metadata, host);
        }
        match directory.fetch_metadata(host) {
            Ok(request) => {
                let awaited = Awaited::Metadata(AwaitingMetadata(provider, self));
                Step::Callout(Box::new(request), awaited.into())
            }
            Err(refusal) => self.refuse(party, refusal),
        }
    }

    fn go_on(
        self,
        party: &mut RelyingParty,
        metadata: Rc<ProviderMetadata>,
        host: &mut Host<'_>,
    ) -> Step {
        match self {
            Self::SignIn(request) => party.begin_sign_in(&request, &metadata, host),
            Self::CodeExchange(exchange) => exchange.send(party, metadata, host),
            Self::SignOut(request) => request.revoke_and_finish(party, &metadata, host),
            Self::BackChannelLogout(logout) => logout.go_on(party, metadata, host),
        }
    }

    fn refuse(self, party: &RelyingParty, refusal: Refusal) -> Step {
        match self {
            Self::SignIn(request) => Step::Reply(party.refuse(&refusal, &request.recipient)),
            Self::CodeExchange(exchange) => party.refuse_returning(&refusal, &exchange.returning),
            // Whoever wants to leave is let go, also when the provider cannot be told.
            Self::SignOut(request) => Step::Reply(request.finish(party, None)),
            Self::BackChannelLogout(_) => Step::Reply(BackChannelLogout::refuse(&refusal)),
        }
    }
}
