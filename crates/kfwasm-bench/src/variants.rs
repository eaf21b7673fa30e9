//! What is measured.

mod baseline;
mod kfwasm;
mod oauth2_proxy;
mod request;
mod stage;

use std::collections::VecDeque;

use anyhow::{Context, Result};

use crate::args::RunArgs;
use crate::report::Absent;
use crate::rounds::progress;
use crate::subject::Subject;

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

const ALL: [Variant; 9] = [
    Variant {
        name: "none",
        title: "no filter",
        start: baseline::none,
    },
    Variant {
        name: "empty",
        title: "empty filter, as the SDK makes it",
        start: baseline::empty,
    },
    Variant {
        name: "empty-narrowed",
        title: "empty filter, narrowed as kfwasm is",
        start: baseline::empty_narrowed,
    },
    Variant {
        name: "seen",
        title: "kfwasm, cookie seen before",
        start: kfwasm::seen,
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
        name: "oauth2-proxy",
        title: "ext_authz to oauth2-proxy",
        start: oauth2_proxy::alone,
    },
    Variant {
        name: "kubeflow",
        title: "the same + jwt_authn: Kubeflow today",
        start: oauth2_proxy::with_jwt_authn,
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

impl Variant {
    /// Why it cannot be measured here.
    fn is_missing(&self) -> Option<String> {
        let needs_peer = matches!(self.name, "oauth2-proxy" | "kubeflow");
        let there = stage::part(oauth2_proxy::PROGRAM).is_ok();
        (needs_peer && !there).then(|| "oauth2-proxy could not be built (it needs Go)".to_owned())
    }
}
