//! Bringing objects to the cluster in the safe order, and taking them away again.

mod applied;
mod backstop;
mod carry_out;
mod check;
mod condition;
mod demand;
mod difference;
mod everywhere;
mod left_gateway;
mod order;
mod own_certificate;
mod plan;
mod previous;
mod restoration;
mod roll_back;
mod secrets;
mod stale;
mod step;
mod taken;
mod undo;
mod verification;
mod wait;

pub(crate) use backstop::NAME as BACKSTOP;
pub(crate) use carry_out::{CarryingOut, bring};
pub(crate) use check::{Check, former};
pub(crate) use condition::is_ours;
pub(crate) use own_certificate::own_certificate;
pub(crate) use plan::Plan;
pub(crate) use previous::Previous;
pub(crate) use roll_back::roll_back;
pub(crate) use secrets::{SecretFiles, new_key};
pub(crate) use taken::Taken;
pub(crate) use undo::undo;
pub(crate) use verification::Verification;
pub(crate) use wait::Waiting;
