//! The Wasm module: compiled, narrowed to what Envoy calls, made small, and checked.

mod build;
mod exports;
mod imports;
mod size;
mod source_paths;
mod trapping;

pub(crate) use build::{build, build_empty};
pub(crate) use trapping::trapping;
