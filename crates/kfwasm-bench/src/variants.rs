//! What is measured.

mod baseline;
mod envoy_oauth2;
mod jwt_authn;
mod kfwasm;
mod oauth2_proxy;
mod redis;
mod request;
mod stage;
mod token_issuer;

use std::collections::VecDeque;

use anyhow::{Context, Result};

use crate::args::RunArgs;
use crate::report::Absent;
use crate::rounds::progress;
use crate::subject::Subject;

pub(crate) use baseline::empty_filter;
pub(crate) use kfwasm::SignedIn;
pub(crate) use request::{request, request_with};
pub(crate) use stage::Stage;

/// Variants that run, and those that cannot.
#[derive(Default)]
pub(crate) struct Variants {
    pub(crate) subjects: Vec<Subject>,
    pub(crate) absent: Vec<Absent>,
}

/// A variant: its name in the results, its title for people, and how it is started.
struct Variant {
    name: &'static str,
    title: &'static str,
    start: fn((&'static str, &str), &Stage) -> Result<Subject>,
}

const ALL: [Variant; 15] = [
    Variant {
        name: "none",
        title: "no filter",
        start: baseline::none,
    },
    Variant {
        name: "none-groups-200",
        title: "no filter, the cookie of a user in 200 groups",
        start: kfwasm::none_groups_200,
    },
    Variant {
        name: "empty",
        title: "empty filter, as the SDK makes it",
        start: baseline::empty,
    },
    Variant {
        name: "seen",
        title: "kfwasm, cookie seen before",
        start: kfwasm::seen,
    },
    Variant {
        name: "alone",
        title: "the same without the backstop's filters",
        start: kfwasm::alone,
    },
    Variant {
        name: "new",
        title: "kfwasm, always a new cookie",
        start: kfwasm::new,
    },
    Variant {
        name: "groups-20",
        title: "kfwasm, user in 20 groups",
        start: kfwasm::groups_20,
    },
    Variant {
        name: "groups-200",
        title: "kfwasm, user in 200 groups",
        start: kfwasm::groups_200,
    },
    Variant {
        name: "bearer",
        title: "kfwasm, bearer token seen before",
        start: kfwasm::bearer,
    },
    Variant {
        name: "oauth2",
        title: "Envoy's oauth2",
        start: envoy_oauth2::alone,
    },
    Variant {
        name: "oauth2-jwt",
        title: "Envoy's oauth2 + jwt_authn",
        start: envoy_oauth2::with_jwt_authn,
    },
    Variant {
        name: "oauth2-proxy",
        title: "ext_authz to oauth2-proxy",
        start: oauth2_proxy::alone,
    },
    Variant {
        name: "kubeflow",
        title: "the same + jwt_authn: Kubeflow today",
        start: oauth2_proxy::with_jwt_authn,
    },
    Variant {
        name: "oauth2-proxy-redis",
        title: "ext_authz to oauth2-proxy with Redis",
        start: oauth2_proxy::redis_alone,
    },
    Variant {
        name: "kubeflow-redis",
        title: "the same + jwt_authn",
        start: oauth2_proxy::redis_with_jwt_authn,
    },
];

/// Starts every variant that is wanted.
pub(crate) fn start(stage: &Stage, args: &RunArgs) -> Result<Variants> {
    let wanted: VecDeque<_> = ALL.iter().filter(|it| args.wants(it.name)).collect();
    let mut variants = Variants::default();
    for (index, variant) in wanted.iter().enumerate() {
        progress("starting", variant.name, index, wanted.len());
        if let Some(reason) = variant.is_missing() {
            variants.absent.push(Absent {
                title: variant.title.to_owned(),
                reason,
            });
            continue;
        }
        let subject = (variant.start)((variant.name, variant.title), stage)
            .with_context(|| format!("cannot start {}", variant.name))?;
        variants.subjects.push(subject);
    }
    Ok(variants)
}

/// The names of the variants that are wanted; no filter is always one.
pub(crate) fn wanted(only: &[String]) -> Vec<&'static str> {
    let names = ALL.iter().map(|it| it.name);
    let wants = |name: &str| {
        name == "none" || only.is_empty() || only.iter().any(|part| name.contains(part.as_str()))
    };
    names.filter(|name| wants(name)).collect()
}

/// Starts the variant of this name, unless it cannot run here.
pub(crate) fn start_one(name: &str, stage: &Stage) -> Result<Option<Subject>> {
    let found = ALL
        .iter()
        .find(|it| it.name == name && it.is_missing().is_none());
    let start = |it: &Variant| {
        (it.start)((it.name, it.title), stage).with_context(|| format!("cannot start {name}"))
    };
    found.map(start).transpose()
}

impl Variant {
    /// Why it cannot be measured here.
    fn is_missing(&self) -> Option<String> {
        let needs_peer = self.name.starts_with("oauth2-proxy") || self.name.starts_with("kubeflow");
        if needs_peer && stage::part(oauth2_proxy::PROGRAM).is_err() {
            return Some("oauth2-proxy could not be built (it needs Go)".to_owned());
        }
        let needs_redis = self.name.ends_with("-redis");
        (needs_redis && !redis::is_there()).then(|| "there is no redis-server".to_owned())
    }
}
