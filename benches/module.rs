//! The module itself, by time, in a Wasm host without Envoy: `cargo xtask bench --what module`.
//!
//! The host calls cost next to nothing there: what is seen is the module's own part of a request. Wasmtime compiles otherwise than
//! Envoy's V8 does, so that the figures are for comparing modules with each other.
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

#[allow(
    dead_code,
    clippy::allow_attributes,
    reason = "this bench uses what its cases are made of, and not the cases"
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

use std::env;
use std::path::PathBuf;

use criterion::{Criterion, criterion_group, criterion_main};
use kfwasm_module_host::Host;
use kfwasm_oidc::callout::HttpRequest;
use serde_json::{Value, json};
use support::bearer::{AUDIENCE, CLUSTER, robot, with_token};
use support::stage::{CLIENT_SECRET, OLD_KEY, Stage, config};

const KFWASM: &str = "KFWASM_RIG_MODULE";
const EMPTY: &str = "KFWASM_BENCH_EMPTY_NARROWED";

fn module(variable: &str) -> PathBuf {
    let file = env::var_os(variable).map(PathBuf::from);
    file.expect("run this by `cargo xtask bench --what module`")
}

/// kfwasm under the configuration of the stage with changes, at the stage's time.
fn kfwasm(stage: &Stage, changes: Value) -> Host {
    let secrets = [
        ("KFWASM_SESSION_KEYS", OLD_KEY),
        ("CLIENT_SECRET", CLIENT_SECRET),
    ];
    let configuration = config(changes).to_string();
    let now = stage.clock.now();
    Host::start(&module(KFWASM), &configuration, &secrets, now.0).expect("a module that starts")
}

fn modules(criterion: &mut Criterion) {
    let stage = Stage::new();
    let page = cases::page(&stage).encode();
    let empty = Host::start(&module(EMPTY), "", &[], 0).expect("a module that starts");
    bench(criterion, "an empty filter", empty, vec![page.clone()]);
    let host = kfwasm(&stage, json!({}));
    bench(criterion, "cookie seen before", host, vec![page]);
    for groups in [20, 200] {
        cases::join(&stage, groups);
        let page = cases::page(&stage).encode();
        let name = format!("user in {groups} groups");
        bench(criterion, &name, kfwasm(&stage, json!({})), vec![page]);
    }
    let (bearer, token) = bearer(&stage);
    let request = with_token(&token).encode();
    let host = kfwasm(&stage, bearer);
    bench(criterion, "bearer token seen before", host, vec![request]);
    let stage = Stage::new();
    let renewals = cases::renewals(&stage);
    let host = kfwasm(&stage, json!({}));
    bench(criterion, "cookie never seen", host, renewals);
}

fn bench(criterion: &mut Criterion, name: &str, mut host: Host, requests: Vec<Vec<u8>>) {
    let mut requests = requests.iter().cycle();
    let name = format!("module: {name}");
    criterion.bench_function(&name, |bencher| {
        bencher.iter(|| {
            let headers = requests.next().expect("a request");
            let passed = host.request(headers).expect("a decision");
            assert!(passed, "the request must be let through");
        });
    });
}

/// A configuration that takes tokens of the stage's provider as a cluster's, and such a token.
fn bearer(stage: &Stage) -> (Value, String) {
    let request = HttpRequest {
        cluster: "outbound|443||login.example.com".to_owned(),
        method: "GET",
        scheme: "https",
        authority: "login.example.com".to_owned(),
        path: "/keys?v=1".to_owned(),
        content_type: None,
        authorization: None,
        body: None,
        timeout_milliseconds: 1,
    };
    let keys = stage.provider.answer(&request).expect("the keys").body;
    let issuer = json!({
        "issuer": CLUSTER,
        "audiences": [AUDIENCE],
        "signingAlgorithms": ["ES256"],
        "jwks": String::from_utf8_lossy(&keys),
    });
    let token = stage.provider.signs(&robot(stage));
    (json!({ "bearer": { "issuers": [issuer] } }), token)
}

criterion_group!(benches, modules);
criterion_main!(benches);
