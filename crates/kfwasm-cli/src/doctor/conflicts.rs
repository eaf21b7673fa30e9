use serde_json::Value;

use super::survey::{Seen, items, object, of_kind};
use super::{Finding, Survey};
use crate::decider::{Decider, Owner, Place, Role};

/// An external authorizer runs before the filter, so that one that is left over still decides.
pub(super) fn external_authorization(survey: &Survey) -> Finding {
    Question {
        rule: "external authorization",
        kind: "AuthorizationPolicy",
        role: Role::Asks,
        does: "asks another service before the filter",
        good: "no policy asks another service",
    }
    .put(survey, &survey.policies)
}

/// What oidc-authservice left behind.
pub(super) fn authservice(survey: &Survey) -> Finding {
    Question {
        rule: "other filters",
        kind: "EnvoyFilter",
        role: Role::Asks,
        does: "asks another service before the filter",
        good: "no EnvoyFilter asks another service",
    }
    .put(survey, &survey.envoy_filters)
}

/// A RequestAuthentication that makes the identity headers of claims takes away ours.
pub(super) fn identity_headers(survey: &Survey) -> Finding {
    Question {
        rule: "identity headers",
        kind: "RequestAuthentication",
        role: Role::OwnsHeaders,
        does: "removes the filter's identity headers from requests without its token",
        good: "nothing but the filter sets them",
    }
    .put(survey, &survey.authentications)
}

/// A policy that demands somebody's token denies who has a session.
pub(super) fn demanded_token(survey: &Survey) -> Finding {
    Question {
        rule: "demanded token",
        kind: "AuthorizationPolicy",
        role: Role::DemandsToken,
        does: "denies requests without a token",
        good: "no policy demands a token",
    }
    .put(survey, &survey.policies)
}

/// What is asked of each object of a list.
struct Question {
    rule: &'static str,
    kind: &'static str,
    role: Role,
    /// What such an object does.
    does: &'static str,
    good: &'static str,
}

impl Question {
    fn put(self, survey: &Survey, list: &Seen) -> Finding {
        if let Err(reason) = list {
            let advice = format!("ask for the right to list kind {}", self.kind);
            return Finding::unchecked(self.rule, reason, &advice);
        }
        let config = survey.config().and_then(Result::ok);
        let identity = config.as_ref().map(|config| &config.identity);
        let place = Place::of(object(&survey.deployment), object(&survey.mesh), identity);
        let deciders = items(list).filter_map(|item| self.decider(item, &place));
        match deciders.min_by_key(|(decider, _)| gravity(decider.owner)) {
            Some((decider, name)) => self.found(decider.owner, &name),
            None => Finding::good(self.rule, self.good),
        }
    }

    fn decider(&self, item: &Value, place: &Place) -> Option<(Decider, String)> {
        let object = of_kind(self.kind, item)?;
        let decider = place.decider(&object).filter(|it| it.role == self.role)?;
        Some((decider, object.id().to_string()))
    }

    fn found(&self, owner: Owner, name: &str) -> Finding {
        let what = format!("{name} {}", self.does);
        match owner {
            Owner::Predecessor => Finding::wrong(
                self.rule,
                what,
                "`kfwasm migrate --cut-over` removes it, and can put it back",
            ),
            Owner::Shared(reason) => Finding::wrong(
                self.rule,
                format!("{what}; {reason}"),
                "take the gateway out of it by hand: it is not kfwasm's to remove",
            ),
            Owner::Others => Finding::doubtful(
                self.rule,
                what,
                "if it decides about sign-in, remove it; if it decides about something else, it may stay",
            ),
        }
    }
}

/// The worst is told first.
fn gravity(owner: Owner) -> u8 {
    match owner {
        Owner::Predecessor => 0,
        Owner::Shared(_) => 1,
        Owner::Others => 2,
    }
}
