//! Fuzz targets, run by `cargo xtask fuzz`: one program, and `KFWASM_FUZZ_TARGET` names the target.
//!
//! A target does more than not panic: each says what must never be true of its result.

#![no_main]
#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "a panic is how a fuzzer reports"
)]

mod documents;
mod gateway;
mod parts;
mod request;
mod targets;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

/// The target that the environment names.
static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("KFWASM_FUZZ_TARGET").unwrap_or_default();
    let found = targets::ALL.iter().find(|(known, _)| *known == name);
    found.expect("KFWASM_FUZZ_TARGET names no target").1
});

fuzz_target!(|data: &[u8]| TARGET(data));
