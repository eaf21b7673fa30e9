//! The core by instructions, natively and under Valgrind: `cargo bench --package kfwasm-benches --bench counted`.
//!
//! Each case runs twice in a process of its own, 100 times and 200 times; the difference is what 100 cost, without all that comes
//! before. Figures of a busy machine are as good as those of a quiet one.
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

use std::env;
use std::process::Command;

/// Tells a process of this program which case to run, and how often.
const CASE: &str = "KFWASM_COUNTED_CASE";
const TIMES: &str = "KFWASM_COUNTED_TIMES";
const ROUND: u64 = 100;

fn main() {
    match env::var(CASE) {
        Ok(name) => run(&name),
        Err(_) => count_all(),
    }
}

fn run(name: &str) {
    let times = env::var(TIMES).expect("how often");
    let times: u64 = times.parse().expect("a number");
    let mut case = cases::all()
        .into_iter()
        .find(|case| case.name == name)
        .expect("a case of this name");
    for _ in 0..times {
        (case.run)();
    }
}

fn count_all() {
    println!("{:<40}{:>14}", "instructions", "each");
    for case in cases::all() {
        let (once, twice) = (
            instructions(&case.name, ROUND),
            instructions(&case.name, 2 * ROUND),
        );
        println!(
            "{:<40}{:>14}",
            case.name,
            twice.saturating_sub(once) / ROUND
        );
    }
}

/// What Valgrind counts while the case runs so often, and before.
fn instructions(name: &str, times: u64) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("this program"))
        .env(CASE, name)
        .env(TIMES, times.to_string())
        .output()
        .expect("valgrind, from Debian's package");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{name} ended early, so that nothing can be said of it: {said}"
    );
    let collected = said.split("Collected : ").nth(1);
    let collected = collected.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    collected.unwrap_or_else(|| panic!("{name}: {said}"))
}
