//! The ID token of a sign-in, which its provider is shown at the sign-out (`id_token_hint`, RP-Initiated Logout §2).
//!
//! It names its user to whoever reads it, and so goes to the provider that made it, and to no other.

use kfwasm_config::{IssuerRule, Provider};

use crate::cookies::OwnCookie;
use crate::host::Host;
use crate::id_token::IdTokenClaims;
use crate::jose::CompactJws;
use crate::key_ring::Purpose;
use crate::provider::{ProviderMetadata, TokenResponse};
use crate::providers::ProviderId;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::secret::Secret;
use crate::session::{OpenSession, Session};
use crate::set_cookie;

impl RelyingParty {
    /// The cookies of a sign-in that hold its ID token, one per sign-out path, so that no other request carries it. Where the
    /// provider wants none, or it is too large for a cookie, they delete that of an earlier sign-in.
    pub(crate) fn id_token_hints(
        &self,
        tokens: &TokenResponse,
        session: &Session,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Result<Vec<String>, Refusal> {
        if metadata.end_session_endpoint.is_none() {
            return Ok(self.deleted_hints());
        }
        let name = self.cookie_names.id_token_hint();
        let token = tokens.id_token.expose();
        let value = self
            .keys
            .seal_text(Purpose::IdTokenHint, name, token, host.entropy)?;
        if name.len().saturating_add(value.len()) > set_cookie::LARGEST {
            return Ok(self.deleted_hints());
        }
        // A refresh may lengthen the session.
        let longest = self.lifetime.longest(session.signed_in_at);
        let age = longest.seconds_since(host.now);
        let paths = self.config.sign_out.paths.iter();
        Ok(paths
            .map(|path| self.set_cookie.set(name, &value, path.as_str(), age))
            .collect())
    }

    pub(super) fn deleted_hints(&self) -> Vec<String> {
        let name = self.cookie_names.id_token_hint();
        let paths = self.config.sign_out.paths.iter();
        paths
            .map(|path| self.set_cookie.delete(name, path.as_str()))
            .collect()
    }

    /// The ID token that a request brings, if it is the provider's own, and about the session's user. The session may be over
    /// already: a script's sign-out ends it before the window comes here (docs/decisions/006-post-logout-redirect.md).
    pub(super) fn id_token_hint(
        &self,
        head: &RequestHead<'_>,
        provider: Option<ProviderId>,
        open: Option<&OpenSession>,
    ) -> Option<Secret> {
        let provider = self.providers.get(provider?).provider();
        let cookies = self.cookie_names.own(&head.cookies);
        let mut tokens = cookies.iter().filter_map(|it| self.opened_hint(it));
        tokens.find(|it| is_for(it.expose(), provider, open))
    }

    fn opened_hint(&self, cookie: &OwnCookie<'_>) -> Option<Secret> {
        let OwnCookie::IdTokenHint(value) = cookie else {
            return None;
        };
        let name = self.cookie_names.id_token_hint();
        let token = self.keys.open_text(Purpose::IdTokenHint, name, value)?;
        Some(Secret::new(token.to_vec()))
    }
}

/// We have sealed the token, and so verified it before: what it says is believed.
fn is_for(token: &[u8], provider: &Provider, open: Option<&OpenSession>) -> bool {
    let Ok(jws) = CompactJws::parse(token) else {
        return false;
    };
    let Ok(claims) = IdTokenClaims::parse(jws.unverified_payload()) else {
        return false;
    };
    let is_client = |it: &String| it == provider.client_id.as_str();
    IssuerRule::of(provider).is_named_by(claims.issuer())
        && claims.audience().iter().any(is_client)
        && open.is_none_or(|it| it.session.subject == claims.subject())
}
