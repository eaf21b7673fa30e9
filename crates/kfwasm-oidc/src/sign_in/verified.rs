//! From a verified ID token to all that must be known about the user.

use std::rc::Rc;

use kfwasm_config::UserInfoUse;

use super::code_exchange::Returning;
use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::host::Host;
use crate::id_token::VerifiedIdToken;
use crate::identity::{self, Claims};
use crate::pending::Awaited;
use crate::provider::{Document, ProviderMetadata, TokenResponse, UserInfo};
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
}

/// The userinfo endpoint is about to answer.
pub(crate) struct AwaitingUserInfo(VerifiedSignIn);

impl VerifiedSignIn {
    /// Asks the userinfo endpoint where that is wanted, and signs the user in at once otherwise.
    pub(super) fn go_on(self, party: &RelyingParty, host: &mut Host<'_>) -> Step {
        match self.user_info_request(party) {
            Some(request) => {
                let awaited = Awaited::UserInfo(Box::new(AwaitingUserInfo(self)));
                Step::Callout(Box::new(request), awaited.into())
            }
            None => self.finish(party, None, host),
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
        let token = self.tokens.access_token.expose();
        is_wanted.then(|| HttpRequest {
            authorization: Some(Secret::new([b"Bearer ", token].concat())),
            ..HttpRequest::get(endpoint, party.directory.provider().timeout)
        })
    }

    fn finish(
        self,
        party: &RelyingParty,
        user_info: Option<&UserInfo>,
        host: &mut Host<'_>,
    ) -> Step {
        let claims = Claims {
            id_token: self.id_token.claims(),
            user_info,
        };
        let Self {
            returning,
            tokens,
            metadata,
            ..
        } = &self;
        match party.complete_sign_in(returning, tokens, claims, metadata, host) {
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
            Ok(user_info) => self.0.finish(party, Some(&user_info), host),
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
