use kfwasm_cluster_rig::{IstioPrograms, Programs};

use super::TestArgs;
use super::envoy::parts;
use super::step::Step;
use super::summary::Summary;
use crate::program::Program;
use crate::tools::EnvoyVersion;
use crate::{cli, tools};

const SUITE: &str = "cluster";

/// A real API server: where there is Go to build it, and on CI there must be.
pub(super) fn run(args: &TestArgs, summary: &mut Summary) {
    let step = Step::begin(SUITE, "API server and its controllers");
    if let Some(reason) = Program::go().missing() {
        summary.add(step.missing(reason));
        return;
    }
    let (row, made) = step.work(|| Ok((tools::kubernetes()?, cli::debug()?)));
    summary.add(row);
    let step = Step::begin(SUITE, "Istio's control plane and agent, registry, pebble");
    let (row, istio) = step.work(|| Ok((tools::istio()?, tools::registry()?, tools::pebble()?)));
    summary.add(row);
    let Some(parts) = parts(SUITE, EnvoyVersion::V1_40, summary) else {
        return;
    };
    if let (Some((programs, kfwasm)), Some((istio, registry, pebble))) = (made, istio) {
        let program = program(&programs, &istio).env("KFWASM", kfwasm);
        let program = program.env("REGISTRY", registry).env("PEBBLE", pebble);
        let told = parts.to_environment().into_iter();
        let program = told.fold(program, |program, (name, path)| program.env(name, path));
        // Each test starts a control plane: more at a time take no less, and some then wait longer than they may.
        let program = program.args(["--", "--test-threads=2"]).args(&args.filter);
        summary.add(Step::begin(SUITE, "on a real API server").tests(program));
    }
}

fn program(programs: &Programs, istio: &IstioPrograms) -> Program {
    let told = programs.to_environment().into_iter();
    let program = told.fold(Program::tests("cluster"), |program, (name, value)| {
        program.env(name, value)
    });
    let told = istio.to_environment().into_iter();
    told.fold(program, |program, (name, path)| program.env(name, path))
}
