//! The core by time, natively: `cargo bench --package kfwasm-benches --bench core`.
#![allow(
    missing_docs,
    clippy::allow_attributes,
    reason = "some versions of criterion's macros make functions without any"
)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench stops where its premise fails"
)]

mod cases;
#[expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a fixture of tests"
)]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    reason = "the benches use a part of it"
)]
#[path = "../crates/kfwasm-oidc/tests/support/mod.rs"]
mod support;

use criterion::{Criterion, criterion_group, criterion_main};

fn core(criterion: &mut Criterion) {
    for mut case in cases::all() {
        criterion.bench_function(&case.name, |bencher| bencher.iter(&mut case.run));
    }
}

criterion_group!(benches, core);
criterion_main!(benches);
