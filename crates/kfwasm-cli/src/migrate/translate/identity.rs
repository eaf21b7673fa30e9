use serde_json::Value;

use super::super::{Draft, Setting};

pub(crate) fn header(draft: &mut Draft, setting: &Setting) {
    draft.take(setting, "identity.header", setting.text().to_lowercase());
}

pub(crate) fn groups_header(draft: &mut Draft, setting: &Setting) {
    draft.take(
        setting,
        "identity.groupsHeader",
        setting.text().to_lowercase(),
    );
}

pub(crate) fn prefix(draft: &mut Draft, setting: &Setting) {
    draft.take(setting, "identity.prefix", setting.text());
}

/// One claim named the user. With Entra it may be absent, and then nobody got in.
pub(crate) fn claim(draft: &mut Draft, setting: &Setting) {
    const PLACE: &str = "identity.claims";
    match setting.text().as_str() {
        "email" => {
            let claims = ["email", "preferred_username", "upn"].map(Value::from);
            let why = "with what to take where an account has no email";
            draft.change(setting, PLACE, claims.to_vec(), why);
        }
        claim => draft.take(setting, PLACE, vec![Value::from(claim)]),
    }
}

pub(crate) fn groups_claim(draft: &mut Draft, setting: &Setting) {
    draft.take(setting, "identity.groupsClaim", setting.text());
}

/// `[{"matches": "...", "replaces": "..."}]`, which kfwasm has too.
pub(crate) fn transformers(draft: &mut Draft, setting: &Setting) {
    match serde_json::from_str::<Value>(&setting.text()) {
        Ok(Value::Array(list)) => draft.take(setting, "identity.transformers", list),
        _ => draft.leave(setting, "it is not a list of matches and replaces in JSON"),
    }
}

pub(crate) fn unverified_addresses(draft: &mut Draft, setting: &Setting) {
    if setting.is_true() {
        draft.take(setting, "identity.emailVerified", "ignored");
    } else {
        draft.drop(setting, "an address that is not verified is refused anyway");
    }
}
