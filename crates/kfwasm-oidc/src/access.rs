//! Who may go where.

use std::rc::Rc;

use kfwasm_config::{AccessRule, MemberName};

use crate::local_reply::LocalReply;
use crate::normalized_path::NormalizedPath;
use crate::outcome::Outcome;
use crate::page::{Action, Page};
use crate::recipient::Recipient;
use crate::refusal::Disposition;
use crate::relying_party::RelyingParty;
use crate::replies::problem;
use crate::session::OpenSession;

/// The access rules that somebody meets, a bit for each: asked once per session and worker, since it does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MetRules(u64);

impl MetRules {
    /// The rules that let in a user with these groups, separated by commas.
    pub(crate) fn of(user: &str, groups: &[u8], rules: &[AccessRule]) -> Self {
        let met = rules.iter().map(|rule| admits(rule, user, groups));
        Self(met.rev().fold(0, |bits, met| bits << 1 | u64::from(met)))
    }

    /// Whether each rule that covers the path is met. A path with several readings is covered by all.
    fn open(self, path: Option<&NormalizedPath<'_>>, rules: &[AccessRule]) -> bool {
        let path = path.map(NormalizedPath::as_str);
        let mut bits = self.0;
        rules.iter().all(|rule| {
            let met = bits & 1 == 1;
            bits >>= 1;
            met || !rule.covers(path)
        })
    }
}

fn admits(rule: &AccessRule, user: &str, groups: &[u8]) -> bool {
    rule.users.iter().any(|it| it.as_str() == user)
        || domain(user).is_some_and(|domain| {
            let is_it = |it: &MemberName| it.as_str().eq_ignore_ascii_case(domain);
            rule.domains.iter().any(is_it)
        })
        || groups
            .split(|byte| *byte == b',')
            .any(|group| rule.groups.iter().any(|it| it.as_str().as_bytes() == group))
}

/// What stands behind the last `@` of an address (RFC 5322 §3.4.1: a quoted local part may have more).
///
/// A name with a `:` is none: that is how bearer issuers keep their names apart from those of people (`ci:alice@example.com`).
fn domain(user: &str) -> Option<&str> {
    let (local, domain) = user.rsplit_once('@')?;
    (!local.contains(':')).then_some(domain)
}

impl RelyingParty {
    /// Whether the session's user may go to the path.
    pub(crate) fn admits(&self, open: &OpenSession, path: Option<&NormalizedPath<'_>>) -> bool {
        open.met_rules.open(path, &self.config.access)
    }

    /// Tells somebody who has signed in that this is not for them.
    pub(crate) fn forbid(&self, open: &Rc<OpenSession>, recipient: &Recipient) -> LocalReply {
        let user = &open.session.user;
        let disposition = Disposition {
            status: 403,
            outcome: Outcome::Forbidden,
            title: "This is not open to you",
            message: "Your account may not use this. Ask your administrator, or use another account.",
            retry_after: None,
        };
        let reply = if recipient.html {
            self.forbidden_page(user, &disposition, recipient)
        } else {
            problem(&disposition, recipient)
        };
        reply
            .about(Some(Rc::clone(open)))
            .reporting("no access rule that covers the path lets them in".to_owned())
    }

    fn forbidden_page(
        &self,
        user: &str,
        disposition: &Disposition,
        recipient: &Recipient,
    ) -> LocalReply {
        let detail = ["You are signed in as ", user, "."].concat();
        let way_out = self.config.sign_out.paths.first();
        let page = Page {
            detail: &detail,
            request_id: &recipient.request_id,
            action: way_out.map_or(Action::None, |path| Action::Link {
                label: "Use another account",
                href: path.as_str(),
            }),
            ..Page::new(disposition.title, disposition.message)
        };
        self.page(disposition.status, disposition.outcome, &page)
    }
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn the_domain_is_what_stands_behind_the_last_at_sign() {
        assert_eq!(domain("alice@example.com"), Some("example.com"));
        assert_eq!(
            domain("\"a@example.com\"@evil.example"),
            Some("evil.example")
        );
        assert_eq!(domain("alice"), None);
        assert_eq!(domain("ci:alice@example.com"), None);
    }
}
