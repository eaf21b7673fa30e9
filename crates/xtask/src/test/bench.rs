use super::TestArgs;
use super::step::Step;
use super::summary::Summary;
use crate::bench;
use crate::program::Program;

const SUITE: &str = "bench";

/// The bench's rig: its own rules, and a run of the smallest size.
pub(super) fn run(args: &TestArgs, summary: &mut Summary) {
    let rules = Program::cargo()
        .args([
            "test",
            "--quiet",
            "--locked",
            "--package",
            "kfwasm-bench",
            "--",
        ])
        .args(&args.filter);
    summary.add(Step::begin(SUITE, "rules of the rig").tests(rules));
    let step = Step::begin(SUITE, "every variant starts, answers and counts");
    let check = || bench::self_checks()?.into_iter().try_for_each(Program::run);
    summary.add(step.work(check).0);
}
