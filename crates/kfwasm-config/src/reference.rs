//! The reference of the configuration, made from the types: the doc comment of a field is its
//! meaning there.
//!
//! `cargo xtask docs` writes it to docs/configuration.schema.json and docs/configuration.md.

mod markdown;
mod schema;
mod section;

pub use markdown::markdown;
pub use schema::schema_json;
