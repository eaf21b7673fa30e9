//! A request with a bearer token.

use std::rc::Rc;

use super::trusted_issuer::KeySource;
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::cookies::OwnCookies;
use crate::directory::Published;
use crate::header_edits::HeaderEdits;
use crate::host::Host;
use crate::id_token::IdTokenFault;
use crate::normalized_path::NormalizedPath;
use crate::outcome::Outcome;
use crate::pending::Awaited;
use crate::recipient::Recipient;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::secret::Secret;
use crate::session::OpenSession;
use crate::step::Step;
use crate::step_up;
use crate::time::UnixTime;

/// A request whose token is not known yet.
struct BearerRequest {
    token: Secret,
    /// The path without the query, as it was sent.
    path: Vec<u8>,
    edits: HeaderEdits,
    recipient: Recipient,
}

/// The keys of an issuer are about to come, for a token whose key was not known.
pub(crate) struct AwaitingIssuerKeys {
    request: BearerRequest,
    issuer: usize,
}

impl RelyingParty {
    /// What becomes of a request that has no session and brings a bearer token; `None` when it brings none, or nobody's
    /// tokens are accepted here.
    pub(crate) fn bearer(
        &mut self,
        head: &RequestHead<'_>,
        cookies: &OwnCookies<'_>,
        host: &mut Host<'_>,
    ) -> Option<Step> {
        let token = token(head)?;
        if self.bearers.issuers.is_empty() {
            return None;
        }
        let edits = self.edits(head, cookies, Outcome::Forwarded);
        let request = BearerRequest {
            token: Secret::new(token.to_vec()),
            path: head.path_alone().to_vec(),
            edits,
            recipient: Recipient {
                html: false,
                ..Recipient::of(head)
            },
        };
        Some(match self.bearers.known(token, host.now) {
            Some(open) => request.forward(self, &open, host.now),
            None => request.verify(self, host),
        })
    }

    fn bearer_edits(&self, mut edits: HeaderEdits, open: &Rc<OpenSession>) -> HeaderEdits {
        edits.session = Some(Rc::clone(open));
        edits.identity = Some(Rc::clone(&open.identity));
        let issuers = &self.bearers.issuers;
        let issuer = issuers.iter().find(|it| it.is(&open.session.provider));
        // An upstream is a stranger's program, which could use the token elsewhere.
        if !issuer.is_some_and(|it| it.config.forward_token) {
            edits.forged.push(b"authorization".to_vec());
        }
        edits
    }

    fn bearer_keys_request(&mut self, issuer: usize, host: &mut Host<'_>) -> Option<HttpRequest> {
        match &mut self.bearers.issuers.get_mut(issuer)?.keys {
            KeySource::Provider(id) => {
                let directory = &mut self.providers.get_mut(*id).directory;
                let metadata = directory.metadata(host)?;
                directory.fetch_keys(&metadata, host)
            }
            KeySource::Configured(_) => None,
            KeySource::Server(server) => server.fetch(host),
        }
    }

    /// Takes the key set of an issuer.
    pub(crate) fn received_bearer_keys(
        &mut self,
        issuer: usize,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Result<(), Refusal> {
        match self.bearers.issuers.get_mut(issuer).map(|it| &mut it.keys) {
            Some(KeySource::Server(server)) => server.received(response, host),
            Some(KeySource::Provider(id)) => {
                let (id, kind) = (*id, Published::KeySet);
                self.providers.received(id, kind, response, host)
            }
            Some(KeySource::Configured(_)) | None => Ok(()),
        }
    }

    /// Why a token cannot be verified for lack of any key: the issuer does not answer.
    fn bearer_keys_outage(&mut self, issuer: usize, host: &mut Host<'_>) -> Refusal {
        let seconds = match self.bearers.issuers.get(issuer).map(|it| &it.keys) {
            Some(KeySource::Server(server)) => server.backing_off(host),
            _ => None,
        };
        Refusal::BackingOff(seconds.unwrap_or(1))
    }
}

impl BearerRequest {
    /// Verifies with the keys at hand, and fetches them once if they do not know the token's.
    fn verify(self, party: &mut RelyingParty, host: &mut Host<'_>) -> Step {
        let issuer = match self.verified(party, host) {
            Ok(open) => return self.forward(party, &open, host.now),
            Err((refusal, Some(issuer))) if refusal.is_key_not_found() => issuer,
            Err((refusal, _)) => {
                return Step::Reply(party.refuse_bearer(&refusal, &self.recipient));
            }
        };
        if let Some(request) = party.bearer_keys_request(issuer, host) {
            let awaiting = AwaitingIssuerKeys {
                request: self,
                issuer,
            };
            return Step::Callout(Box::new(request), Awaited::IssuerKeys(awaiting).into());
        }
        self.refuse_without_key(party, issuer, host)
    }

    fn forward(self, party: &RelyingParty, open: &Rc<OpenSession>, now: UnixTime) -> Step {
        if open.is_revoked {
            let refusal = Refusal::RevokedBearer;
            let reply = party.refuse_bearer(&refusal, &self.recipient);
            return Step::Reply(reply.about(Some(Rc::clone(open))));
        }
        let path = NormalizedPath::of(&self.path);
        if !party.admits(open, path.as_ref()) {
            return Step::Reply(party.forbid(open, &self.recipient));
        }
        if !step_up::is_enough(&open.session, path.as_ref(), &party.config, now) {
            let reply = party.insufficient_authentication(path.as_ref(), &self.recipient);
            return Step::Reply(reply);
        }
        Step::Forward(party.bearer_edits(self.edits, open))
    }

    fn refuse_without_key(
        self,
        party: &mut RelyingParty,
        issuer: usize,
        host: &mut Host<'_>,
    ) -> Step {
        let has_keys = party
            .bearers
            .keys(issuer, &mut party.providers, host)
            .is_some();
        let refusal = match has_keys {
            true => KEY_NOT_FOUND,
            false => party.bearer_keys_outage(issuer, host),
        };
        Step::Reply(party.refuse_bearer(&refusal, &self.recipient))
    }

    /// What the token stands for; otherwise why it is refused, and whose it says to be.
    fn verified(
        &self,
        party: &mut RelyingParty,
        host: &mut Host<'_>,
    ) -> Result<Rc<OpenSession>, (Refusal, Option<usize>)> {
        let token = self.token.expose();
        let bearers = &mut party.bearers;
        let candidate = bearers
            .candidate(token, host.now)
            .map_err(|fault| (Refusal::Bearer(fault), None))?;
        let issuer = candidate.issuer;
        let because = |refusal| (refusal, Some(issuer));
        let keys = bearers
            .keys(issuer, &mut party.providers, host)
            .ok_or_else(|| because(KEY_NOT_FOUND))?;
        bearers
            .verify(token, &candidate, &keys, &party.config, host)
            .map_err(because)
    }
}

const KEY_NOT_FOUND: Refusal = Refusal::Bearer(IdTokenFault::KEY_NOT_FOUND);

impl AwaitingIssuerKeys {
    /// Keys have come, or have not: a failed fetch keeps the old keys, which do not know the token's.
    pub(crate) fn resume(
        self,
        party: &mut RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Step {
        let received = party.received_bearer_keys(self.issuer, response, host);
        let request = self.request;
        match (request.verified(party, host), received) {
            (Ok(open), _) => request.forward(party, &open, host.now),
            (Err((refusal, _)), Err(outage)) if refusal.is_key_not_found() => {
                Step::Reply(party.refuse_bearer(&outage, &request.recipient))
            }
            (Err((refusal, _)), _) => {
                Step::Reply(party.refuse_bearer(&refusal, &request.recipient))
            }
        }
    }
}

/// The token of an `authorization` header (RFC 6750 §2.1). The name of the scheme ignores case (RFC 9110 §11.1).
fn token<'a>(head: &RequestHead<'a>) -> Option<&'a [u8]> {
    let mut parts = head.authorization?.splitn(2, |byte| *byte == b' ');
    let scheme = parts.next()?;
    let token = parts.next().unwrap_or_default().trim_ascii();
    scheme.eq_ignore_ascii_case(b"bearer").then_some(token)
}
