//! The benches of the core still do what they are named for: one that ends early would be quick.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

#[path = "../../../benches/cases/mod.rs"]
mod cases;
#[allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    reason = "the benches use a part of it"
)]
mod support;

/// Each asserts what it is about; the second time, that it can be done again.
#[test]
fn every_bench_of_the_core_can_be_repeated() {
    let mut cases = cases::all();
    assert!(!cases.is_empty());
    for case in &mut cases {
        println!("{}", case.name);
        (case.run)();
        (case.run)();
    }
}
