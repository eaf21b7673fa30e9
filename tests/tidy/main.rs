//! The architecture, as far as a program can see it. `cargo xtask test tidy` runs these.

mod dependencies;
mod files;
mod host_calls;
mod links;
mod messages;
mod named_code;
mod named_tests;
mod places;
mod secrets;
mod sources;
mod unrecorded;
