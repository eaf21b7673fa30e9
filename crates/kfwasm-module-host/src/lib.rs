//! A proxy-wasm host (ABI 0.2.1) in Wasmtime, in which the module runs without Envoy: for benches, and for tests in which the
//! host's functions fail on demand.
//!
//! It has one worker, one request at a time, and as much of the ABI as a request and a callout need. What it lacks answers as
//! Envoy may: there is no shared memory, and there are no foreign functions.

mod functions;
mod host;
mod watched;
mod world;

pub use host::{Host, ROOT};
/// What stops a module: a trap, or a call that its host cannot answer.
pub use wasmtime::Error;
pub use wasmtime::{Engine, Module};
pub use watched::Call;
pub use world::{BAD_ARGUMENT, NOT_FOUND, OK};
