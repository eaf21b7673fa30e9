//! All the parts together, ready for a sign-in.

mod running;
mod settings;

pub use running::{Rig, session_key};
pub use settings::RigSettings;
