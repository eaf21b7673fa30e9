//! The policy that demands the backstop's header: beside the Secret, the one object with a secret in it.

use super::backstop;
use crate::object::Object;

const VALUE: &str = "/spec/rules/0/when/0/notValues/0";

/// Whether the object is that policy.
pub(super) fn is_demand(object: &Object) -> bool {
    let kind = object.text("/kind");
    kind == "AuthorizationPolicy" && backstop::is_part(object) && object.get(VALUE).is_some()
}

/// The value that it demands; empty when there is none.
pub(super) fn value(policy: &Object) -> &str {
    policy.text(VALUE)
}

/// The policy with another value, or with what stands for it.
pub(super) fn demanding(policy: Object, value: &str) -> Object {
    policy.with(VALUE, value)
}
