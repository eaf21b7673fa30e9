//! What the provider says about the user now, and the session that follows from it.

use kfwasm_config::UserInfoUse;

use super::request::Refreshing;
use super::ride_along::Refreshed;
use super::step::{Awaited, RefreshEnd, RefreshOutcome, RefreshStep};
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::host::Host;
use crate::id_token::{IdTokenClaims, IdTokenFault, VerifiedIdToken};
use crate::identity::{self, Claims};
use crate::provider::{Document, ProviderFault, RefreshResponse, UserInfo};
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::secret::Secret;
use crate::session::{Groups, Session};
use crate::time::UnixTime;

/// A session whose new tokens are verified. What they do not say may still be asked for, in further steps from
/// [`RefreshedIdentity::go_on`].
pub(super) struct RefreshedIdentity {
    pub(super) refreshing: Refreshing,
    pub(super) response: RefreshResponse,
    pub(super) id_token: Option<VerifiedIdToken>,
    pub(super) user_info: Option<UserInfo>,
}

/// The userinfo endpoint is about to answer.
pub(super) struct AwaitingUserInfo(RefreshedIdentity);

impl RefreshedIdentity {
    /// Asks the userinfo endpoint where that was needed at sign-in too, and ends the refresh otherwise.
    pub(super) fn go_on(self, party: &RelyingParty, host: &mut Host<'_>) -> RefreshStep {
        match self.user_info_request(party) {
            Some(request) => {
                let awaited = Awaited::UserInfo(AwaitingUserInfo(self));
                RefreshStep::Callout(Box::new(request), awaited.into())
            }
            None => self.finish(party, host),
        }
    }

    /// A UserInfo request (OIDC Core §5.3.1).
    fn user_info_request(&self, party: &RelyingParty) -> Option<HttpRequest> {
        let endpoint = self.refreshing.metadata.userinfo_endpoint.as_ref()?;
        let id_token = self.id_token.as_ref()?;
        let identity = &party.config.identity;
        let is_wanted = match identity.user_info {
            UserInfoUse::Always => true,
            UserInfoUse::WhenNeeded => identity::is_missing(id_token.claims(), identity),
            UserInfoUse::Never => false,
        };
        let token = self.response.access_token.expose();
        is_wanted.then(|| HttpRequest {
            authorization: Some(Secret::new([b"Bearer ", token].concat())),
            ..HttpRequest::get(endpoint, party.directory.provider().timeout)
        })
    }

    fn finish(self, party: &RelyingParty, host: &mut Host<'_>) -> RefreshStep {
        match self.refreshed(party, host) {
            Ok(refreshed) => {
                self.refreshing.lease.finish(&refreshed, &party.keys, host);
                RefreshStep::End(RefreshEnd {
                    outcome: RefreshOutcome::Refreshed,
                    refreshed: Some(refreshed),
                    report: None,
                })
            }
            Err(refusal) => self.refreshing.fail(&refusal, party, host),
        }
    }

    fn refreshed(&self, party: &RelyingParty, host: &mut Host<'_>) -> Result<Refreshed, Refusal> {
        let session = self.session(party, host.now)?;
        Refreshed::with_cookies(party, &session, &self.refreshing.tokens, host)
    }

    /// The same session, with what has changed about the user.
    fn session(&self, party: &RelyingParty, now: UnixTime) -> Result<Session, Refusal> {
        let old = &self.refreshing.open.session;
        let (lifetime, lasts) = (party.lifetime, self.response.expires_in);
        let end = lifetime.refreshed_end(now, UnixTime(old.signed_in_at), lasts);
        Ok(Session {
            groups: self.groups(party)?,
            end: end.0,
            idle_end: lifetime.idle_end(now, end).0,
            refresh_at: lifetime.refresh_at(now, lasts).map_or(0, |it| it.0),
            ..old.clone()
        })
    }

    /// The groups as they are now, if the provider says who the user is; it must be the one who signed in.
    fn groups(&self, party: &RelyingParty) -> Result<Groups, Refusal> {
        let (old, config) = (&self.refreshing.open.session, &party.config.identity);
        let claims = self.id_token.as_ref().map(VerifiedIdToken::claims);
        let says_nothing =
            |it: &&IdTokenClaims| self.user_info.is_none() && identity::is_missing(it, config);
        let Some(id_token) = claims.filter(|it| !says_nothing(it)) else {
            return Ok(old.groups.clone());
        };
        let claims = Claims {
            id_token,
            user_info: self.user_info.as_ref(),
        };
        if identity::user(claims, config)? != old.user {
            return Err(ProviderFault::IdToken(IdTokenFault::Discontinued("user")).into());
        }
        Ok(identity::groups(claims, config)?.into_iter().collect())
    }
}

impl AwaitingUserInfo {
    pub(super) fn resume(
        self,
        party: &RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> RefreshStep {
        match self.read(response) {
            Ok(user_info) => RefreshedIdentity {
                user_info: Some(user_info),
                ..self.0
            }
            .finish(party, host),
            Err(refusal) => self.0.refreshing.fail(&refusal, party, host),
        }
    }

    fn read(&self, response: Result<HttpResponse, CalloutError>) -> Result<UserInfo, Refusal> {
        let response = response.map_err(|error| Refusal::Unreachable(Document::UserInfo, error))?;
        let subject = &self.0.refreshing.open.session.subject;
        let content_type = response.content_type.as_deref();
        Ok(UserInfo::parse(
            response.status,
            content_type,
            &response.body,
            subject,
        )?)
    }
}
