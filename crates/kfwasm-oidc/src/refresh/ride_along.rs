//! What comes along with a request whose session is near the end of its token.

use std::rc::Rc;

use super::lease::Taken;
use super::request::Refresh;
use super::session_tokens::SessionTokens;
use crate::fields::{FieldReader, FieldWriter};
use crate::host::Host;
use crate::provider::Memberships;
use crate::providers::ProviderId;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::session::{OpenSession, Session};
use crate::time::UnixTime;

/// What a forwarded request has to do with a refresh of its session.
pub enum RideAlong {
    /// It is to be carried out beside the request, by something that outlives it.
    Refresh(Box<Refresh>),
    /// Another request has refreshed the session already.
    Refreshed(Refreshed),
    /// Another request is doing so.
    Elsewhere,
}

/// The cookies of a session that was refreshed.
#[derive(Clone)]
pub struct Refreshed {
    /// The values of `set-cookie` headers.
    pub cookies: Vec<String>,
    /// Until when they may be given to the browser: then the session is refreshed again, and they are older than what it has.
    until: UnixTime,
}

impl Refreshed {
    /// The cookies of a session and its tokens. Tokens that have grown too large are given up.
    pub(super) fn with_cookies(
        party: &RelyingParty,
        session: &Session,
        tokens: &SessionTokens,
        host: &mut Host<'_>,
    ) -> Result<Self, Refusal> {
        let kept = tokens.cookies(party, session, host)?;
        if kept.is_empty() && party.config.session.forward_id_token {
            return Err(Refusal::SessionTooLarge);
        }
        let refresh_at = session.refresh_at.filter(|_| !kept.is_empty());
        let session = Session {
            refresh_at,
            ..session.clone()
        };
        let mut cookies = vec![party.session_cookie(&session, host)?];
        cookies.extend(kept);
        let until = refresh_at.unwrap_or(session.end);
        Ok(Self { cookies, until })
    }

    /// Whether the cookies may still be given to the browser: until the session is refreshed again, or ends.
    #[must_use]
    pub fn is_current(&self, now: UnixTime) -> bool {
        now < self.until
    }

    pub(super) fn write(&self, fields: &mut FieldWriter) {
        fields.texts(&self.cookies);
        fields.number(self.until.0);
    }

    pub(super) fn read(fields: &mut FieldReader<'_>) -> Option<Self> {
        Some(Self {
            cookies: fields.texts()?,
            until: UnixTime(fields.number()?),
        })
    }

    pub(super) const fn until(&self) -> UnixTime {
        self.until
    }
}

impl RelyingParty {
    /// What to do about a session that is near the end of its token. Nothing where the client has no tokens of it, as a
    /// program that was given the session alone.
    pub(crate) fn ride_along(
        &mut self,
        head: &RequestHead<'_>,
        open: &Rc<OpenSession>,
        host: &mut Host<'_>,
    ) -> Option<RideAlong> {
        let tokens = SessionTokens::of(head, &self.cookie_names, &self.keys)?;
        if !tokens.belong_to(&open.session) {
            return None;
        }
        let provider = self.providers.of(&open.session)?;
        let metadata = self.providers.get_mut(provider).directory.metadata(host)?;
        let lease_time = self.lease_time(provider);
        match self.leases.take(&tokens, lease_time, &self.keys, host) {
            Taken::Ours(lease) => {
                let open = Rc::clone(open);
                self.refresh(lease, provider, open, tokens, metadata, host)
            }
            Taken::Finished(refreshed) => Some(RideAlong::Refreshed(refreshed)),
            Taken::Elsewhere => Some(RideAlong::Elsewhere),
            Taken::NotNow => None,
        }
    }

    /// For how long nobody else may refresh a session, in seconds: as long as all steps of a refresh may take.
    fn lease_time(&self, provider: ProviderId) -> u64 {
        const STEPS: u64 = 4;
        let provider = self.providers.get(provider).provider();
        let pages = match provider.graph_endpoint {
            Some(_) => Memberships::MOST_PAGES,
            None => 0,
        };
        let step = provider.timeout.as_secs();
        step.saturating_add(1)
            .saturating_mul(STEPS.saturating_add(pages))
    }
}
