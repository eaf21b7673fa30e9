use serde_json::{Map, Value};

use super::Reason;
use crate::object::Object;

/// Where Istio's kinds say which pods they are for.
const SELECTORS: [&str; 3] = [
    "/spec/selector/matchLabels",
    "/spec/workloadSelector/labels",
    "/spec/workloadLabels",
];
const TARGETS: [&str; 2] = ["/spec/targetRefs", "/spec/targetRef"];

/// Which workloads an object is for.
pub(super) enum Bounds<'a> {
    Every,
    /// What `targetRefs` name, which is not looked up.
    Targets,
    Labelled(&'a Map<String, Value>),
}

pub(super) fn of(object: &Object) -> Bounds<'_> {
    if TARGETS.iter().any(|place| object.get(place).is_some()) {
        return Bounds::Targets;
    }
    let selector = SELECTORS
        .iter()
        .find_map(|place| object.get(place)?.as_object());
    match selector {
        Some(labels) if !labels.is_empty() => Bounds::Labelled(labels),
        _ => Bounds::Every,
    }
}

impl Bounds<'_> {
    /// Whether pods with these labels may be among them.
    pub(super) fn may_include(&self, labels: &Map<String, Value>) -> bool {
        match self {
            Self::Every | Self::Targets => true,
            Self::Labelled(wanted) => wanted
                .iter()
                .all(|(name, value)| labels.get(name) == Some(value)),
        }
    }

    /// Why others may be among them too.
    pub(super) fn reason(&self) -> Option<Reason> {
        match self {
            Self::Every => Some(Reason::EveryWorkload),
            Self::Targets => Some(Reason::Targets),
            Self::Labelled(_) => None,
        }
    }
}
