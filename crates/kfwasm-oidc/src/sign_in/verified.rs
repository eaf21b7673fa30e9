//! From a verified ID token to all that must be known about the user.

use std::rc::Rc;

use kfwasm_config::{EndpointUrl, Provider, UserInfoUse};

use super::code_exchange::Returning;
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::host::Host;
use crate::id_token::VerifiedIdToken;
use crate::identity::{self, Claims};
use crate::pending::Awaited;
use crate::provider::{
    Document, Memberships, ProviderMetadata, TokenResponse, UserInfo, are_elsewhere,
};
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::secret::Secret;
use crate::step::Step;

/// A sign-in whose ID token is verified. What the token does not say may still be asked for.
pub(crate) struct VerifiedSignIn {
    pub(super) returning: Returning,
    pub(super) metadata: Rc<ProviderMetadata>,
    pub(super) tokens: TokenResponse,
    pub(super) id_token: VerifiedIdToken,
    pub(super) user_info: Option<UserInfo>,
    pub(super) memberships: Option<Memberships>,
}

/// The userinfo endpoint is about to answer.
pub(crate) struct AwaitingUserInfo(VerifiedSignIn);

/// Microsoft Graph is about to tell a page of the user's groups.
pub(crate) struct AwaitingGroups {
    sign_in: VerifiedSignIn,
    told: Memberships,
    endpoint: EndpointUrl,
}

impl VerifiedSignIn {
    /// Asks the userinfo endpoint where that is wanted, and goes on to the groups otherwise.
    pub(super) fn go_on(self, party: &RelyingParty, host: &mut Host<'_>) -> Step {
        match self.user_info_request(party) {
            Some(request) => {
                let awaited = Awaited::UserInfo(Box::new(AwaitingUserInfo(self)));
                Step::Callout(Box::new(request), awaited.into())
            }
            None => self.find_groups(party, host),
        }
    }

    /// A UserInfo request (OIDC Core §5.3.1).
    fn user_info_request(&self, party: &RelyingParty) -> Option<HttpRequest> {
        let endpoint = self.metadata.userinfo_endpoint.as_ref()?;
        let identity = &party.config.identity;
        let is_wanted = match identity.user_info {
            UserInfoUse::Always => true,
            UserInfoUse::WhenNeeded => identity::is_missing(self.id_token.claims(), identity),
            UserInfoUse::Never => false,
        };
        is_wanted.then(|| self.request_with_token(endpoint, self.provider(party)))
    }

    fn provider<'a>(&self, party: &'a RelyingParty) -> &'a Provider {
        party.providers.get(self.returning.provider).provider()
    }

    /// RFC 6750 §2.1.
    fn request_with_token(&self, endpoint: &EndpointUrl, provider: &Provider) -> HttpRequest {
        let token = self.tokens.access_token.expose();
        HttpRequest {
            authorization: Some(Secret::new([b"Bearer ", token].concat())),
            ..HttpRequest::get(endpoint, provider.timeout)
        }
    }

    /// Asks Microsoft Graph for the groups where the ID token says that they are elsewhere, and signs the user in at once
    /// otherwise.
    fn find_groups(self, party: &RelyingParty, host: &mut Host<'_>) -> Step {
        let name = party.config.identity.groups_claim.as_str();
        let elsewhere =
            self.claims().find(name).is_none() && are_elsewhere(self.id_token.claims(), name);
        let endpoint = self.provider(party).graph_endpoint.clone();
        match endpoint.filter(|_| elsewhere) {
            Some(endpoint) => {
                let first = endpoint.clone();
                let awaiting = AwaitingGroups {
                    sign_in: self,
                    told: Memberships::default(),
                    endpoint,
                };
                awaiting.ask(&first, party)
            }
            None => self.finish(party, host),
        }
    }

    fn claims(&self) -> Claims<'_> {
        Claims {
            id_token: self.id_token.claims(),
            user_info: self.user_info.as_ref(),
            groups: self.memberships.as_ref().map(Memberships::groups),
        }
    }

    fn finish(self, party: &RelyingParty, host: &mut Host<'_>) -> Step {
        let Self {
            returning,
            tokens,
            metadata,
            ..
        } = &self;
        match party.complete_sign_in(returning, tokens, self.claims(), metadata, host) {
            Ok(reply) => Step::Reply(reply),
            Err(refusal) => party.refuse_returning(&refusal, returning),
        }
    }
}

impl AwaitingUserInfo {
    pub(crate) fn resume(
        self,
        party: &RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Step {
        match self.read(response) {
            Ok(user_info) => {
                let sign_in = VerifiedSignIn {
                    user_info: Some(user_info),
                    ..self.0
                };
                sign_in.find_groups(party, host)
            }
            Err(refusal) => party.refuse_returning(&refusal, &self.0.returning),
        }
    }

    fn read(&self, response: Result<HttpResponse, CalloutError>) -> Result<UserInfo, Refusal> {
        let response = response.map_err(|error| Refusal::Unreachable(Document::UserInfo, error))?;
        let subject = self.0.id_token.claims().subject();
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
    /// Asks for a page. However many there are, their number is bounded, and each has its deadline.
    fn ask(self, page: &EndpointUrl, party: &RelyingParty) -> Step {
        let provider = self.sign_in.provider(party);
        let request = self.sign_in.request_with_token(page, provider);
        let awaited = Awaited::Groups(Box::new(self));
        Step::Callout(Box::new(request), awaited.into())
    }

    pub(crate) fn resume(
        mut self,
        party: &RelyingParty,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Step {
        match self.read(response) {
            Ok(Some(page)) => self.ask(&page, party),
            Ok(None) => {
                let sign_in = VerifiedSignIn {
                    memberships: Some(self.told),
                    ..self.sign_in
                };
                sign_in.finish(party, host)
            }
            // Whoever has groups and is taken for somebody without would lose rights, or escape a rule that counts them.
            Err(refusal) => party.refuse_returning(&refusal, &self.sign_in.returning),
        }
    }

    fn read(
        &mut self,
        response: Result<HttpResponse, CalloutError>,
    ) -> Result<Option<EndpointUrl>, Refusal> {
        let response =
            response.map_err(|error| Refusal::Unreachable(Document::Memberships, error))?;
        Ok(self
            .told
            .take(response.status, &response.body, &self.endpoint)?)
    }
}
