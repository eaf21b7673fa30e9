//! The core on the signed-in path, natively: `cargo bench --package kfwasm-benches`.
//!
//! The session comes from a whole sign-in at the provider in memory that the flow tests use.
#![allow(
    missing_docs,
    clippy::allow_attributes,
    reason = "some versions of criterion's macros make functions without any"
)]
#![expect(clippy::expect_used, reason = "a bench stops where its premise fails")]

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

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use kfwasm_oidc::Step;
use kfwasm_oidc::request_head::RequestHead;
use serde_json::json;
use support::request::Request;
use support::stage::{OLD_KEY, Stage, config};

/// A request as a browser sends it for a page: 13 headers and two foreign cookies.
fn request(stage: &Stage) -> Request {
    let browser = stage.signed_in();
    browser
        .with_cookies(Request::navigation("https://kubeflow.example.com/pipeline/?ns=team-a"))
        .with("accept-encoding", "gzip, deflate, br, zstd")
        .with("accept-language", "en-GB,en;q=0.9")
        .with("x-request-id", "37935677-add6-4ca0-9dd4-18b0e93c92f3")
        .with("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36")
}

fn decide(stage: &Stage, headers: &[u8]) -> Step {
    stage.gateway.with_worker(0, |party, host| {
        let head = RequestHead::scan(headers, &party.config().identity).expect("a header map");
        let step = party.handle_request(&head, host);
        assert!(
            matches!(&step, Step::Forward(edits) if edits.identity.is_some()),
            "the request must be let through as somebody's"
        );
        step
    })
}

fn signed_in(criterion: &mut Criterion, name: &str, groups: usize) {
    let stage = Stage::new();
    let groups: Vec<String> = (0..groups)
        .map(|number| format!("0f8fad5b-d9cb-469f-a165-{number:012x}"))
        .collect();
    stage.provider.claims("groups", json!(groups));
    let headers = request(&stage).encode();
    let mut group = criterion.benchmark_group(name);
    group.bench_function("cookie seen before", |bencher| {
        bencher.iter(|| decide(&stage, black_box(&headers)));
    });
    // A worker that has just started knows no cookie; starting it is not measured.
    group.bench_function("cookie never seen", |bencher| {
        bencher.iter_batched(
            || stage.gateway.restart(&config(json!({})), OLD_KEY),
            |()| decide(&stage, black_box(&headers)),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn core(criterion: &mut Criterion) {
    signed_in(criterion, "signed in, no groups", 0);
    signed_in(criterion, "signed in, 20 groups", 20);
}

criterion_group!(benches, core);
criterion_main!(benches);
