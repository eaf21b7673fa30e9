//! From the code to a verified ID token (OIDC Core §3.1.3).

use std::rc::Rc;

use kfwasm_config::EndpointUrl;

use super::attempt::Attempt;
use super::verified::VerifiedSignIn;
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::directory::Published;
use crate::host::Host;
use crate::id_token::VerifiedIdToken;
use crate::inquiry::Inquiry;
use crate::pending::Awaited;
use crate::presented_id_token::PresentedIdToken;
use crate::provider::{Document, Form, ProviderMetadata, TokenResponse};
use crate::providers::ProviderId;
use crate::recipient::Recipient;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::secret::Secret;
use crate::step::Step;

/// Who came back from the provider, and with which attempt.
pub(crate) struct Returning {
    pub(crate) attempt: Attempt,
    /// The provider that the attempt names.
    pub(crate) provider: ProviderId,
    /// The name of the attempt's cookie, which goes away whatever becomes of the sign-in.
    pub(crate) attempt_cookie: String,
    pub(crate) recipient: Recipient,
}

/// A code to be exchanged for tokens.
pub(crate) struct CodeExchange {
    pub(crate) returning: Returning,
    pub(crate) issuer: Option<String>,
    pub(crate) code: Secret,
}

/// The token endpoint is about to answer.
pub(crate) struct AwaitingToken {
    returning: Returning,
    metadata: Rc<ProviderMetadata>,
}

/// The provider's keys are about to come, for an ID token whose key was not known.
pub(crate) struct AwaitingKeys {
    returning: Returning,
    metadata: Rc<ProviderMetadata>,
    tokens: TokenResponse,
}

impl CodeExchange {
    /// Asks the token endpoint (OIDC Core §3.1.3.1).
    pub(crate) fn send(
        self,
        party: &RelyingParty,
        metadata: Rc<ProviderMetadata>,
        host: &mut Host<'_>,
    ) -> Step {
        match self.request(party, &metadata, host) {
            Ok(request) => {
                let returning = self.returning;
                let awaited = Awaited::Token(AwaitingToken {
                    returning,
                    metadata,
                });
                Step::Callout(Box::new(request), awaited.into())
            }
            Err(refusal) => party.refuse_returning(&refusal, &self.returning),
        }
    }

    fn request(
        &self,
        party: &RelyingParty,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Result<HttpRequest, Refusal> {
        metadata.check_response_issuer(self.issuer.as_deref())?;
        let attempt = &self.returning.attempt;
        let mut form = Form::new();
        form.append("grant_type", b"authorization_code");
        form.append("code", self.code.expose());
        let redirect_uri = party.redirect_uri(&attempt.host, self.returning.provider);
        form.append("redirect_uri", redirect_uri.as_bytes());
        form.append("code_verifier", attempt.code_verifier().as_bytes());
        party.token_request(form, self.returning.provider, metadata, host)
    }
}

impl RelyingParty {
    /// A request to the token endpoint, with our credential (RFC 6749 §3.2.1).
    pub(crate) fn token_request(
        &self,
        form: Form,
        provider: ProviderId,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Result<HttpRequest, Refusal> {
        self.client_request(form, &metadata.token_endpoint, provider, metadata, host)
    }

    /// A request to any endpoint at which the client shows who it is, with our credential, as at the token endpoint (RFC 6749
    /// §2.3, RFC 7009 §2.1).
    pub(crate) fn client_request(
        &self,
        mut form: Form,
        endpoint: &EndpointUrl,
        provider: ProviderId,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Result<HttpRequest, Refusal> {
        let registration = self.providers.get(provider);
        let provider = registration.provider();
        let authorization = registration.credential.authenticate(
            metadata.client_authentication,
            provider.client_id.as_str(),
            &metadata.token_endpoint,
            &mut form,
            host.now,
            host.entropy,
        )?;
        let request = HttpRequest::post_form(endpoint, provider, form.into_body());
        Ok(HttpRequest {
            authorization,
            ..request
        })
    }
}

impl AwaitingToken {
    pub(crate) fn resume(
        self,
        party: &mut RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Step {
        match read_tokens(response) {
            Ok(tokens) => AwaitingKeys {
                returning: self.returning,
                metadata: self.metadata,
                tokens,
            }
            .verify(party, host),
            Err(refusal) => party.refuse_returning(&refusal, &self.returning),
        }
    }
}

fn read_tokens(response: Result<HttpResponse, CalloutError>) -> Result<TokenResponse, Refusal> {
    let response =
        response.map_err(|error| Refusal::Unreachable(Document::TokenResponse, error))?;
    let content_type = response.content_type.as_deref();
    let tokens = TokenResponse::parse(response.status, content_type, &response.body);
    Ok(tokens?)
}

impl AwaitingKeys {
    /// Keys have come, or have not: a failed fetch keeps the old keys, which do not know the token's.
    pub(crate) fn resume(
        self,
        party: &mut RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Step {
        let (provider, document) = (self.returning.provider, Published::KeySet);
        let received = party.providers.received(provider, document, response, host);
        match received.and_then(|()| self.verified(party, host)) {
            Ok(verified) => self.into_verified(verified).go_on(party, host),
            Err(refusal) => party.refuse_returning(&refusal, &self.returning),
        }
    }

    /// Verifies with the keys at hand, and fetches them once if they do not know the token's.
    fn verify(self, party: &mut RelyingParty, host: &mut Host<'_>) -> Step {
        match self.verified(party, host) {
            Ok(verified) => self.into_verified(verified).go_on(party, host),
            Err(refusal) => {
                let provider = self.returning.provider;
                match party.newer_keys(refusal, provider, &self.metadata, host) {
                    Ok(request) => Step::Callout(Box::new(request), Awaited::Keys(self).into()),
                    Err(refusal) => party.refuse_returning(&refusal, &self.returning),
                }
            }
        }
    }

    fn into_verified(self, id_token: VerifiedIdToken) -> VerifiedSignIn {
        let access_token = self.tokens.access_token.clone();
        let (provider, metadata) = (self.returning.provider, Rc::clone(&self.metadata));
        VerifiedSignIn {
            inquiry: Inquiry::new(provider, metadata, access_token, id_token),
            returning: self.returning,
            metadata: self.metadata,
            tokens: self.tokens,
        }
    }

    fn verified(
        &self,
        party: &mut RelyingParty,
        host: &mut Host<'_>,
    ) -> Result<VerifiedIdToken, Refusal> {
        let provider = self.returning.provider;
        let presented = PresentedIdToken {
            token: &self.tokens.id_token,
            access_token: &self.tokens.access_token,
            nonce: Some(&self.returning.attempt.nonce()),
            max_age: party.providers.get(provider).max_age,
        };
        party.verify_id_token(&presented, provider, &self.metadata, host)
    }
}
