use kfwasm_rig::RigError;
use serde_json::{Map, Value};

use super::patient::Patient;

/// One thing that is broken, and what the doctor is to say of it.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) rule: &'static str,
    pub(super) mark: &'static str,
    pub(super) steps: Vec<Step>,
}

/// What is done to break it.
#[derive(Debug)]
pub(super) enum Step {
    /// Fields of the object at a path get other values; with what brings the old ones back.
    Change {
        path: String,
        patch: Value,
        back: Value,
    },
    /// There is an object that should not be there.
    Create(Value),
    /// There is no object where one should be.
    Delete(Value),
    /// The first pod runs without the filter.
    LoseFilter,
}

impl Fault {
    pub(super) fn told(&self) -> (String, String) {
        (self.rule.to_owned(), self.mark.to_owned())
    }

    pub(super) fn plant(&self, patient: &Patient) -> Result<(), RigError> {
        let api = patient.cluster.api();
        for step in &self.steps {
            match step {
                Step::Change { path, patch, .. } => api.merge(path, patch).map(|_| ())?,
                Step::Create(object) => api.apply(object).map(|_| ())?,
                Step::Delete(object) => api.delete(&api.path_of(object)?).map(|_| ())?,
                Step::LoseFilter => patient.first_pod_has_filter(false),
            }
        }
        Ok(())
    }

    pub(super) fn mend(&self, patient: &Patient) -> Result<(), RigError> {
        let api = patient.cluster.api();
        for step in self.steps.iter().rev() {
            match step {
                Step::Change { path, back, .. } => api.merge(path, back).map(|_| ())?,
                Step::Create(object) => api.delete(&api.path_of(object)?).map(|_| ())?,
                Step::Delete(object) => api.apply(object).map(|_| ())?,
                Step::LoseFilter => patient.first_pod_has_filter(true),
            }
        }
        Ok(())
    }
}

/// A change of the object at that path, with the way back.
pub(super) fn change(patient: &Patient, path: &str, patch: Value) -> Result<Step, RigError> {
    let before = patient
        .cluster
        .api()
        .get(path.trim_end_matches("/status"))?;
    let back = inverse(&before, &patch);
    let path = path.to_owned();
    Ok(Step::Change { path, patch, back })
}

/// The merge patch (RFC 7386) that undoes a merge patch.
fn inverse(before: &Value, patch: &Value) -> Value {
    let (Some(patch), Some(before)) = (patch.as_object(), before.as_object()) else {
        return before.clone();
    };
    let undo = |(name, patch): (&String, &Value)| {
        let before = before.get(name).unwrap_or(&Value::Null);
        (name.clone(), inverse(before, patch))
    };
    patch.iter().map(undo).collect::<Map<_, _>>().into()
}
