use kfwasm_rig::Parts;

use super::TestArgs;
use super::step::Step;
use super::summary::Summary;
use crate::module;
use crate::program::Program;

const SUITE: &str = "module";

/// The module without Envoy, where the calls of its host fail that do not fail in Envoy on request.
pub(super) fn run(args: &TestArgs, summary: &mut Summary) {
    let (row, file) = Step::begin(SUITE, "module").work(module::build);
    summary.add(row);
    let Some(file) = file else {
        return;
    };
    let program = Program::cargo()
        .args(["test", "--quiet", "--locked", "--package"])
        .args(["kfwasm-module-host", "--test", "module", "--"])
        .args(&args.filter)
        .env(Parts::MODULE, file);
    summary.add(Step::begin(SUITE, "calls of the host that fail").tests(program));
}
