//! Bringing objects to the cluster in the safe order, and taking them away again.

mod bring;
mod condition;
mod demand;
mod difference;
mod own_certificate;
mod plan;
mod previous;
mod restoration;
mod secrets;
mod undo;
mod wait;

pub(crate) use bring::bring;
pub(crate) use own_certificate::own_certificate;
pub(crate) use plan::{Change, Plan};
pub(crate) use previous::Previous;
pub(crate) use secrets::{SecretFiles, new_key};
pub(crate) use undo::undo;
pub(crate) use wait::Waiting;
