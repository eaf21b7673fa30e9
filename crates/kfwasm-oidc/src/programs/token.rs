//! The token endpoint for programs (RFC 6749 §3.2): a code becomes a session.

use serde_json::json;

use super::CLIENT_ID;
use super::code::Code;
use super::used_codes::Use;
use crate::host::Host;
use crate::key_ring::Purpose;
use crate::local_reply::LocalReply;
use crate::outcome::Outcome;
use crate::posted_form::{FormFault, PostedForm};
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::session::Session;

/// Why there is no session (RFC 6749 §5.2).
enum TokenFault {
    Request(&'static str),
    Form(FormFault),
    Client,
    GrantType,
    Grant(&'static str),
    Gateway(Refusal),
}

impl From<Refusal> for TokenFault {
    fn from(refusal: Refusal) -> Self {
        Self::Gateway(refusal)
    }
}

impl RelyingParty {
    pub(crate) fn program_token(
        &mut self,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &mut Host<'_>,
    ) -> LocalReply {
        if head.method != b"POST" {
            return refuse(405, "invalid_request", "Only POST is understood here")
                .with_header("allow", "POST".to_owned());
        }
        match self.program_session(head, public_host, host) {
            Ok(session) => self.give(&session, host),
            Err(fault) => fault.into_reply(),
        }
    }

    fn give(&self, session: &Session, host: &mut Host<'_>) -> LocalReply {
        let name = self.cookie_names.session();
        let value = match session.seal(&self.keys, name, host.entropy) {
            Ok(value) => value,
            Err(failure) => return TokenFault::Gateway(failure.into()).into_reply(),
        };
        let body = json!({
            "access_token": value,
            "token_type": "cookie",
            "cookie_name": name,
            "expires_in": session.idle_end.seconds_since(host.now),
            "user": session.user,
        });
        reply(200, Outcome::ProgramSignedIn, &body.to_string())
    }

    /// The session that the program's code stands for: a new one, which can be revoked alone, and is revoked with the person's
    /// own, at whose end it ends at the latest.
    fn program_session(
        &mut self,
        head: &RequestHead<'_>,
        public_host: &str,
        host: &mut Host<'_>,
    ) -> Result<Session, TokenFault> {
        let form = PostedForm::of(head).map_err(TokenFault::Form)?;
        check_client(&form)?;
        let code = self.code(&form, public_host, host)?;
        let session = self
            .unpacked(&code.session, host)
            .ok_or(TokenFault::Grant("The session has ended"))?;
        match self.used_codes.note(&code, host) {
            Use::First => Ok(self.session_for_program(&session, &code, host)),
            Use::Again => Err(TokenFault::Grant("The code has served already")),
            Use::Unknown => Err(Refusal::Gateway("used codes cannot be remembered").into()),
        }
    }

    fn code(
        &self,
        form: &PostedForm,
        public_host: &str,
        host: &Host<'_>,
    ) -> Result<Code, TokenFault> {
        let text = required(form, "code", "There is no code")?;
        let verifier = required(form, "code_verifier", "There is no code_verifier")?;
        let redirect_uri = required(form, "redirect_uri", "There is no redirect_uri")?;
        let code: Option<Code> = self.unsealed(Purpose::ProgramCode, public_host, text);
        let code = code.ok_or(TokenFault::Grant("The code is not of this gateway"))?;
        if host.now >= code.ends_at {
            return Err(TokenFault::Grant("The code has expired"));
        }
        if code.request.redirect_uri.as_str() != redirect_uri {
            return Err(TokenFault::Grant("The code is for another redirect_uri"));
        }
        if !is_verifier(verifier) || !code.is_proven_by(verifier) {
            return Err(TokenFault::Grant("The code_verifier is another request's"));
        }
        Ok(code)
    }

    fn session_for_program(&self, session: &Session, code: &Code, host: &Host<'_>) -> Session {
        Session {
            id: code.id,
            parent: Some(session.id),
            idle_end: self.lifetime.idle_end(host.now, session.end),
            refresh_at: None,
            ..session.clone()
        }
    }
}

fn check_client(form: &PostedForm) -> Result<(), TokenFault> {
    let grant_type = required(form, "grant_type", "There is no grant_type")?;
    if grant_type != "authorization_code" {
        return Err(TokenFault::GrantType);
    }
    match form.field("client_id") {
        Some(CLIENT_ID) => Ok(()),
        _ => Err(TokenFault::Client),
    }
}

fn required<'a>(
    form: &'a PostedForm,
    name: &str,
    missing: &'static str,
) -> Result<&'a str, TokenFault> {
    let field = form.field(name).filter(|it| !it.is_empty());
    field.ok_or(TokenFault::Request(missing))
}

/// RFC 7636 §4.1.
fn is_verifier(text: &str) -> bool {
    let unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

impl TokenFault {
    fn into_reply(self) -> LocalReply {
        match self {
            Self::Request(what) => refuse(400, "invalid_request", what),
            Self::Form(fault @ FormFault::NotHandedOver) => {
                refuse(501, "server_error", fault.as_str()).reporting(fault.report().to_owned())
            }
            Self::Form(FormFault::TooLong) => {
                refuse(413, "invalid_request", FormFault::TooLong.as_str())
            }
            Self::Form(fault) => refuse(400, "invalid_request", fault.as_str()),
            Self::Client => refuse(400, "invalid_client", "The client_id is not known here"),
            Self::GrantType => refuse(
                400,
                "unsupported_grant_type",
                "Only authorization_code is understood here",
            ),
            Self::Grant(what) => refuse(400, "invalid_grant", what),
            Self::Gateway(refusal) => refuse(503, "server_error", "The gateway cannot go on")
                .with_header("retry-after", "5".to_owned())
                .reporting(refusal.to_string()),
        }
    }
}

fn refuse(status: u16, error: &str, description: &str) -> LocalReply {
    let body = json!({ "error": error, "error_description": description });
    reply(status, Outcome::ProgramRefused, &body.to_string())
}

fn reply(status: u16, outcome: Outcome, body: &str) -> LocalReply {
    LocalReply::new(status, outcome).with_body("application/json", body.as_bytes().to_vec())
}
