//! Answers to requests that do not go upstream.

use serde_json::json;

use crate::host::Host;
use crate::id_token::IdTokenFault;
use crate::local_reply::LocalReply;
use crate::outcome::Outcome;
use crate::page::{Action, Page};
use crate::provider::ProviderMetadata;
use crate::recipient::Recipient;
use crate::refusal::{Disposition, Refusal};
use crate::relying_party::RelyingParty;
use crate::sign_in::{Returning, SignInRequest};
use crate::step::Step;

impl RelyingParty {
    pub(crate) fn page(&self, status: u16, outcome: Outcome, page: &Page<'_>) -> LocalReply {
        let policy = self.look.content_security_policy.clone();
        self.page_with_policy(status, outcome, page, policy)
    }

    /// A page with a `content-security-policy` of its own.
    pub(crate) fn page_with_policy(
        &self,
        status: u16,
        outcome: Outcome,
        page: &Page<'_>,
        policy: String,
    ) -> LocalReply {
        LocalReply::new(status, outcome)
            .with_header("content-security-policy", policy)
            .with_body("text/html; charset=utf-8", page.html(&self.look))
    }

    /// Tells the client what is wrong, in the form that it understands, and the operator why.
    pub(crate) fn refuse(&self, refusal: &Refusal, recipient: &Recipient) -> LocalReply {
        let disposition = refusal.disposition();
        let reply = if recipient.html {
            self.refusal_page(&disposition, &refusal.detail(), recipient)
        } else {
            problem(&disposition, recipient)
        };
        let reply = match disposition.retry_after {
            Some(seconds) => reply.with_header("retry-after", seconds.to_string()),
            None => reply,
        };
        reply.reporting(refusal.to_string())
    }

    fn refusal_page(
        &self,
        disposition: &Disposition,
        detail: &str,
        recipient: &Recipient,
    ) -> LocalReply {
        let page = Page {
            detail,
            request_id: &recipient.request_id,
            action: Action::Link {
                label: "Try again",
                href: "/",
            },
            ..Page::new(disposition.title, disposition.message)
        };
        self.page(disposition.status, disposition.outcome, &page)
    }

    /// Tells somebody who came back from the provider what is wrong, and the operator why. Their attempt is over: its cookie is
    /// deleted.
    pub(crate) fn refuse_returning(&self, refusal: &Refusal, returning: &Returning) -> Step {
        let deleted = self.set_cookie.delete(&returning.attempt_cookie, "/");
        let reply = self.refuse(refusal, &returning.recipient);
        Step::Reply(reply.with_cookies(vec![deleted]))
    }

    pub(crate) fn begin_sign_in(
        &self,
        request: &SignInRequest,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Step {
        let reply = self.send_to_provider(request, metadata, host);
        Step::Reply(reply.unwrap_or_else(|refusal| self.refuse(&refusal, &request.recipient)))
    }

    /// What a program gets: RFC 6750 §3 for the challenge, RFC 9457 for the body.
    pub(crate) fn unauthorized(&self, recipient: &Recipient) -> LocalReply {
        let disposition = Disposition {
            status: 401,
            outcome: Outcome::Unauthorized,
            title: "Sign-in needed",
            message: "There is no valid session. Open the address in a browser to sign in.",
            retry_after: None,
        };
        problem(&disposition, recipient)
            .with_header("www-authenticate", "Bearer realm=\"kfwasm\"".to_owned())
    }

    /// What a program gets whose bearer token is not accepted. RFC 6750 §3.1: what is wrong with the token, and no way to
    /// sign in.
    pub(crate) fn refuse_bearer(&self, refusal: &Refusal, recipient: &Recipient) -> LocalReply {
        let reply = self.refuse(refusal, recipient);
        let description = match refusal {
            Refusal::Bearer(IdTokenFault::Expired(_)) => "The token has expired",
            Refusal::Bearer(_) | Refusal::RevokedBearer => "The token is not valid here",
            _ => return reply,
        };
        let parts = [
            "Bearer realm=\"kfwasm\", error=\"invalid_token\", error_description=\"",
            description,
            "\"",
        ];
        reply.with_header("www-authenticate", parts.concat())
    }

    pub(crate) fn frame_reply(&self) -> LocalReply {
        self.page(401, Outcome::FrameUnauthorized, &Page::frame())
    }
}

/// A problem details object (RFC 9457 §3).
pub(crate) fn problem(disposition: &Disposition, recipient: &Recipient) -> LocalReply {
    let body = json!({
        "title": disposition.title,
        "status": disposition.status,
        "detail": disposition.message,
        "requestId": recipient.request_id,
    });
    LocalReply::new(disposition.status, disposition.outcome)
        .with_body("application/problem+json", body.to_string().into_bytes())
}
