//! The callback endpoint: where the provider sends the browser back to.

use crate::client_fault::ClientFault;
use crate::cookies::OwnCookie;
use crate::host::Host;
use crate::local_reply::LocalReply;
use crate::outcome::Outcome;
use crate::page::{Action, Page};
use crate::pending::NeedsMetadata;
use crate::providers::ProviderId;
use crate::recipient::Recipient;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::sign_in::{Attempt, AuthorizationResponse, CodeExchange, Returning};
use crate::step::Step;

impl RelyingParty {
    /// `provider` is the one whose callback this is.
    pub(crate) fn callback(
        &mut self,
        provider: Option<ProviderId>,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &mut Host<'_>,
    ) -> Step {
        let recipient = Recipient::of(head);
        if !matches!(head.method, b"GET" | b"HEAD") {
            return Step::Reply(self.refuse(&ClientFault::Method.into(), &recipient));
        }
        match AuthorizationResponse::parse(head.query()) {
            Ok(Some(response)) => self.take_response(response, provider, head, public_host, host),
            Ok(None) => Step::Reply(self.signed_out_page(head, public_host, host)),
            Err(fault) => Step::Reply(self.refuse(&fault.into(), &recipient)),
        }
    }

    fn take_response(
        &mut self,
        response: AuthorizationResponse,
        provider: Option<ProviderId>,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &mut Host<'_>,
    ) -> Step {
        // An attempt that was begun on another host belongs there.
        let returning = self
            .returning(&response, head)
            .filter(|it| it.attempt.host == public_host);
        let Some(returning) = returning else {
            return self.unknown_attempt(head, public_host, host);
        };
        if Some(returning.provider) != provider {
            return self.refuse_returning(&ClientFault::OtherProvider.into(), &returning);
        }
        if returning.attempt.is_over(host.now) {
            return self.refuse_returning(&ClientFault::ExpiredAttempt.into(), &returning);
        }
        match response.result {
            Err(error) => {
                self.refuse_returning(&ClientFault::NotSignedIn(error).into(), &returning)
            }
            Ok(code) => {
                let (from, issuer) = (returning.provider, response.issuer);
                let exchange = CodeExchange {
                    returning,
                    issuer,
                    code,
                };
                NeedsMetadata::CodeExchange(exchange).start(from, self, host)
            }
        }
    }

    /// The attempt that the response's `state` belongs to, when it is this browser's (RFC 6749 §10.12).
    fn returning(
        &self,
        response: &AuthorizationResponse,
        head: &RequestHead<'_>,
    ) -> Option<Returning> {
        let attempt_cookie = Attempt::cookie_name(&response.state, &self.cookie_names);
        let attempt = self
            .cookie_names
            .own(&head.cookies)
            .iter()
            .find_map(|cookie| {
                let OwnCookie::Attempt(name, value) = cookie else {
                    return None;
                };
                (*name == attempt_cookie.as_bytes())
                    .then(|| Attempt::open(&self.keys, &attempt_cookie, value))?
            })?;
        Some(Returning {
            provider: self.providers.named(&attempt.provider)?,
            attempt,
            attempt_cookie,
            recipient: Recipient::of(head),
        })
    }

    /// Somebody who is signed in came back twice, by the back button or a reload: that is no reason for an error.
    fn unknown_attempt(
        &mut self,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &Host<'_>,
    ) -> Step {
        if self.session_of(head, host).is_some() {
            return Step::Reply(self.to_front_page(public_host));
        }
        let refusal = ClientFault::UnknownAttempt.into();
        Step::Reply(self.refuse(&refusal, &Recipient::of(head)))
    }

    fn to_front_page(&self, public_host: &str) -> LocalReply {
        let location = [&self.origin(public_host), "/"].concat();
        LocalReply::redirect(303, location, Outcome::SignInCompleted)
    }

    /// The provider sends the browser here after a sign-out as well.
    fn signed_out_page(
        &mut self,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &Host<'_>,
    ) -> LocalReply {
        if self.session_of(head, host).is_some() {
            return self.to_front_page(public_host);
        }
        let page = Page {
            action: Action::Link {
                label: "Sign in again",
                href: "/",
            },
            ..Page::new("You are signed out", "You can close this window.")
        };
        self.page(200, Outcome::SignedOut, &page)
    }
}
