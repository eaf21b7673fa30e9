//! Whose tokens are believed, and which have been seen.

use std::rc::Rc;

use kfwasm_config::Config;
use sha2::{Digest as _, Sha256};

use super::trusted_issuer::{KeySource, TrustedIssuer, check_media_type};
use crate::directory::{Due, Fetch};
use crate::excerpt::Excerpt;
use crate::host::Host;
use crate::id_token::{IdTokenClaims, IdTokenFault};
use crate::jose::{CompactJws, JwkSet, JwsFault, Metered, TrustedKeys};
use crate::providers::Providers;
use crate::refusal::Refusal;
use crate::session::{OpenSession, SessionCache};
use crate::signature_budget::SignatureBudget;
use crate::time::UnixTime;

/// The bearer tokens of one worker: whose are accepted, and those that were verified lately.
pub(crate) struct BearerTokens {
    pub(super) issuers: Vec<TrustedIssuer>,
    verified: SessionCache,
    /// What tokens with wrong signatures may cost.
    budget: SignatureBudget,
}

/// A token that has passed everything but its signature.
pub(super) struct Candidate<'token> {
    jws: CompactJws<'token>,
    claims: IdTokenClaims,
    /// The place of its issuer.
    pub(super) issuer: usize,
}

/// Longest token in bytes; longer ones are not even read.
const LONGEST: usize = 16 * 1024;

impl BearerTokens {
    pub(crate) fn new(issuers: Vec<TrustedIssuer>) -> Self {
        Self {
            issuers,
            verified: SessionCache::new(),
            budget: SignatureBudget::default(),
        }
    }

    /// What a token stands for that was verified lately and has not ended since.
    pub(super) fn known(&mut self, token: &[u8], now: UnixTime) -> Option<Rc<OpenSession>> {
        let open = self.verified.get(token)?;
        (now < open.session.end && now < open.session.idle_end).then_some(open)
    }

    /// Reads a token, and checks everything that does not need a key.
    pub(super) fn candidate<'token>(
        &self,
        token: &'token [u8],
        now: UnixTime,
    ) -> Result<Candidate<'token>, IdTokenFault> {
        if token.len() > LONGEST {
            return Err(JwsFault::TooLong.into());
        }
        let jws = CompactJws::parse(token)?;
        check_media_type(jws.header())?;
        let claims = IdTokenClaims::parse(jws.unverified_payload())?;
        let issuers = self.issuers.iter().enumerate();
        let (issuer, trusted) = issuers
            .into_iter()
            .find(|(_, it)| it.is(claims.issuer()))
            .ok_or_else(|| IdTokenFault::Issuer(Excerpt::of(claims.issuer())))?;
        trusted.check(&claims, now)?;
        Ok(Candidate {
            jws,
            claims,
            issuer,
        })
    }

    /// The keys of an issuer, as far as they are known.
    pub(super) fn keys(
        &mut self,
        issuer: usize,
        providers: &mut Providers,
        host: &mut Host<'_>,
    ) -> Option<Rc<JwkSet>> {
        match &mut self.issuers.get_mut(issuer)?.keys {
            KeySource::Provider(id) => providers.get_mut(*id).directory.keys(host),
            KeySource::Configured(keys) => Some(Rc::clone(keys)),
            KeySource::Server(server) => server.keys(host),
        }
    }

    /// Checks the signature, and remembers the token when it is good. One that was good before is checked again whatever
    /// strangers' tokens have cost.
    pub(super) fn verify(
        &mut self,
        token: &[u8],
        candidate: &Candidate<'_>,
        keys: &JwkSet,
        config: &Config,
        host: &mut Host<'_>,
    ) -> Result<Rc<OpenSession>, Refusal> {
        let Candidate { jws, claims, .. } = candidate;
        let issuer = self
            .issuers
            .get(candidate.issuer)
            .ok_or(Refusal::Gateway("the issuer is gone"))?;
        let was_good = self.verified.get(token).is_some();
        if !was_good && self.budget.is_spent(host.now) {
            return Err(Refusal::TooManyTokens);
        }
        let trusted = TrustedKeys {
            keys,
            algorithms: &issuer.config.signing_algorithms,
        };
        let mut checks = Metered::new(host.signatures);
        let verified = trusted.verify(jws, claims.issuer(), claims.tenant(), &mut checks);
        if let Err(fault) = verified {
            self.budget.charge(checks.cost(), host.now);
            self.verified.forget(token);
            return Err(Refusal::Bearer(fault.into()));
        }
        let session = issuer.session(claims, id(jws), host.now)?;
        let open = Rc::new(OpenSession::new(session, issuer.common_prefix(), config));
        self.verified.put(token, Rc::clone(&open));
        Ok(open)
    }

    /// The key sets to fetch now.
    pub(crate) fn due(&mut self, host: &mut Host<'_>) -> Vec<Fetch> {
        let issuers = self.issuers.iter_mut().enumerate();
        issuers
            .filter_map(|(index, issuer)| match &mut issuer.keys {
                KeySource::Server(server) => Some(Fetch {
                    document: Due::BearerIssuer(index),
                    request: server.due(host)?,
                }),
                KeySource::Provider(_) | KeySource::Configured(_) => None,
            })
            .collect()
    }
}

/// Names the token in logs and revocations without giving it away. The signature has no part in it: anybody can make another
/// of an ES256 signature that is as good, (r, n - s) of (r, s), under which a revoked token would come back.
fn id(token: &CompactJws<'_>) -> [u8; 16] {
    let digest = Sha256::digest(token.signed());
    digest.first_chunk().copied().unwrap_or_default()
}
