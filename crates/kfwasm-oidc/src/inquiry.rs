//! What a provider is asked about a user beyond the ID token: at sign-in, and again at each refresh.

use std::rc::Rc;

use kfwasm_config::{EndpointUrl, Provider, UserInfoUse};

use crate::callout::{CalloutError, HttpRequest, HttpResponse};
use crate::id_token::{IdTokenClaims, VerifiedIdToken};
use crate::identity::{self, Claims};
use crate::provider::{Document, Memberships, ProviderMetadata, UserInfo, are_elsewhere};
use crate::providers::ProviderId;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::secret::Secret;

/// A verified ID token, and what was and is to be learned beside it: [`Inquiry::ask`] and [`Inquiry::take`] in turn, until there
/// is nothing to ask any more.
pub(crate) struct Inquiry {
    provider: ProviderId,
    metadata: Rc<ProviderMetadata>,
    access_token: Secret,
    id_token: VerifiedIdToken,
    user_info: Option<UserInfo>,
    memberships: Option<Memberships>,
    next: Question,
}

/// What is asked next.
enum Question {
    /// The userinfo endpoint, where that is wanted.
    UserInfo,
    /// Microsoft Graph, for a page of the user's groups.
    Groups(EndpointUrl),
    Nothing,
}

impl Inquiry {
    pub(crate) const fn new(
        provider: ProviderId,
        metadata: Rc<ProviderMetadata>,
        access_token: Secret,
        id_token: VerifiedIdToken,
    ) -> Self {
        Self {
            provider,
            metadata,
            access_token,
            id_token,
            user_info: None,
            memberships: None,
            next: Question::UserInfo,
        }
    }

    /// The next request to send. However many pages of groups there are, their number is bounded, and each has its deadline.
    pub(crate) fn ask(&mut self, party: &RelyingParty) -> Option<HttpRequest> {
        let provider = party.providers.get(self.provider).provider();
        if let Question::UserInfo = self.next {
            match self.wanted_user_info(party) {
                Some(endpoint) => return Some(self.request(endpoint, provider)),
                None => self.next = self.after_user_info(party),
            }
        }
        match &self.next {
            Question::Groups(page) => Some(self.request(page, provider)),
            Question::UserInfo | Question::Nothing => None,
        }
    }

    /// Takes the answer.
    ///
    /// # Errors
    /// There is none, or one that cannot be used. Whoever has groups and is taken for somebody without would lose rights, or
    /// escape a rule that counts them.
    pub(crate) fn take(
        &mut self,
        response: Result<HttpResponse, CalloutError>,
        party: &RelyingParty,
    ) -> Result<(), Refusal> {
        let document = self.document();
        let response = response.map_err(|error| Refusal::Unreachable(document, error))?;
        self.next = match &self.next {
            Question::UserInfo => {
                self.user_info = Some(self.read_user_info(&response)?);
                self.after_user_info(party)
            }
            Question::Groups(_) => {
                let provider = party.providers.get(self.provider).provider();
                let endpoint = provider.graph_endpoint.as_ref();
                let told = self.memberships.get_or_insert_default();
                let next = endpoint.map(|it| told.take(response.status, &response.body, it));
                next.transpose()?
                    .flatten()
                    .map_or(Question::Nothing, Question::Groups)
            }
            Question::Nothing => Question::Nothing,
        };
        Ok(())
    }

    /// What is awaited: which counters and which histogram the response goes to.
    pub(crate) const fn document(&self) -> Document {
        match self.next {
            Question::UserInfo => Document::UserInfo,
            Question::Groups(_) | Question::Nothing => Document::Memberships,
        }
    }

    /// All that is known now.
    pub(crate) fn claims(&self) -> Claims<'_> {
        Claims {
            id_token: self.id_token.claims(),
            user_info: self.user_info.as_ref(),
            groups: self.memberships.as_ref().map(Memberships::groups),
        }
    }

    pub(crate) fn id_token(&self) -> &IdTokenClaims {
        self.id_token.claims()
    }

    fn wanted_user_info(&self, party: &RelyingParty) -> Option<&EndpointUrl> {
        let identity = &party.config.identity;
        let is_wanted = match identity.user_info {
            UserInfoUse::Always => true,
            UserInfoUse::WhenNeeded => identity::is_missing(self.id_token.claims(), identity),
            UserInfoUse::Never => false,
        };
        let endpoint = self.metadata.userinfo_endpoint.as_ref();
        endpoint.filter(|_| is_wanted)
    }

    /// The groups, where the ID token says that they are elsewhere.
    fn after_user_info(&self, party: &RelyingParty) -> Question {
        let name = party.config.identity.groups_claim.as_str();
        let elsewhere =
            self.claims().find(name).is_none() && are_elsewhere(self.id_token.claims(), name);
        let endpoint = &party.providers.get(self.provider).provider().graph_endpoint;
        let endpoint = endpoint.as_ref().filter(|_| elsewhere);
        endpoint.map_or(Question::Nothing, |it| Question::Groups(it.clone()))
    }

    /// RFC 6750 §2.1; for the userinfo endpoint OIDC Core §5.3.1.
    fn request(&self, endpoint: &EndpointUrl, provider: &Provider) -> HttpRequest {
        let token = self.access_token.expose();
        HttpRequest {
            authorization: Some(Secret::new([b"Bearer ", token].concat())),
            ..HttpRequest::get(endpoint, provider.timeout)
        }
    }

    fn read_user_info(&self, response: &HttpResponse) -> Result<UserInfo, Refusal> {
        let subject = self.id_token.claims().subject();
        let content_type = response.content_type.as_deref();
        let user_info = UserInfo::parse(response.status, content_type, &response.body, subject);
        Ok(user_info?)
    }
}
