//! Asking the person whether a program may act for them.
//!
//! Scripts of notebooks run in the gateway's own origin, with their visitors' sessions. So the page is shown to a whole
//! window alone, and in a sandbox (CSP Level 3 §6.3.2): no script can read it, and without reading it nobody can make up the
//! answer, which is sealed. A sandboxed page's form carries no cookie, and needs none. It is posted, so that nobody finds it in
//! an access log.

use serde::{Deserialize, Serialize};

use super::authorization_request::{AuthorizationRequest, RequestFault};
use super::code::Code;
use crate::client_fault::ClientFault;
use crate::host::Host;
use crate::key_ring::Purpose;
use crate::local_reply::LocalReply;
use crate::outcome::Outcome;
use crate::page::{Action, Page};
use crate::posted_form::{FormFault, PostedForm};
use crate::recipient::Recipient;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::session::OpenSession;
use crate::step::Step;
use crate::time::UnixTime;

/// What the person is asked, sealed into the form of the page.
#[derive(Serialize, Deserialize)]
struct Question {
    request: AuthorizationRequest,
    /// The session of whoever sees the page.
    session: Vec<u8>,
    /// Until when it may be answered.
    ends_at: UnixTime,
}

/// How long the person may think about it, in seconds.
const PATIENCE: u64 = 600;

/// What the buttons of the page say (`templates/page.html`).
const ALLOW: &str = "allow";
const DENY: &str = "deny";

impl RelyingParty {
    /// The authorization endpoint for programs (RFC 6749 §3.1).
    pub(crate) fn program_authorization(
        &mut self,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &mut Host<'_>,
    ) -> Step {
        if !is_window(head) {
            let refusal = ClientFault::NotAWindow.into();
            return Step::Reply(self.refuse(&refusal, &Recipient::of(head)));
        }
        let answered = match head.method {
            b"GET" => self.ask_person(head, public_host, host),
            b"POST" => self.take_answer(head, public_host, host).map(Step::Reply),
            _ => Err(ClientFault::Method.into()),
        };
        answered.unwrap_or_else(|refusal| Step::Reply(self.refuse(&refusal, &Recipient::of(head))))
    }

    fn ask_person(
        &mut self,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &mut Host<'_>,
    ) -> Result<Step, Refusal> {
        let origin = self.origin(public_host);
        let request = match AuthorizationRequest::parse(head.query(), &origin) {
            Ok(request) => request,
            Err(RequestFault::ForPerson(what)) => return Err(ClientFault::Malformed(what).into()),
            Err(RequestFault::ForProgram(location)) => {
                return Ok(Step::Reply(to_program(location, Outcome::ProgramRefused)));
            }
        };
        // A program lets no other one in: what is revoked with a session is what was made of it, and nothing beyond.
        let open = self.session_of(head, host);
        let Some(open) = open.filter(|it| it.session.parent.is_none()) else {
            return Ok(self.start_sign_in(head, host));
        };
        let question = Question {
            request,
            session: self.packed(&open.session, host)?,
            ends_at: host.now.plus(PATIENCE),
        };
        let sealed = self.sealed(Purpose::ProgramQuestion, public_host, &question, host)?;
        let page = self.question_page(&open, &question.request, &sealed, public_host);
        Ok(Step::Reply(page))
    }

    fn question_page(
        &self,
        open: &OpenSession,
        request: &AuthorizationRequest,
        sealed: &str,
        public_host: &str,
    ) -> LocalReply {
        let by_hand = request.redirect_uri.is_out_of_band();
        let page = Page {
            detail: &["You are signed in as ", &open.session.user, "."].concat(),
            action: Action::Question {
                path: self.config.programs.authorize_path.as_str(),
                hidden: sealed,
            },
            ..Page::new(
                "Let a program act for you?",
                if by_hand { ASKS_BY_HAND } else { ASKS },
            )
        };
        let target = request.redirect_uri.source();
        self.sandboxed(Outcome::ProgramAsked, &page, public_host, target)
    }

    /// A page that no script of this origin can read, whose forms lead to this host and to `target`.
    fn sandboxed(
        &self,
        outcome: Outcome,
        page: &Page<'_>,
        public_host: &str,
        target: &str,
    ) -> LocalReply {
        let own = self.origin(public_host);
        let policy = self.look.sandbox_policy(&[&own, target]);
        self.page_with_policy(200, outcome, page, policy)
    }

    fn take_answer(
        &mut self,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &mut Host<'_>,
    ) -> Result<LocalReply, Refusal> {
        let form = PostedForm::of(head).map_err(|fault| match fault {
            FormFault::NotHandedOver => Refusal::Gateway(fault.report()),
            _ => ClientFault::Malformed("an answer that is no form").into(),
        })?;
        let question = form.field("question").unwrap_or_default();
        let question: Option<Question> =
            self.unsealed(Purpose::ProgramQuestion, public_host, question);
        let question = question
            .filter(|it| host.now < it.ends_at)
            .filter(|it| self.unpacked(&it.session, host).is_some())
            .ok_or(ClientFault::UnknownQuestion)?;
        match form.field("answer") {
            Some(ALLOW) => self.allow(question, public_host, host),
            Some(DENY) => Ok(self.deny(&question.request, public_host)),
            _ => Err(ClientFault::Malformed("an answer that is neither yes nor no").into()),
        }
    }

    fn allow(
        &self,
        question: Question,
        public_host: &str,
        host: &mut Host<'_>,
    ) -> Result<LocalReply, Refusal> {
        let code = Code::new(question.request, question.session, host)?;
        let text = self.sealed(Purpose::ProgramCode, public_host, &code, host)?;
        let origin = self.origin(public_host);
        match code.request.answer("code", &text, &origin) {
            Some(location) => Ok(to_program(location, Outcome::ProgramAllowed)),
            None => Ok(self.code_page(&text, public_host)),
        }
    }

    fn code_page(&self, code: &str, public_host: &str) -> LocalReply {
        let page = Page {
            action: Action::Copy { text: code },
            ..Page::new("Copy this code into the program", COPY)
        };
        self.sandboxed(Outcome::ProgramAllowed, &page, public_host, "")
    }

    fn deny(&self, request: &AuthorizationRequest, public_host: &str) -> LocalReply {
        let origin = self.origin(public_host);
        match request.error("access_denied", &origin) {
            Some(location) => to_program(location, Outcome::ProgramRefused),
            None => {
                let page = Page::new("The program got nothing", "You can close this window.");
                self.page(200, Outcome::ProgramRefused, &page)
            }
        }
    }
}

const ASKS: &str = "A program on this computer asks to use Kubeflow as you, until your session ends. Allow it only if you have started it yourself just now.";
const ASKS_BY_HAND: &str = "A program asks to use Kubeflow as you, until your session ends. You would get a code to copy into it. Allow it only if you have started the program yourself just now.";
const COPY: &str = "It serves once, for five minutes. Whoever asks you for it wants to act as you: give it to nobody.";

/// RFC 9700 §4.12: the browser is to ask by GET there.
fn to_program(location: String, outcome: Outcome) -> LocalReply {
    LocalReply::redirect(303, location, outcome)
}

/// Whether a whole window goes here, as the browser itself says (W3C Fetch Metadata §2.1, §2.2): no script can say so, and
/// a browser that says nothing is not believed.
fn is_window(head: &RequestHead<'_>) -> bool {
    head.fetch_mode == Some(b"navigate")
        && head.fetch_dest == Some(b"document")
        && !head.is_prefetch
}
