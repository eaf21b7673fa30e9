use super::TestArgs;
use super::step::Step;
use super::summary::Summary;
use crate::program::Program;

const PACKAGES: [&str; 8] = [
    "kfwasm-cli",
    "kfwasm-cluster-rig",
    "kfwasm-config",
    "kfwasm-head",
    "kfwasm-oidc",
    "kfwasm-rig",
    "kfwasm-seal",
    "xtask",
];

/// The crates by themselves.
pub(super) fn run(args: &TestArgs, summary: &mut Summary) {
    let packages = PACKAGES.iter().flat_map(|name| ["--package", name]);
    let program = Program::cargo()
        .args([
            "test",
            "--quiet",
            "--locked",
            "--no-fail-fast",
            "--all-features",
        ])
        .args(packages);
    let step = Step::begin("unit", "rules, flows, vectors, attacks");
    summary.add(step.tests(program.arg("--").args(&args.filter)));
}
