use anyhow::Result;

use super::TestArgs;
use super::row::Row;
use super::step::Step;
use super::summary::Summary;
use crate::program::Program;
use crate::tools::{self, WASM_TARGET};

const SUITE: &str = "tidy";
const NO_WARNING: [&str; 3] = ["--", "-D", "warnings"];

/// What reads well and stays in its place.
pub(super) fn run(args: &TestArgs, summary: &mut Summary) {
    summary.add(
        Step::begin(SUITE, "format").check(Program::cargo().args(["fmt", "--all", "--check"])),
    );
    summary.add(Step::begin(SUITE, "architecture").tests(architecture(args)));
    if args.quick {
        return;
    }
    summary.add(Step::begin(SUITE, "lints").check(lints()));
    let step = Step::begin(SUITE, "lints of the module");
    summary.add(step.work(lints_of_the_module).0);
    summary.add(licences());
}

fn architecture(args: &TestArgs) -> Program {
    Program::tests("tidy").arg("--").args(&args.filter)
}

fn lints() -> Program {
    let program = Program::cargo().args([
        "clippy",
        "--quiet",
        "--locked",
        "--workspace",
        "--all-targets",
    ]);
    program
        .args(["--all-features", "--exclude", "kfwasm-filter"])
        .args(NO_WARNING)
}

fn lints_of_the_module() -> Result<()> {
    tools::wasm_target()?;
    let program = Program::cargo().args([
        "clippy",
        "--quiet",
        "--locked",
        "--package",
        "kfwasm-filter",
    ]);
    program
        .args(["--target", WASM_TARGET])
        .args(NO_WARNING)
        .run()
}

/// What `deny.toml` says of other people's crates. Advisories are not asked for: their list is on no registry.
fn licences() -> Row {
    let step = Step::begin(SUITE, "licences, bans, sources");
    match tools::cargo_deny() {
        Ok(deny) => step.check(deny.args([
            "--locked",
            "--log-level",
            "error",
            "check",
            "licenses",
            "bans",
            "sources",
        ])),
        Err(error) => step.missing(format!("{error:#}")),
    }
}
