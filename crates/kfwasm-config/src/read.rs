//! Reading a JSON document field by field, with every problem noted and none fatal.
//!
//! The invariant of this chapter: a reader that hands back nothing has noted a problem that says
//! why. Whoever builds a value may therefore give up silently (`?`) when a part is missing.

pub(crate) mod did_you_mean;
pub(crate) mod elements;
pub(crate) mod field;
pub(crate) mod node;
pub(crate) mod object;
pub(crate) mod quoted;
