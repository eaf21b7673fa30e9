//! What the API server refuses, in words.

use std::error::Error;

use kube::core::Status;

use crate::failure::Failure;
use crate::object::ObjectId;

/// A field that somebody else owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(crate) field: String,
    pub(crate) owner: String,
}

/// Why an object was not applied.
#[derive(Debug)]
pub(crate) enum Refused {
    Conflicts(Vec<Conflict>),
    Failed(Failure),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Refused {
    pub(super) fn of(id: &ObjectId, error: kube::Error) -> Self {
        match &error {
            kube::Error::Api(status) if status.code == 409 => {
                let conflicts = conflicts(status);
                if conflicts.is_empty() {
                    Self::Failed(failure("apply", id, error))
                } else {
                    Self::Conflicts(conflicts)
                }
            }
            _ => Self::Failed(failure("apply", id, error)),
        }
    }
}

fn conflicts(status: &Status) -> Vec<Conflict> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    causes
        .filter(|cause| cause.reason == "FieldManagerConflict")
        .map(|cause| Conflict {
            field: cause.field.clone(),
            owner: owner(&cause.message),
        })
        .collect()
}

/// The name in `conflict with "kubectl-edit" using v1`.
fn owner(message: &str) -> String {
    message.split('"').nth(1).unwrap_or(message).to_owned()
}

/// What was to be done to an object, and why it was not.
pub(super) fn failure(verb: &str, id: &ObjectId, error: kube::Error) -> Failure {
    match error {
        kube::Error::Api(status) => refused(verb, id, &status),
        error => Failure::failed(
            format!("cannot {verb} {id}: {}", innermost(&error)),
            "the API server may be restarting: the same command continues where this one stopped",
        ),
    }
}

fn refused(verb: &str, id: &ObjectId, status: &Status) -> Failure {
    let message = format!("cannot {verb} {id}: {}", status.message);
    match status.code {
        401 | 403 if status.message.contains("exceeded quota") => Failure::not_ready(
            message,
            "raise the quota of that namespace, or free some of it",
        ),
        401 => Failure::failed(
            message,
            "sign in to the cluster again, as kubectl asks you to",
        ),
        403 => Failure::failed(
            message,
            "use an account that may do it, or ask its administrator",
        ),
        404 => Failure::not_ready(
            message,
            "create the namespace, or correct it in kfwasm.yaml",
        ),
        422 => Failure::failed(
            message,
            "if Istio is older than kfwasm.yaml says, correct istio there; else correct the object",
        ),
        429 | 500..=599 => Failure::failed(
            message,
            "a webhook or the API server has failed: the same command continues where this one stopped",
        ),
        _ => Failure::failed(
            message,
            "correct the object, then run the same command again",
        ),
    }
}

pub(super) fn unknown_kind(id: &ObjectId) -> Failure {
    let advice = match id
        .api_version
        .split_once('/')
        .map_or("", |(group, _)| group)
    {
        group if group.ends_with("istio.io") => "install Istio 1.14 or newer first",
        "cert-manager.io" => {
            "install cert-manager first, or write certificate.issuer: existing into kfwasm.yaml"
        }
        _ => "install what brings that kind, or remove the object",
    };
    Failure::not_ready(
        format!("the cluster knows no {} of {}", id.kind, id.api_version),
        advice,
    )
}

pub(super) fn not_permitted(missing: &[String]) -> Failure {
    Failure::not_ready(
        format!(
            "your account may not do what is needed; nothing was changed\n  {}",
            missing.join("\n  ")
        ),
        "use an account that may, or ask the cluster's administrator",
    )
}

pub(super) fn nameless(id: &ObjectId) -> Failure {
    Failure::failed(
        format!("{id} came back from the cluster without a name"),
        "",
    )
}

/// What caused an error in the end: the client's own words above it say less.
pub(super) fn innermost(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}
