//! What the provider says about the user now, and the session that follows from it.

use kfwasm_config::{EndpointUrl, Provider, UserInfoUse};

use super::request::Refreshing;
use super::ride_along::Refreshed;
use super::step::{Awaited, RefreshEnd, RefreshOutcome, RefreshStep};
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::claim_headers;
use crate::host::Host;
use crate::id_token::{IdTokenFault, VerifiedIdToken};
use crate::identity::{self, Claims};
use crate::provider::{
    Document, Memberships, ProviderFault, RefreshResponse, UserInfo, are_elsewhere,
};
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
    pub(super) memberships: Option<Memberships>,
}

/// The userinfo endpoint is about to answer.
pub(super) struct AwaitingUserInfo(RefreshedIdentity);

/// Microsoft Graph is about to tell a page of the user's groups.
pub(super) struct AwaitingGroups {
    identity: RefreshedIdentity,
    told: Memberships,
    endpoint: EndpointUrl,
}

impl RefreshedIdentity {
    /// Asks the userinfo endpoint where that was needed at sign-in too, and ends the refresh otherwise.
    pub(super) fn go_on(self, party: &RelyingParty, host: &mut Host<'_>) -> RefreshStep {
        match self.user_info_request(party) {
            Some(request) => {
                let awaited = Awaited::UserInfo(Box::new(AwaitingUserInfo(self)));
                RefreshStep::Callout(Box::new(request), awaited.into())
            }
            None => self.find_groups(party, host),
        }
    }

    fn provider<'a>(&self, party: &'a RelyingParty) -> &'a Provider {
        party.providers.get(self.refreshing.provider).provider()
    }

    /// RFC 6750 §2.1.
    fn request_with_token(&self, endpoint: &EndpointUrl, provider: &Provider) -> HttpRequest {
        let token = self.response.access_token.expose();
        HttpRequest {
            authorization: Some(Secret::new([b"Bearer ", token].concat())),
            ..HttpRequest::get(endpoint, provider.timeout)
        }
    }

    /// Asks Microsoft Graph for groups that the ID token says are elsewhere, as at sign-in.
    fn find_groups(self, party: &RelyingParty, host: &mut Host<'_>) -> RefreshStep {
        let name = party.config.identity.groups_claim.as_str();
        let claims = self.claims();
        let elsewhere = claims
            .filter(|it| it.find(name).is_none())
            .is_some_and(|it| are_elsewhere(it.id_token, name));
        let endpoint = self.provider(party).graph_endpoint.clone();
        match endpoint.filter(|_| elsewhere) {
            Some(endpoint) => {
                let first = endpoint.clone();
                let awaiting = AwaitingGroups {
                    identity: self,
                    told: Memberships::default(),
                    endpoint,
                };
                awaiting.ask(&first, party)
            }
            None => self.finish(party, host),
        }
    }

    fn claims(&self) -> Option<Claims<'_>> {
        Some(Claims {
            id_token: self.id_token.as_ref()?.claims(),
            user_info: self.user_info.as_ref(),
            groups: self.memberships.as_ref().map(Memberships::groups),
        })
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
        is_wanted.then(|| self.request_with_token(endpoint, self.provider(party)))
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
        let (lifetime, lasts) = (party.lifetime, self.lasts(party, now));
        let end = lifetime.refreshed_end(now, UnixTime(old.signed_in_at), lasts);
        let (groups, claim_headers) = self.about_the_user(party)?;
        Ok(Session {
            groups,
            claim_headers,
            end: end.0,
            idle_end: lifetime.idle_end(now, end).0,
            refresh_at: lifetime.refresh_at(now, lasts).map_or(0, |it| it.0),
            ..old.clone()
        })
    }

    /// How long the new tokens last, in seconds. Without a new ID token the old one counts, with which the session was to end.
    fn lasts(&self, party: &RelyingParty, now: UnixTime) -> Option<u64> {
        let old = UnixTime(self.refreshing.open.session.end);
        let verified = self.id_token.as_ref();
        let expiry = verified.map_or(old, |it| it.claims().expiry());
        let expires_in = self.response.expires_in;
        party.lifetime.of_tokens(now, expires_in, expiry)
    }

    /// The groups and further claims as they are now, if the provider says who the user is; it must be the one who signed in.
    fn about_the_user(&self, party: &RelyingParty) -> Result<(Groups, Vec<String>), Refusal> {
        let (old, config) = (&self.refreshing.open.session, &party.config.identity);
        let provider = self.provider(party);
        let names_somebody = |it: &Claims<'_>| {
            let mut names = config.claims.iter();
            names.any(|name| it.find(name.as_str()).is_some())
        };
        let Some(claims) = self.claims().filter(names_somebody) else {
            return Ok((old.groups.clone(), old.claim_headers.clone()));
        };
        if identity::user_of(provider, claims, config)? != old.user {
            return Err(ProviderFault::IdToken(IdTokenFault::Discontinued("user")).into());
        }
        let groups = identity::groups(claims, config, &provider.groups_prefix)?;
        Ok((
            groups.into_iter().collect(),
            claim_headers::kept(claims, config)?,
        ))
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
            .find_groups(party, host),
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

impl AwaitingGroups {
    fn ask(self, page: &EndpointUrl, party: &RelyingParty) -> RefreshStep {
        let provider = self.identity.provider(party);
        let request = self.identity.request_with_token(page, provider);
        let awaited = Awaited::Groups(Box::new(self));
        RefreshStep::Callout(Box::new(request), awaited.into())
    }

    /// A list that does not come leaves the session as it was, groups included.
    pub(super) fn resume(
        mut self,
        party: &RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> RefreshStep {
        match self.read(response) {
            Ok(Some(page)) => self.ask(&page, party),
            Ok(None) => RefreshedIdentity {
                memberships: Some(self.told),
                ..self.identity
            }
            .finish(party, host),
            Err(refusal) => self.identity.refreshing.fail(&refusal, party, host),
        }
    }

    fn read(
        &mut self,
        response: Result<HttpResponse, CalloutError>,
    ) -> Result<Option<EndpointUrl>, Refusal> {
        let response =
            response.map_err(|error| Refusal::Unreachable(Document::Memberships, error))?;
        let told = &mut self.told;
        Ok(told.take(response.status, &response.body, &self.endpoint)?)
    }
}
