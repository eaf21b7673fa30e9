//! The ID token on its way upstream, for filters and programs that read it themselves (`session.forwardIdToken`).
//!
//! It lies in the cookies of the session's tokens, which are opened at each request that it goes with.

use crate::header_edits::HeaderEdits;
use crate::id_token::IdTokenFault;
use crate::provider::ProviderFault;
use crate::refresh::SessionTokens;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::session::{OpenSession, Session};
use crate::time::UnixTime;

impl RelyingParty {
    /// What follows takes the token for the user's: so no other one goes on with a session.
    pub(crate) fn forward_id_token(
        &self,
        edits: &mut HeaderEdits,
        head: &RequestHead<'_>,
        open: &OpenSession,
    ) {
        let tokens = SessionTokens::of(head, &self.cookie_names, &self.keys);
        let tokens = tokens.filter(|it| it.belong_to(&open.session));
        edits.id_token = tokens.and_then(SessionTokens::into_id_token);
        if edits.id_token.is_none() && head.authorization.is_some() {
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
