//! The Wasm module: compiled, narrowed to what Envoy calls, made small, and checked.

mod build;
mod exports;
mod imports;
mod size;

pub(crate) use build::build;
