use std::path::PathBuf;

use anyhow::Result;

use super::TestArgs;
use super::step::Step;
use super::summary::Summary;
use crate::program::Program;
use crate::{cli, tools};

const SUITE: &str = "cli";

/// The program as it is released, and what it works with: kustomize, a registry, which Go builds.
pub(super) fn run(args: &TestArgs, summary: &mut Summary) {
    let step = Step::begin(SUITE, "program, kustomize, registry");
    if let Some(reason) = Program::go().missing() {
        summary.add(step.missing(reason));
        return;
    }
    let (row, parts) = step.work(parts);
    summary.add(row);
    if let Some(parts) = parts {
        let step = Step::begin(SUITE, "what is built and pushed");
        summary.add(step.tests(program(parts).arg("--").args(&args.filter)));
    }
}

fn parts() -> Result<[PathBuf; 3]> {
    Ok([cli::debug()?, tools::kustomize()?, tools::registry()?])
}

fn program([kfwasm, kustomize, registry]: [PathBuf; 3]) -> Program {
    Program::tests("cli")
        .env("KFWASM", kfwasm)
        .env("KUSTOMIZE", kustomize)
        .env("REGISTRY", registry)
}
