use kfwasm_rig::Chrome;

use super::TestArgs;
use super::envoy::{parts, program};
use super::step::Step;
use super::summary::Summary;
use crate::tools::EnvoyVersion;

const SUITE: &str = "browser";

/// The same in a real browser: where there is one, and on CI there must be.
pub(super) fn run(args: &TestArgs, summary: &mut Summary) {
    if let Err(missing) = Chrome::is_installed() {
        let step = Step::begin(SUITE, "Chromium");
        let reason = missing.to_string().replace("\n    ", ": ");
        summary.add(step.missing(reason));
        return;
    }
    let Some(parts) = parts(SUITE, EnvoyVersion::V1_40, summary) else {
        return;
    };
    let program = program(&parts).arg("browser::").args(&args.filter);
    summary.add(Step::begin(SUITE, "Chromium").tests(program));
}
