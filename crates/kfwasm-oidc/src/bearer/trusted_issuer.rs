//! One issuer whose tokens are accepted, and the rules that they are checked by.

use std::rc::Rc;

use kfwasm_config::{BearerIssuer, Identity};

use crate::claim_headers;
use crate::directory::KeyServer;
use crate::excerpt::Excerpt;
use crate::id_token::{IdTokenClaims, IdTokenFault, check_times};
use crate::identity::{self, Claims};
use crate::jose::{JoseHeader, JwkSet};
use crate::key_ring::KeyRing;
use crate::providers::ProviderId;
use crate::refusal::Refusal;
use crate::session::Session;
use crate::time::UnixTime;

/// An issuer, and where its keys are.
pub(crate) struct TrustedIssuer {
    pub(super) config: BearerIssuer,
    /// `identity` of the configuration, with the claims of this issuer.
    pub(super) identity: Identity,
    pub(super) keys: KeySource,
}

/// Where the keys of an issuer come from.
pub(super) enum KeySource {
    /// They are those of this provider, which is the same issuer.
    Provider(ProviderId),
    Configured(Rc<JwkSet>),
    Server(Box<KeyServer>),
}

/// How long a token is believed before its signature is checked again, in seconds: so long does a key that its issuer has
/// withdrawn still count.
const TRUSTED_FOR: u64 = 300;

impl TrustedIssuer {
    /// An issuer with the keys that are configured, or those of the provider that it is; `None` when nobody says where its
    /// keys are.
    pub(crate) fn new(
        config: BearerIssuer,
        identity: &Identity,
        key_set: Option<JwkSet>,
        provider: Option<ProviderId>,
        keys: &Rc<KeyRing>,
    ) -> Option<Self> {
        let source = match (key_set, &config.jwks_uri) {
            (Some(keys), _) => KeySource::Configured(Rc::new(keys)),
            (None, Some(url)) => KeySource::Server(Box::new(KeyServer::new(
                config.issuer.as_str(),
                url.clone(),
                config.timeout,
                keys,
            ))),
            (None, None) => KeySource::Provider(provider?),
        };
        let mut identity = identity.clone();
        identity.claims.clone_from(&config.claims);
        if let Some(claim) = &config.groups_claim {
            identity.groups_claim = claim.clone();
        }
        Some(Self {
            config,
            identity,
            keys: source,
        })
    }

    /// The prefix that stands in front of a user but is not part of the name. That of the issuer itself is part of it, so
    /// that an access rule for a user means no namesake of another issuer.
    pub(super) fn common_prefix(&self) -> &str {
        match self.config.prefix {
            Some(_) => "",
            None => &self.identity.prefix,
        }
    }

    pub(super) fn is(&self, issuer: &str) -> bool {
        self.config.issuer.as_str() == issuer
    }

    /// Everything about a token of this issuer that is known without its key: RFC 8725 §3.9, §3.10, RFC 7519 §4.1.
    pub(super) fn check(&self, claims: &IdTokenClaims, now: UnixTime) -> Result<(), IdTokenFault> {
        let is_ours = |name: &String| self.config.audiences.iter().any(|it| it.as_str() == name);
        if !claims.audience().iter().any(is_ours) {
            let named = claims.audience().join(" ");
            return Err(IdTokenFault::Audience(Excerpt::of(&named)));
        }
        check_times(claims, self.config.clock_skew.as_secs(), now)
    }

    /// What the token stands for: a session that is never renewed, and ends with the token.
    pub(super) fn session(
        &self,
        claims: &IdTokenClaims,
        id: [u8; 16],
        now: UnixTime,
    ) -> Result<Session, Refusal> {
        let said = Claims {
            id_token: claims,
            user_info: None,
            groups: None,
        };
        let groups = match self.config.groups_claim {
            Some(_) => identity::groups(said, &self.identity, &self.config.groups_prefix)?,
            None => Vec::new(),
        };
        let own_prefix = self.config.prefix.as_deref().unwrap_or_default();
        let end = claims.expiry().plus(self.config.clock_skew.as_secs());
        Ok(Session {
            id,
            parent: None,
            provider: self.config.issuer.as_str().to_owned(),
            subject: claims.subject().to_owned(),
            user: [own_prefix, &identity::user(said, &self.identity)?].concat(),
            groups: groups.into_iter().collect(),
            // A revocation ends what is older than it.
            signed_in_at: claims.issued_at(),
            end,
            idle_end: end.min(now.plus(TRUSTED_FOR)),
            refresh_at: None,
            provider_session: None,
            auth_time: claims.authenticated_at(),
            acr: claims.acr(),
            claim_headers: claim_headers::kept(said, &self.identity)?,
        })
    }
}

/// RFC 8725 §3.11: what says that it is of another kind, such as a logout token, is no bearer token. Access tokens may say
/// that they are (RFC 9068 §2.1).
pub(super) fn check_media_type(header: &JoseHeader) -> Result<(), IdTokenFault> {
    let Some(name) = header.media_type() else {
        return Ok(());
    };
    let lower = name.to_ascii_lowercase();
    match lower.strip_prefix("application/").unwrap_or(&lower) {
        "jwt" | "at+jwt" => Ok(()),
        _ => Err(IdTokenFault::MediaType(Excerpt::of(name))),
    }
}
