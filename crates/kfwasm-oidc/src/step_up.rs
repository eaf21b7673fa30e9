//! Paths that ask for another kind of sign-in, or for a newer one (OAuth 2.0 Step-up Authentication, RFC 9470).

use kfwasm_config::{AcrValue, Config, StepUpRule};

use crate::client_fault::ClientFault;
use crate::host::Host;
use crate::local_reply::LocalReply;
use crate::normalized_path::NormalizedPath;
use crate::outcome::Outcome;
use crate::page::{Action, Page};
use crate::recipient::Recipient;
use crate::refusal::Disposition;
use crate::relying_party::RelyingParty;
use crate::replies::problem;
use crate::request_head::RequestHead;
use crate::request_kind::RequestKind;
use crate::session::Session;
use crate::sign_in::return_to;
use crate::step::Step;
use crate::time::UnixTime;

/// What a path asks of the sign-in of whoever goes there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Requirement<'a> {
    /// The `acr` values (OIDC Core §3.1.2.1) that every rule accepts, in order of preference; empty when any will do.
    pub(crate) acr_values: Vec<&'a str>,
    /// How long ago the user may have proved who they are (`max_age`, OIDC Core §3.1.2.1), in seconds; `None` for however long.
    pub(crate) max_age: Option<u64>,
}

impl<'a> Requirement<'a> {
    /// What the rules that cover the path ask for together. A path with several readings is `None`.
    pub(crate) fn of(path: Option<&NormalizedPath<'_>>, config: &'a Config) -> Self {
        let path = path.map(NormalizedPath::as_str);
        let rules = || config.step_up.iter().filter(|it| it.covers(path));
        let preferred = rules().flat_map(|it| &it.acr_values).map(AcrValue::as_str);
        let mut acr_values: Vec<&str> = Vec::new();
        for value in preferred {
            if !acr_values.contains(&value) && rules().all(|it| accepts(it, Some(value))) {
                acr_values.push(value);
            }
        }
        Self {
            acr_values,
            max_age: rules()
                .filter_map(|it| it.max_age)
                .map(|it| it.as_secs())
                .min(),
        }
    }

    /// What a page that is come back to asks for: path and query.
    pub(crate) fn of_page(page: &str, config: &'a Config) -> Self {
        let path = page.split('?').next().unwrap_or_default();
        Self::of(NormalizedPath::of(path.as_bytes()).as_ref(), config)
    }
}

fn accepts(rule: &StepUpRule, acr: Option<&str>) -> bool {
    rule.acr_values.is_empty() || rule.acr_values.iter().any(|it| acr == Some(it.as_str()))
}

fn is_met(rule: &StepUpRule, session: &Session, now: UnixTime) -> bool {
    let is_recent = |limit: kfwasm_config::Duration| {
        let then = session.auth_time;
        then.is_some_and(|then| now.seconds_since(then) <= limit.as_secs())
    };
    accepts(rule, session.acr.as_deref()) && rule.max_age.is_none_or(is_recent)
}

/// Whether the session's sign-in is enough for the path. One with several readings is covered by all rules.
pub(crate) fn is_enough(
    session: &Session,
    path: Option<&NormalizedPath<'_>>,
    config: &Config,
    now: UnixTime,
) -> bool {
    let path = path.map(NormalizedPath::as_str);
    let mut rules = config.step_up.iter();
    rules.all(|rule| !rule.covers(path) || is_met(rule, session, now))
}

impl RelyingParty {
    /// Asks somebody who has signed in to do so again, in the way that the path asks for.
    pub(crate) fn ask_to_step_up(
        &mut self,
        head: &RequestHead<'_>,
        path: Option<&NormalizedPath<'_>>,
        host: &mut Host<'_>,
    ) -> Step {
        match RequestKind::of(head, path, &self.config.api_paths) {
            RequestKind::Navigation => self.start_sign_in(head, host),
            RequestKind::Frame => Step::Reply(match self.public_host(head) {
                Some(public_host) => self.step_up_frame(head, &public_host),
                None => self.refuse(&ClientFault::UnknownHost.into(), &Recipient::of(head)),
            }),
            RequestKind::Program => {
                let recipient = Recipient::of(head);
                Step::Reply(self.insufficient_authentication(path, &recipient))
            }
        }
    }

    /// The window around the frame need not ask for anything: loading it anew would lead here again. So the person goes to
    /// the framed page itself, and comes back signed in. A path alone could be the name of another host (`//`, RFC 3986 §4.2).
    fn step_up_frame(&self, head: &RequestHead<'_>, public_host: &str) -> LocalReply {
        let href = [self.origin(public_host), return_to(head.path)].concat();
        let page = Page {
            action: Action::LinkTop {
                label: "Sign in again",
                href: &href,
            },
            ..Page::new(
                "This needs another sign-in",
                "You are signed in, but this page asks for a newer or a stronger sign-in.",
            )
        };
        self.page(401, Outcome::FrameUnauthorized, &page)
    }

    /// RFC 9470 §3: what is wrong with the sign-in behind the request, and what would do.
    pub(crate) fn insufficient_authentication(
        &self,
        path: Option<&NormalizedPath<'_>>,
        recipient: &Recipient,
    ) -> LocalReply {
        let disposition = Disposition {
            status: 401,
            outcome: Outcome::StepUpNeeded,
            title: "Another sign-in is needed",
            message: "The sign-in behind this request is too old, or not of the kind that is asked for here.",
            retry_after: None,
        };
        let requirement = Requirement::of(path, &self.config);
        problem(&disposition, recipient).with_header("www-authenticate", challenge(&requirement))
    }
}

fn challenge(requirement: &Requirement<'_>) -> String {
    let mut text = String::from(
        "Bearer realm=\"kfwasm\", error=\"insufficient_user_authentication\", error_description=\"A different or newer authentication is required\"",
    );
    if !requirement.acr_values.is_empty() {
        let values = requirement.acr_values.join(" ");
        text = [&text, ", acr_values=\"", &values, "\""].concat();
    }
    if let Some(seconds) = requirement.max_age {
        text = [&text, ", max_age=\"", &seconds.to_string(), "\""].concat();
    }
    text
}
