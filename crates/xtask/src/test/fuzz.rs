use anyhow::{Result, bail};
use clap::ValueEnum as _;

use super::TestArgs;
use super::step::Step;
use super::summary::Summary;
use crate::fuzz::{Target, program};

const SUITE: &str = "fuzz";

/// Enough to meet what is easily found; `cargo xtask fuzz` looks for the rest.
const SMOKE: [&str; 2] = ["-runs=10000", "-seed=1"];

/// A short run of each fuzz target, after one that shows that the fuzzer finds what there is.
pub(super) fn run(args: &TestArgs, summary: &mut Summary) {
    let wanted = |name: &str| {
        args.filter.is_empty() || args.filter.iter().any(|it| name.contains(it.as_str()))
    };
    if wanted("planted") {
        summary.add(
            Step::begin(SUITE, "a planted fault is found")
                .work(find_planted)
                .0,
        );
    }
    let targets = Target::value_variants().iter().map(|it| it.name());
    for target in targets.filter(|it| wanted(it)) {
        let step = Step::begin(SUITE, format!("10,000 runs of {target}"));
        summary.add(step.work(|| program(&target, &SMOKE)?.run_quietly()).0);
    }
}

/// Six letters in a row: chance would need 2⁴⁸ runs.
fn find_planted() -> Result<()> {
    let options = ["-runs=5000000", "-seed=1", "-max_len=16"];
    let output = program("planted", &options)?.into_command().output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() || !said.contains("the planted fault") {
        bail!("the fuzzer does not find the planted fault: it sees no branches\n{said}");
    }
    Ok(())
}
