//! The provider says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8).

use std::rc::Rc;

use kfwasm_config::{IssuerRule, Provider};
use serde_json::{Value, json};

use crate::callout::{CalloutError, HttpResponse};
use crate::directory::Published;
use crate::host::Host;
use crate::id_token::{IdTokenExpectations, IdTokenFault, LogoutToken, LogoutTokenFault};
use crate::jose::{CompactJws, Metered, json_object};
use crate::local_reply::LocalReply;
use crate::outcome::Outcome;
use crate::pending::{Awaited, NeedsMetadata};
use crate::posted_form::{FormFault, PostedForm};
use crate::provider::ProviderMetadata;
use crate::providers::ProviderId;
use crate::refusal::{RETRY_AFTER, Refusal};
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::secret::Secret;
use crate::session::{Channel, Logout, Named};
use crate::step::Step;

/// A logout token that has come.
pub(crate) struct BackChannelLogout {
    token: Secret,
    /// Whose it says to be.
    provider: ProviderId,
}

/// The provider's keys are about to come, for a logout token whose key was not known.
pub(crate) struct AwaitingLogoutKeys {
    logout: BackChannelLogout,
    metadata: Rc<ProviderMetadata>,
}

/// Why nobody is signed out.
enum Fault {
    Token(LogoutTokenFault),
    /// The token's key is not known, and the provider's keys are not asked for again for so many seconds.
    KeysLater(u64),
    TooMany,
    NotShared,
}

impl RelyingParty {
    /// The back-channel logout endpoint (§2.5).
    pub(crate) fn back_channel_logout(
        &mut self,
        head: &RequestHead<'_>,
        host: &mut Host<'_>,
    ) -> Step {
        if head.method != b"POST" {
            let reply = refuse(405, "Only POST is understood here");
            return Step::Reply(reply.with_header("allow", "POST".to_owned()));
        }
        let form = match PostedForm::of(head) {
            Ok(form) => form,
            Err(fault) => return Step::Reply(refuse_form(fault)),
        };
        match form.field("logout_token") {
            Some(token) => {
                let provider = self.provider_of_token(token.as_bytes());
                let token = Secret::new(token.as_bytes().to_vec());
                let logout = BackChannelLogout { token, provider };
                NeedsMetadata::BackChannelLogout(logout).start(provider, self, host)
            }
            None => Step::Reply(refuse(400, "There is no logout_token")),
        }
    }

    /// The provider that a token says to be of, by `iss` and `aud`; of none that there is, the first refuses it.
    fn provider_of_token(&self, token: &[u8]) -> ProviderId {
        let claims = CompactJws::parse(token)
            .ok()
            .and_then(|jws| json_object::parse(jws.unverified_payload()).ok())
            .unwrap_or_default();
        let issuer = claims.get("iss").and_then(Value::as_str);
        let is_for = |client: &str| match claims.get("aud") {
            Some(Value::String(one)) => one == client,
            Some(Value::Array(several)) => several.iter().any(|it| it == client),
            _ => false,
        };
        let names = |it: &Provider| {
            issuer.is_some_and(|issuer| IssuerRule::of(it).is_named_by(issuer))
                && is_for(it.client_id.as_str())
        };
        self.providers.find(names).unwrap_or(ProviderId::FIRST)
    }

    fn logout_token(
        &mut self,
        provider: ProviderId,
        token: &[u8],
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Result<LogoutToken, Fault> {
        if self.logout_budget.is_spent(host.now) {
            return Err(Fault::TooMany);
        }
        let directory = &mut self.providers.get_mut(provider).directory;
        let keys = directory.keys(host);
        let keys = keys.ok_or(Fault::Token(IdTokenFault::KEY_NOT_FOUND.into()))?;
        let provider = directory.provider();
        let expectations = IdTokenExpectations::of(provider, &metadata.issuer, &keys);
        let mut checks = Metered::new(host.signatures);
        let verified = expectations.verify_logout_token(token, host.now, &mut checks);
        verified.map_err(|fault| {
            self.logout_budget.charge(checks.cost(), host.now);
            Fault::Token(fault)
        })
    }

    /// Ends the session that the token names, or all of its user's that began before it.
    fn end_sessions(
        &mut self,
        provider: ProviderId,
        token: &LogoutToken,
        host: &mut Host<'_>,
    ) -> Result<(), Fault> {
        let provider = self.providers.get(provider).provider();
        let (named, name) = match (token.session(), token.subject()) {
            (Some(sid), _) => (Named::Session, sid),
            (None, subject) => (Named::User, subject.unwrap_or_default()),
        };
        // The clocks may differ, and a token that is sent again must not end what began since.
        let issued = token.issued_at().plus(provider.clock_skew.as_secs());
        let (before, until) = (issued.min(host.now), self.lifetime.longest(host.now));
        let logout = Logout::new(
            named,
            name.to_owned(),
            provider.name.as_str(),
            before,
            until,
        );
        let noted = self.logouts.note(Channel::Back, logout, host);
        noted.map_err(|_| Fault::NotShared)
    }
}

impl BackChannelLogout {
    /// Verifies with the keys at hand, and fetches them once if they do not know the token's.
    pub(crate) fn go_on(
        self,
        party: &mut RelyingParty,
        metadata: Rc<ProviderMetadata>,
        host: &mut Host<'_>,
    ) -> Step {
        match self.finish(party, &metadata, host) {
            Err(Fault::Token(fault)) if fault.is_key_not_found() => {
                let directory = &mut party.providers.get_mut(self.provider).directory;
                let Some(request) = directory.fetch_keys(&metadata, host) else {
                    let later = directory.keys_fetch_in(host).map(Fault::KeysLater);
                    return Step::Reply(later.unwrap_or(Fault::Token(fault)).into_reply());
                };
                let logout = self;
                let awaiting = AwaitingLogoutKeys { logout, metadata };
                Step::Callout(Box::new(request), Awaited::LogoutKeys(awaiting).into())
            }
            result => Step::Reply(reply(result)),
        }
    }

    fn finish(
        &self,
        party: &mut RelyingParty,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Result<(), Fault> {
        let token = party.logout_token(self.provider, self.token.expose(), metadata, host)?;
        party.end_sessions(self.provider, &token, host)
    }

    /// The provider's own documents could not be had: it may try again.
    pub(crate) fn refuse(refusal: &Refusal) -> LocalReply {
        let seconds = refusal.disposition().retry_after.unwrap_or(RETRY_AFTER);
        later(seconds).reporting(refusal.to_string())
    }
}

impl AwaitingLogoutKeys {
    /// Keys have come, or have not: a failed fetch keeps the old keys, which do not know the token's.
    pub(crate) fn resume(
        self,
        party: &mut RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Step {
        let (provider, document) = (self.logout.provider, Published::KeySet);
        let received = party.providers.received(provider, document, response, host);
        let result = self.logout.finish(party, &self.metadata, host);
        match (result, received) {
            (Err(Fault::Token(fault)), Err(refusal)) if fault.is_key_not_found() => {
                let directory = &mut party.providers.get_mut(provider).directory;
                let seconds = directory.keys_fetch_in(host).unwrap_or(RETRY_AFTER);
                Step::Reply(later(seconds).reporting(refusal.to_string()))
            }
            (result, _) => Step::Reply(reply(result)),
        }
    }
}

/// §2.8: 200 when the sessions are over, 400 when the request was wrong. A provider does not send again what is answered so:
/// a token whose key newer keys may have is 503.
fn reply(result: Result<(), Fault>) -> LocalReply {
    match result {
        Ok(()) => LocalReply::new(200, Outcome::ProviderSignOut),
        Err(fault) => fault.into_reply(),
    }
}

impl Fault {
    fn into_reply(self) -> LocalReply {
        match self {
            Self::Token(fault) => refuse(400, "The logout_token is not valid here")
                .reporting(["a logout token ", &fault.to_string()].concat()),
            Self::KeysLater(seconds) => later(seconds).reporting(
                "a logout token's key is not known, and the keys are not asked for again right now"
                    .to_owned(),
            ),
            Self::TooMany => refuse(503, "Too many tokens were wrong")
                .with_header("retry-after", "1".to_owned())
                .reporting(
                    "logout tokens with wrong signatures took too much time within this second"
                        .to_owned(),
                ),
            Self::NotShared => refuse(503, "The logout could not be noted everywhere")
                .with_header("retry-after", "1".to_owned())
                .reporting("a logout could not be written to the memory of all workers".to_owned()),
        }
    }
}

fn later(seconds: u64) -> LocalReply {
    refuse(503, "The provider's keys cannot be had right now")
        .with_header("retry-after", seconds.to_string())
}

fn refuse_form(fault: FormFault) -> LocalReply {
    let status = match fault {
        FormFault::NotHandedOver => 501,
        FormFault::TooLong => 413,
        _ => 400,
    };
    refuse(status, fault.as_str()).reporting(fault.report().to_owned())
}

fn refuse(status: u16, description: &str) -> LocalReply {
    let body = json!({ "error": "invalid_request", "error_description": description });
    LocalReply::new(status, Outcome::ProviderSignOutRefused)
        .with_body("application/json", body.to_string().into_bytes())
}
