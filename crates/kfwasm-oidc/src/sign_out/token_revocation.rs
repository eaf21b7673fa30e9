//! Telling the provider that a refresh token is not needed any more (RFC 7009).

use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::host::Host;
use crate::local_reply::LocalReply;
use crate::pending::Awaited;
use crate::provider::{Document, Form, ProviderMetadata};
use crate::providers::ProviderId;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::secret::Secret;
use crate::step::Step;

/// The answer to a sign-out, which waits a moment for the provider.
pub(crate) struct AwaitingRevocation(LocalReply);

/// How long somebody who signs out waits for the provider at the most, in milliseconds.
const PATIENCE: u64 = 2_000;

impl RelyingParty {
    /// Revokes the session's refresh token before the reply is sent, where there is one and the provider takes it back.
    pub(super) fn revoking(
        &self,
        token: Option<&Secret>,
        provider: ProviderId,
        metadata: &ProviderMetadata,
        reply: LocalReply,
        host: &mut Host<'_>,
    ) -> Step {
        match token.and_then(|it| self.revocation_request(it, provider, metadata, host)) {
            Some(request) => {
                let awaited = Awaited::Revocation(Box::new(AwaitingRevocation(reply)));
                Step::Callout(Box::new(request), awaited.into())
            }
            None => Step::Reply(reply),
        }
    }

    /// RFC 7009 §2.1. The client shows who it is as it does at the token endpoint.
    fn revocation_request(
        &self,
        token: &Secret,
        provider: ProviderId,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Option<HttpRequest> {
        let endpoint = metadata.revocation_endpoint.as_ref()?;
        let mut form = Form::new();
        form.append("token", token.expose());
        form.append("token_type_hint", b"refresh_token");
        let request = self
            .client_request(form, endpoint, provider, metadata, host)
            .ok()?;
        Some(HttpRequest {
            timeout_milliseconds: request.timeout_milliseconds.min(PATIENCE),
            ..request
        })
    }
}

impl AwaitingRevocation {
    /// Whatever the provider says, whoever wants to leave is let go.
    pub(crate) fn resume(self, response: Result<HttpResponse, CalloutError>) -> Step {
        let revoked = match response {
            Ok(response) => Document::Revocation
                .check_status(response.status)
                .map_err(Refusal::from),
            Err(error) => Err(Refusal::Unreachable(Document::Revocation, error)),
        };
        Step::Reply(match revoked {
            Ok(()) => self.0,
            Err(refusal) => self.0.reporting(refusal.to_string()),
        })
    }
}
