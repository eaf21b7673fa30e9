//! What else decides about a gateway's requests: what a predecessor has left there, and what others have put there.
//!
//! The doctor names it, and changing over removes what is a predecessor's. Both look with the same eyes.

mod bounds;
mod mesh;
mod part;

use std::fmt;

use kfwasm_config::Identity;
use serde_json::{Map, Value};

use crate::install::is_ours;
use crate::object::Object;
pub(crate) use mesh::authorizers;
use part::Share;

/// What services of predecessors are called.
const SERVICES: [&str; 2] = ["oauth2-proxy", "authservice"];
const KUBEFLOWS_HEADERS: [&str; 2] = ["kubeflow-userid", "kubeflow-groups"];

/// The gateway that is asked about.
pub(crate) struct Place {
    /// The labels of its pods.
    pub(crate) labels: Map<String, Value>,
    /// Those of Istio's external authorizers that are predecessors, by [`authorizers`].
    pub(crate) authorizers: Vec<String>,
    /// The headers that only the filter may set, in lower case.
    pub(crate) headers: Vec<String>,
}

/// How an object decides, in the order in which it has to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// It asks another service, before the filter.
    Asks,
    /// It makes our identity headers of a token's claims, and removes them from requests without one.
    OwnsHeaders,
    /// It denies requests without a token.
    DemandsToken,
}

/// An object that decides about the gateway's requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decider {
    pub(crate) role: Role,
    pub(crate) owner: Owner,
}

/// Whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A predecessor's, and for nothing but this gateway.
    Predecessor,
    /// A predecessor's, and something else rests on it too.
    Shared(Reason),
    /// Somebody else's.
    Others,
}

/// What else rests on an object of a predecessor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It selects by no label.
    EveryWorkload,
    /// It is bound by `targetRefs`, which may name more than the gateway.
    Targets,
    /// Some of its rules, or of its patches, are about something else.
    OtherRules,
}

impl Place {
    /// The gateway with these pods, in the mesh with this ConfigMap `istio`. Without a configuration, the filter's headers
    /// are Kubeflow's.
    pub(crate) fn of(
        deployment: Option<&Value>,
        mesh: Option<&Value>,
        identity: Option<&Identity>,
    ) -> Self {
        let labels = deployment.and_then(|it| it.pointer("/spec/template/metadata/labels"));
        let labels = labels.and_then(Value::as_object).cloned();
        let kubeflows = || KUBEFLOWS_HEADERS.map(str::to_owned).to_vec();
        Self {
            labels: labels.unwrap_or_default(),
            authorizers: mesh.map(authorizers).unwrap_or_default(),
            headers: identity.map_or_else(kubeflows, headers),
        }
    }

    /// How an object decides about this gateway's requests; nothing, when it does not.
    pub(crate) fn decider(&self, object: &Object) -> Option<Decider> {
        if is_ours(object) {
            return None;
        }
        let bounds = bounds::of(object);
        if !bounds.may_include(&self.labels) {
            return None;
        }
        let (role, share) = self.part(object)?;
        let owner = match (share, bounds.reason()) {
            (Share::None, _) => Owner::Others,
            (_, Some(reason)) => Owner::Shared(reason),
            (Share::Some, None) => Owner::Shared(Reason::OtherRules),
            (Share::All, None) => Owner::Predecessor,
        };
        Some(Decider { role, owner })
    }
}

/// In lower case.
fn headers(identity: &Identity) -> Vec<String> {
    let claims = identity.claim_headers.iter().map(|it| &it.header);
    let names = [&identity.header, &identity.groups_header].into_iter();
    let names = names.chain(claims);
    names.map(|it| it.as_str().to_ascii_lowercase()).collect()
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EveryWorkload => "it has no selector, and so is for other workloads too",
            Self::Targets => "it has targetRefs, and so may be for more than the gateway",
            Self::OtherRules => "some of its rules are about something else",
        })
    }
}

#[cfg(test)]
mod tests;
