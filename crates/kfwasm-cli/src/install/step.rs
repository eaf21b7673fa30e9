use super::difference;
use super::gateway_servers::ServersOfOthers;
use crate::cluster::{Conflict, MANAGER};
use crate::object::Object;

/// One object, and what becomes of it.
pub(crate) struct Step {
    /// What we apply, or had applied.
    pub(crate) ours: Object,
    pub(crate) before: Option<Object>,
    pub(crate) change: Change,
}

/// What becomes of an object.
pub(crate) enum Change {
    /// Applying it comes to this, as the server says.
    Create(Object),
    /// The same, of an object that is there.
    Alter(Object),
    Nothing,
    /// Others own fields that it would change.
    Conflict(Vec<Conflict>),
    /// We have made it, and make it no longer.
    Delete,
    /// We have altered it, and alter it no longer.
    GiveBack(Return),
    /// We make it no longer, and do not delete it: why not.
    Leave(&'static str),
}

/// An object that is given back to whoever had it.
pub(crate) struct Return {
    /// As it was before us.
    pub(crate) before: Object,
    /// As it will be: what others have changed since stays theirs.
    pub(crate) after: Object,
}

impl Step {
    /// Whether the cluster will be other than it is.
    pub(crate) fn is_change(&self) -> bool {
        !matches!(
            self.change,
            Change::Nothing | Change::Conflict(_) | Change::Leave(_)
        )
    }

    /// Whether one of these fields of an object that is there will be other than it is.
    pub(super) fn alters(&self, fields: &[&str]) -> bool {
        let (Change::Alter(after), Some(before)) = (&self.change, &self.before) else {
            return false;
        };
        fields.iter().any(|it| before.get(it) != after.get(it))
    }

    /// Whether it makes a Service reachable from outside that was not by an address of its own.
    pub(super) fn publishes(&self) -> bool {
        self.alters(&["/spec/type"]) && self.ours.text("/spec/type") == "LoadBalancer"
    }

    /// Whether it is something that we have put there and no longer do.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(
            self.change,
            Change::Delete | Change::GiveBack(_) | Change::Leave(_)
        )
    }

    /// Whether a server that somebody else has in the Gateway goes.
    pub(super) fn drops_servers(&self) -> bool {
        !self.servers_of_others().go.is_empty()
    }

    /// One line, and one for each server that somebody else has in the Gateway.
    pub(super) fn summary(&self) -> String {
        let (word, id) = (self.word(), self.ours.id());
        match &self.change {
            Change::Leave(why) => format!("  {word:<9} {id}: {why}\n"),
            _ => format!("  {word:<9} {id}\n{}", self.servers_of_others()),
        }
    }

    fn servers_of_others(&self) -> ServersOfOthers {
        match (&self.change, &self.before) {
            (Change::Alter(_) | Change::Conflict(_), Some(before)) => {
                ServersOfOthers::of(&self.ours, before)
            }
            _ => ServersOfOthers::default(),
        }
    }

    fn word(&self) -> &'static str {
        match &self.change {
            Change::Create(_) => "create",
            Change::Alter(_) => "change",
            Change::Nothing => "unchanged",
            Change::Conflict(_) => "conflict",
            Change::Delete => "delete",
            Change::GiveBack(_) => "restore",
            Change::Leave(_) => "leave",
        }
    }

    /// What will be different, as a unified diff.
    pub(super) fn difference(&self) -> String {
        let after = match &self.change {
            Change::Create(after) | Change::Alter(after) => Some(after),
            Change::GiveBack(given) => Some(&given.after),
            Change::Delete => None,
            Change::Nothing | Change::Conflict(_) | Change::Leave(_) => return String::new(),
        };
        let name = self.ours.id().to_string();
        difference::unified(&name, self.before.as_ref(), after)
    }

    /// One line for each field that others own.
    pub(super) fn conflicts(&self) -> Vec<String> {
        let Change::Conflict(conflicts) = &self.change else {
            return Vec::new();
        };
        let id = self.ours.id();
        let line = |conflict: &Conflict| format!("{id}: {} {}", conflict.field, whose(conflict));
        conflicts.iter().map(line).collect()
    }
}

/// What we apply does not conflict with itself: under our name there is also what giving back has put there.
fn whose(conflict: &Conflict) -> String {
    match conflict.owner.as_str() {
        MANAGER => "was given back by `kfwasm uninstall`".to_owned(),
        owner => format!("is owned by {owner}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plugin(host: &str, url: &str) -> Object {
        let spec = json!({ "pluginConfig": { "publicHost": host }, "url": url });
        let metadata = json!({ "name": "kfwasm" });
        let object =
            json!({ "apiVersion": "v1", "kind": "WasmPlugin", "metadata": metadata, "spec": spec });
        Object::new(object).unwrap()
    }

    #[test]
    fn a_step_alters_what_its_object_has_before_and_after() {
        let before = plugin("one", "here");
        let step = |change, before: Option<&Object>| Step {
            ours: before.cloned().unwrap_or_else(|| plugin("one", "here")),
            before: before.cloned(),
            change,
        };
        let alters = |step: &Step| step.alters(&["/spec/sha256", "/spec/pluginConfig"]);
        assert!(alters(&step(
            Change::Alter(plugin("two", "here")),
            Some(&before)
        )));
        assert!(!alters(&step(
            Change::Alter(plugin("one", "there")),
            Some(&before)
        )));
        assert!(!alters(&step(Change::Nothing, Some(&before))));
        assert!(!alters(&step(Change::Create(plugin("two", "here")), None)));
    }
}
