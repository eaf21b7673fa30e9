//! Signing out: here, and at the provider (OpenID Connect RP-Initiated Logout 1.0).

mod back_channel;
mod front_channel;
mod id_token_hint;
mod token_revocation;

use std::rc::Rc;

use form_urlencoded::Serializer;
use kfwasm_config::{EndpointUrl, ReturnTo};
use serde_json::json;

use crate::client_fault::ClientFault;
use crate::host::Host;
use crate::local_reply::LocalReply;
use crate::outcome::Outcome;
use crate::page::{Action, Page};
use crate::pending::NeedsMetadata;
use crate::provider::ProviderMetadata;
use crate::providers::ProviderId;
use crate::recipient::Recipient;
use crate::refresh::{self, SessionTokens};
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::secret::Secret;
use crate::session::OpenSession;
use crate::sign_in;
use crate::step::Step;

pub(crate) use back_channel::{AwaitingLogoutKeys, BackChannelLogout};
pub(crate) use token_revocation::AwaitingRevocation;

/// A sign-out that the user wants.
pub(crate) struct SignOutRequest {
    /// One of the public hosts.
    host: String,
    /// What ends, for logs.
    session: Option<Rc<OpenSession>>,
    /// Whose session it is that ends, where that is known.
    provider: Option<ProviderId>,
    id_token: Option<Secret>,
    refresh_token: Option<Secret>,
    /// The `set-cookie`s that end the session in the browser.
    cookies: Vec<String>,
}

/// Who is behind a request for sign-out, as far as the browser says.
#[derive(Debug, PartialEq, Eq)]
enum Wish {
    /// A page of this origin, the user's own typing, or a program.
    Own,
    /// Another site, or nobody knows: the user must be asked.
    Doubtful,
}

impl RelyingParty {
    /// The sign-out endpoints, by GET or POST.
    ///
    /// A sign-out that another site makes the browser ask for is an attack (cross-site request forgery), if a mild one:
    /// a link is answered with a question, a form with a refusal.
    pub(crate) fn sign_out(
        &mut self,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &mut Host<'_>,
    ) -> Step {
        let recipient = Recipient::of(head);
        let refuse = |fault: ClientFault| Step::Reply(self.refuse(&fault.into(), &recipient));
        match (head.method, wish(head, &self.origin(public_host))) {
            (b"GET" | b"HEAD", Wish::Doubtful) => Step::Reply(self.ask_before_sign_out(head)),
            (b"POST", Wish::Doubtful) => refuse(ClientFault::CrossSiteSignOut),
            (b"POST", Wish::Own) if is_scripted(head) => {
                self.sign_out_for_script(head, public_host, host)
            }
            (b"GET" | b"HEAD" | b"POST", Wish::Own) => {
                let request = self.sign_out_request(head, public_host, host);
                match request.provider {
                    Some(provider) => NeedsMetadata::SignOut(request).start(provider, self, host),
                    None => Step::Reply(request.finish(self, None)),
                }
            }
            _ => refuse(ClientFault::Method),
        }
    }

    fn sign_out_request(
        &mut self,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &mut Host<'_>,
    ) -> SignOutRequest {
        let session = self.session_of(head, host);
        let provider = self.provider_to_leave(head, public_host, host);
        SignOutRequest {
            host: public_host.to_owned(),
            provider,
            id_token: self.id_token_hint(head, provider, session.as_deref()),
            refresh_token: self.refresh_token(head, session.as_deref()),
            cookies: self.ending_cookies(head, session.as_deref(), host),
            session,
        }
    }

    /// The provider of the session, or the only one that it could have been.
    fn provider_to_leave(
        &mut self,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &Host<'_>,
    ) -> Option<ProviderId> {
        let open = self.session_of(head, host);
        let vouched = open.and_then(|it| self.providers.of(&it.session));
        vouched.or_else(|| self.providers.sole(public_host))
    }

    /// Deletes the session, and sends the script here again, now with the whole window: what the dashboards of Kubeflow 1.7
    /// and 1.8 expect of oidc-authservice. The provider's address is not told, because it may hold the ID token, which
    /// no script on a page of this origin is to see.
    fn sign_out_for_script(
        &mut self,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &mut Host<'_>,
    ) -> Step {
        let path = String::from_utf8_lossy(head.path_alone());
        let location = [&self.origin(public_host), &*path].concat();
        let body = json!({ "afterLogoutURL": location });
        let session = self.session_of(head, host);
        let token = self.refresh_token(head, session.as_deref());
        let provider = self.provider_to_leave(head, public_host, host);
        let reply = LocalReply::new(201, Outcome::SignedOut)
            .with_body("application/json", body.to_string().into_bytes())
            .with_cookies(self.ending_cookies(head, session.as_deref(), host))
            .about(session);
        let Some(provider) = provider else {
            return Step::Reply(reply);
        };
        match self.providers.get_mut(provider).directory.metadata(host) {
            Some(metadata) => self.revoking(token.as_ref(), provider, &metadata, reply, host),
            None => Step::Reply(reply),
        }
    }

    /// The session's refresh token. One of another session may be another provider's, who must not get this one.
    fn refresh_token(&self, head: &RequestHead<'_>, open: Option<&OpenSession>) -> Option<Secret> {
        let tokens = SessionTokens::of(head, &self.cookie_names, &self.keys)?;
        if !tokens.belong_to(&open?.session) || tokens.refresh_token().is_empty() {
            return None;
        }
        Some(Secret::new(tokens.refresh_token().to_vec()))
    }

    /// The `set-cookie`s that delete the session, its tokens and the attempts under way, and say which session is over.
    fn ending_cookies(
        &self,
        head: &RequestHead<'_>,
        open: Option<&OpenSession>,
        host: &Host<'_>,
    ) -> Vec<String> {
        let attempts = sign_in::attempt_cookies(&head.cookies, &self.cookie_names);
        let marker = open.map(|it| self.sign_out_marker(it, host));
        let tokens = refresh::token_cookies(head, &self.cookie_names);
        core::iter::once(self.cookie_names.session())
            .chain(attempts.iter().chain(&tokens).map(String::as_str))
            .map(|name| self.set_cookie.delete(name, "/"))
            .chain(marker)
            .collect()
    }

    /// A response that was on its way during the sign-out, such as a long poll's, may bring a renewed cookie after it. With
    /// this cookie beside it, which lasts as long as that session could, it opens nothing.
    fn sign_out_marker(&self, open: &OpenSession, host: &Host<'_>) -> String {
        let age = open.session.end.seconds_since(host.now);
        let (name, id) = (self.cookie_names.ended(), &open.hashed_id);
        self.set_cookie.set(name, id, "/", age)
    }

    fn ask_before_sign_out(&self, head: &RequestHead<'_>) -> LocalReply {
        let path = String::from_utf8_lossy(head.path_alone());
        let page = Page {
            action: Action::Link {
                label: "Sign out",
                href: &path,
            },
            // By the referer a browser without fetch metadata shows that the answer comes from this page.
            referrer: "same-origin",
            ..Page::new(
                "Do you want to sign out?",
                "A link from elsewhere led you here.",
            )
        };
        self.page(200, Outcome::SignedOut, &page)
    }
}

/// Whether the answer goes to a script and not to a window.
fn is_scripted(head: &RequestHead<'_>) -> bool {
    let navigates = head.fetch_mode.is_none_or(|mode| mode == b"navigate");
    !(navigates && Recipient::of(head).html)
}

/// W3C Fetch Metadata §2.3 where the browser has it; else `origin` (RFC 6454), which browsers send with every POST;
/// else `referer`. A program sends none of them, and asks for no HTML. What a browser fetches ahead of need is nobody's
/// wish yet.
fn wish(head: &RequestHead<'_>, own_origin: &str) -> Wish {
    let is_own = match (head.fetch_site, head.origin, head.referer) {
        (Some(site), _, _) => matches!(site, b"same-origin" | b"none"),
        (None, Some(origin), _) => origin == own_origin.as_bytes(),
        (None, None, Some(referer)) => referer
            .strip_prefix(own_origin.as_bytes())
            .is_some_and(|rest| rest.starts_with(b"/")),
        (None, None, None) => head.method == b"POST" || !Recipient::of(head).html,
    };
    if is_own && !head.is_prefetch {
        Wish::Own
    } else {
        Wish::Doubtful
    }
}

impl SignOutRequest {
    /// Finishes the sign-out after the provider has been told that the refresh token is not needed any more (RFC 7009).
    pub(crate) fn revoke_and_finish(
        mut self,
        party: &RelyingParty,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Step {
        let (token, provider) = (self.refresh_token.take(), self.provider);
        let reply = self.finish(party, Some(metadata));
        match provider {
            Some(provider) => party.revoking(token.as_ref(), provider, metadata, reply, host),
            None => Step::Reply(reply),
        }
    }

    /// Deletes the session, and sends the browser on.
    pub(crate) fn finish(
        self,
        party: &RelyingParty,
        metadata: Option<&ProviderMetadata>,
    ) -> LocalReply {
        let end_session = metadata.and_then(|it| it.end_session_endpoint.as_ref());
        let location = match (end_session, self.provider) {
            (Some(endpoint), Some(provider)) => self.end_session_url(party, provider, endpoint),
            _ => self.landing(party),
        };
        LocalReply::redirect(303, location, Outcome::SignedOut)
            .with_cookies(party.deleted_hints())
            .with_cookies(self.cookies)
            .about(self.session)
    }

    /// RP-Initiated Logout §2. `client_id` says who asks where there is no hint, or one that has expired.
    fn end_session_url(
        &self,
        party: &RelyingParty,
        provider: ProviderId,
        endpoint: &EndpointUrl,
    ) -> String {
        let client_id = &party.providers.get(provider).provider().client_id;
        let mut query = Serializer::new(String::new());
        let hint = self.id_token.as_ref().map(Secret::expose);
        if let Some(token) = hint.and_then(|token| core::str::from_utf8(token).ok()) {
            query.append_pair("id_token_hint", token);
        }
        query
            .append_pair("client_id", client_id.as_str())
            .append_pair("post_logout_redirect_uri", &self.landing(party));
        sign_in::with_query(endpoint.as_str(), &query.finish())
    }

    /// Where the browser ends up. The redirect URI serves for that too, because it is registered at the provider already;
    /// Microsoft Entra ID accepts no other (docs/decisions/006-post-logout-redirect.md).
    fn landing(&self, party: &RelyingParty) -> String {
        match &party.config.sign_out.return_to {
            None => match self
                .provider
                .or_else(|| party.providers.serving(&self.host).next())
            {
                Some(provider) => party.redirect_uri(&self.host, provider),
                None => [&party.origin(&self.host), "/"].concat(),
            },
            Some(ReturnTo::Path(path)) => [&party.origin(&self.host), path.as_str()].concat(),
            Some(ReturnTo::Url(url)) => url.as_str().to_owned(),
        }
    }
}
