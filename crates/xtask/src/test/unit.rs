use super::TestArgs;
use super::step::Step;
use super::summary::Summary;
use crate::program::Program;

/// What has a suite of its own, or no test on this machine's processor.
const ELSEWHERE: [&str; 7] = [
    "kfwasm-bench",
    "kfwasm-benches",
    "kfwasm-empty-filter",
    "kfwasm-filter",
    "kfwasm-fuzz",
    "kfwasm-module-host",
    "kfwasm-tests",
];

/// The crates by themselves.
pub(super) fn run(args: &TestArgs, summary: &mut Summary) {
    let elsewhere = ELSEWHERE.iter().flat_map(|name| ["--exclude", name]);
    let program = Program::cargo()
        .args([
            "test",
            "--quiet",
            "--locked",
            "--no-fail-fast",
            "--all-features",
            "--workspace",
        ])
        .args(elsewhere);
    let step = Step::begin("unit", "rules, flows, vectors, attacks");
    summary.add(step.tests(program.arg("--").args(&args.filter)));
}
