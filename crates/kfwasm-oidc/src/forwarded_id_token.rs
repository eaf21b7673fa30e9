//! The ID token on its way upstream, for filters and programs that read it themselves (`session.forwardIdToken`).
//!
//! It lies in the cookies of the session's tokens, which are opened at each request that it goes with.

use crate::header_edits::HeaderEdits;
use crate::id_token::IdTokenFault;
use crate::normalized_path::NormalizedPath;
use crate::provider::ProviderFault;
use crate::refresh::SessionTokens;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::request_kind::RequestKind;
use crate::secret::Secret;
use crate::session::{OpenSession, Session};
use crate::time::UnixTime;

/// How long after a sign-in nobody is asked for another because the token is missing, in seconds.
const PAUSE: u64 = 10;

impl RelyingParty {
    /// The token of the session that goes upstream; none where none is to.
    pub(crate) fn id_token_of(&self, head: &RequestHead<'_>, open: &OpenSession) -> Option<Secret> {
        if !self.config.session.forward_id_token {
            return None;
        }
        let tokens = SessionTokens::of(head, &self.cookie_names, &self.keys);
        let tokens = tokens.filter(|it| it.belong_to(&open.session));
        tokens.and_then(SessionTokens::into_id_token)
    }

    /// Who is to sign in again, because a token is to go upstream and the session has none: it began before that was so, or
    /// the browser has lost the token.
    ///
    /// A program goes on without one: what [`RelyingParty::program_token`] gives it is a session alone. A browser that does
    /// not keep the token would be sent around for ever if it were asked at once again.
    pub(crate) fn asked_for_token(
        &self,
        id_token: Option<&Secret>,
        open: &OpenSession,
        head: &RequestHead<'_>,
        path: Option<&NormalizedPath<'_>>,
        now: UnixTime,
    ) -> Option<RequestKind> {
        let is_missing = self.config.session.forward_id_token && id_token.is_none();
        let signed_in_at = open.session.signed_in_at;
        let is_asked = is_missing && now.seconds_since(signed_in_at) > PAUSE;
        let kind = is_asked.then(|| RequestKind::of(head, path, &self.config.api_paths));
        kind.filter(|kind| *kind != RequestKind::Program)
    }

    /// What follows takes the token for the user's: so no other one goes on with a session.
    pub(crate) fn forward_id_token(
        &self,
        edits: &mut HeaderEdits,
        head: &RequestHead<'_>,
        id_token: Option<Secret>,
    ) {
        let is_ours = self.config.session.forward_id_token;
        edits.id_token = id_token;
        if is_ours && edits.id_token.is_none() && head.authorization.is_some() {
            edits.forged.push(b"authorization".to_vec());
        }
    }

    /// A session without the ID token that is to go upstream, or with one that is over, would be refused there again and
    /// again.
    pub(crate) fn check_forwarding(
        &self,
        session: &Session,
        kept: &[String],
        now: UnixTime,
    ) -> Result<(), Refusal> {
        if !self.config.session.forward_id_token {
            return Ok(());
        }
        if session.is_over(self.lifetime, now) {
            return Err(ProviderFault::from(IdTokenFault::Expired(0)).into());
        }
        match kept.is_empty() {
            true => Err(Refusal::SessionTooLarge),
            false => Ok(()),
        }
    }
}
