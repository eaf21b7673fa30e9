use serde_json::json;

use super::super::{Draft, Setting};

/// Groups of which a user must be in one.
pub(crate) fn groups(draft: &mut Draft, setting: &Setting) {
    rule(draft, setting, "groups", setting.parts());
}

/// Domains in one of which the user's address must be.
pub(crate) fn domains(draft: &mut Draft, setting: &Setting) {
    rule(draft, setting, "domains", setting.parts());
}

/// Each rule must be met, as each list had to be.
fn rule(draft: &mut Draft, setting: &Setting, kind: &str, members: Vec<String>) {
    if members.iter().any(|member| member == "*") {
        return draft.drop(setting, "everybody who has signed in gets in");
    }
    draft.add("access", json!({ kind: members }));
    draft.tell_taken(setting, &format!("access: one of these {kind}"));
}
