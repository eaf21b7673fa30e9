//! How long one request takes through a real Envoy, by what is in it: `cargo xtask bench --what latency`.
//!
//! One connection, one request after the other, every answer checked; the machine has nothing else to do. What more requests
//! at a time make of it is for `cargo xtask bench` itself.
#![allow(
    missing_docs,
    clippy::allow_attributes,
    reason = "some versions of criterion's macros make functions without any"
)]
#![expect(clippy::expect_used, reason = "a bench stops where its premise fails")]

use std::env;
use std::process::ExitCode;

use criterion::Criterion;
use kfwasm_bench::{Gateways, UPSTREAM};

fn main() -> ExitCode {
    if env::args()
        .nth(1)
        .is_some_and(|argument| argument == UPSTREAM)
    {
        return kfwasm_bench::serve_upstream();
    }
    let mut criterion = Criterion::default().configure_from_args();
    latencies(&mut criterion);
    criterion.final_summary();
    ExitCode::SUCCESS
}

fn latencies(criterion: &mut Criterion) {
    let mut gateways = Gateways::start().expect("run this by `cargo xtask bench --what latency`");
    let mut group = criterion.benchmark_group("a request through Envoy");
    for (title, mut ask) in gateways.each() {
        group.bench_function(title, |bencher| {
            bencher.iter(|| ask().expect("the right answer"));
        });
    }
    group.finish();
}
