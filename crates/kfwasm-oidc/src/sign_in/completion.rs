//! From a verified ID token to a session.

use std::rc::Rc;

use kfwasm_config::Provider;

use super::code_exchange::Returning;
use crate::claim_headers;
use crate::host::Host;
use crate::id_token::IdTokenClaims;
use crate::identity::{self, Claims};
use crate::local_reply::LocalReply;
use crate::normalized_path::NormalizedPath;
use crate::outcome::Outcome;
use crate::provider::{ProviderMetadata, TokenResponse};
use crate::random;
use crate::refresh::SessionTokens;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::session::{OpenSession, Session};
use crate::set_cookie;
use crate::step_up;
use crate::time::UnixTime;

impl RelyingParty {
    /// Signs the user in, and sends the browser to the page that it asked for.
    pub(crate) fn complete_sign_in(
        &self,
        returning: &Returning,
        tokens: &TokenResponse,
        claims: Claims<'_>,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Result<LocalReply, Refusal> {
        let provider = self.provider_named(&returning.attempt.provider)?;
        let mut session = self.session(provider, tokens, claims, host)?;
        let open = self.open_unless_revoked(&session)?;
        self.check_step_up(&session, &returning.attempt.return_to, host.now)?;
        let kept = self.keep_tokens(&mut session, returning, tokens, claims.id_token, host)?;
        self.check_forwarding(&session, &kept, host.now)?;
        let mut cookies = vec![
            self.session_cookie(&session, host)?,
            self.set_cookie.delete(&returning.attempt_cookie, "/"),
        ];
        cookies.extend(kept);
        cookies.extend(self.id_token_hints(tokens, &session, metadata, host)?);
        // The scheme and host are ours whatever the path is, so that it cannot lead to another origin.
        let attempt = &returning.attempt;
        let location = [&self.origin(&attempt.host), attempt.return_to.as_str()].concat();
        Ok(
            LocalReply::redirect(302, location, Outcome::SignInCompleted)
                .about(Some(open))
                .with_cookies(cookies),
        )
    }

    /// The cookies with what a refresh of the session needs; none when there is to be no refresh.
    fn keep_tokens(
        &self,
        session: &mut Session,
        returning: &Returning,
        tokens: &TokenResponse,
        id_token: &IdTokenClaims,
        host: &mut Host<'_>,
    ) -> Result<Vec<String>, Refusal> {
        let lasts = self.lasts(tokens, id_token, host.now);
        let refresh_token = tokens.refresh_token.as_ref();
        let refresh_at = self.lifetime.refresh_at(host.now, lasts);
        let refresh_at = refresh_at.filter(|_| refresh_token.is_some());
        let forwards = self.config.session.forward_id_token;
        if refresh_at.is_none() && !forwards {
            return Ok(Vec::new());
        }
        let nonce = returning.attempt.nonce();
        let (issuer, auth_time) = (id_token.issuer(), id_token.authenticated_at());
        let mut kept = SessionTokens::new(session, issuer, nonce, auth_time, refresh_token);
        if forwards {
            kept.keep_id_token(&tokens.id_token);
        }
        let cookies = kept.cookies(self, session, host)?;
        if let (false, Some(refresh_at)) = (cookies.is_empty(), refresh_at) {
            session.refresh_at = Some(refresh_at);
        }
        Ok(cookies)
    }

    /// How long the tokens last, in seconds, as far as the session has to do with it.
    fn lasts(
        &self,
        tokens: &TokenResponse,
        id_token: &IdTokenClaims,
        now: UnixTime,
    ) -> Option<u64> {
        self.lifetime
            .of_tokens(now, tokens.expires_in, id_token.expiry())
    }

    /// A new session that would be over already would send the browser to the provider and back for ever.
    fn open_unless_revoked(&self, session: &Session) -> Result<Rc<OpenSession>, Refusal> {
        let prefix = self.common_prefix(session);
        let open = OpenSession::new(session.clone(), prefix, &self.config);
        if open.is_revoked {
            return Err(Refusal::Revoked);
        }
        Ok(Rc::new(open))
    }

    /// A page that asks for more than the provider delivered would send the browser there again, for ever. The session that
    /// there may be already is left as it is.
    fn check_step_up(&self, session: &Session, page: &str, now: UnixTime) -> Result<(), Refusal> {
        let path = page.split('?').next().unwrap_or_default();
        let path = NormalizedPath::of(path.as_bytes());
        match step_up::is_enough(session, path.as_ref(), &self.config, now) {
            true => Ok(()),
            false => Err(Refusal::StepUp),
        }
    }

    fn provider_named(&self, name: &str) -> Result<&Provider, Refusal> {
        let id = self.providers.named(name);
        let id = id.ok_or(Refusal::Gateway("the provider is gone"))?;
        Ok(self.providers.get(id).provider())
    }

    fn session(
        &self,
        provider: &Provider,
        tokens: &TokenResponse,
        claims: Claims<'_>,
        host: &mut Host<'_>,
    ) -> Result<Session, Refusal> {
        let user = identity::user_of(provider, claims, &self.config.identity)?;
        let groups = identity::groups(claims, &self.config.identity, &provider.groups_prefix)?;
        let claim_headers = claim_headers::kept(claims, &self.config.identity)?;
        let lasts = self.lasts(tokens, claims.id_token, host.now);
        let end = self.lifetime.end(host.now, lasts);
        Ok(Session {
            id: random::bytes(host.entropy)?,
            parent: None,
            provider: provider.name.as_str().to_owned(),
            subject: claims.id_token.subject().to_owned(),
            user,
            groups: groups.into_iter().collect(),
            signed_in_at: host.now,
            end,
            idle_end: self.lifetime.idle_end(host.now, end),
            refresh_at: None,
            provider_session: provider_session(claims.id_token),
            auth_time: claims.id_token.authenticated_at(),
            acr: claims.id_token.acr(),
            claim_headers,
        })
    }

    /// The `set-cookie` of a session. It lives as long as the session would without further use.
    pub(crate) fn session_cookie(
        &self,
        session: &Session,
        host: &mut Host<'_>,
    ) -> Result<String, Refusal> {
        let name = self.cookie_names.session();
        let value = session.seal(&self.keys, name, host.entropy)?;
        if name.len().saturating_add(value.len()) > set_cookie::LARGEST {
            return Err(Refusal::SessionTooLarge);
        }
        let age = session.idle_end.seconds_since(host.now);
        Ok(self.set_cookie.set(name, &value, "/", age))
    }
}

/// Longest `sid` in bytes that is kept.
const LONGEST_SID: usize = 255;

/// `sid` (Front-Channel Logout §3), when it is a text that fits.
fn provider_session(claims: &IdTokenClaims) -> Option<String> {
    let sid = claims.claim("sid")?.as_str()?;
    (1..=LONGEST_SID)
        .contains(&sid.len())
        .then(|| sid.to_owned())
}
