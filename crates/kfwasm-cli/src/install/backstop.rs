//! What denies everything when the filter is gone, among the objects of an installation.

use crate::object::Object;

/// What it is called, whichever kinds it is made of.
pub(crate) const NAME: &str = "kfwasm-backstop";

/// Whether the object is of a backstop.
pub(super) fn is_part(object: &Object) -> bool {
    object.text("/metadata/name") == NAME
}

/// Whether it denies by itself. A RequestAuthentication lets whoever has no token through.
pub(super) fn denies(object: &Object) -> bool {
    is_part(object) && object.text("/kind") != "RequestAuthentication"
}

/// Whether it demands the mark in the filter state, which every filter makes, whatever it is told.
pub(super) fn is_mark(object: &Object) -> bool {
    is_part(object) && object.text("/kind") == "EnvoyFilter"
}

/// Whether it demands something that the filter brings only when it is told to.
pub(super) fn is_demand(object: &Object) -> bool {
    is_part(object) && !is_mark(object)
}
