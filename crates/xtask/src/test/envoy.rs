use anyhow::{Result, bail};
use clap::ValueEnum as _;
use kfwasm_rig::Parts;

use super::TestArgs;
use super::step::Step;
use super::summary::Summary;
use crate::program::Program;
use crate::tools::EnvoyVersion;
use crate::{cli, module, soak, tools};

const SUITE: &str = "envoy";
/// The environment variable that tells the tests where the Kubeflow Pipelines SDK is.
const SDK: &str = "KFWASM_TEST_KFP";
/// The oldest and the newest that kfwasm supports have every test.
const ENDS: [EnvoyVersion; 2] = [EnvoyVersion::V1_36, EnvoyVersion::V1_40];
/// Those between have the tests of what all others rest on, and of what depends on Envoy alone: files of `tests/e2e`.
const BETWEEN: [&str; 3] = ["sign_in::", "backstop::", "rogue::"];

/// The module in real Envoys.
pub(super) fn run(args: &TestArgs, summary: &mut Summary) {
    let (row, sdk) = Step::begin(SUITE, "Kubeflow Pipelines SDK").work(tools::kfp);
    summary.add(row);
    let Some(sdk) = sdk else {
        return;
    };
    let (row, kfwasm) = Step::begin(SUITE, "program").work(cli::debug);
    summary.add(row);
    let Some(kfwasm) = kfwasm else {
        return;
    };
    for &version in wanted(args) {
        let Some(parts) = parts(SUITE, version, summary) else {
            return;
        };
        let program = program(&parts)
            .env(SDK, &sdk)
            .env("KFWASM", &kfwasm)
            .args(["--skip", "browser::"])
            .args(filter(args, version));
        summary.add(
            Step::begin(SUITE, format!("end to end, Envoy {}", version.exact())).tests(program),
        );
        if args.filter.is_empty() && version == EnvoyVersion::V1_40 {
            let step = Step::begin(SUITE, format!("a small soak, Envoy {}", version.exact()));
            summary.add(step.work(|| soak(&parts)).0);
        }
    }
}

/// Who asks for some tests has them at both ends.
fn wanted(args: &TestArgs) -> &'static [EnvoyVersion] {
    match args.filter.is_empty() {
        true => EnvoyVersion::value_variants(),
        false => &ENDS,
    }
}

fn filter(args: &TestArgs, version: EnvoyVersion) -> Vec<&str> {
    match ENDS.contains(&version) {
        true => args.filter.iter().map(String::as_str).collect(),
        false => BETWEEN.to_vec(),
    }
}

/// As many requests as it takes for everything to happen once.
const SMALL_SOAK: u64 = 5_000;

fn soak(parts: &Parts) -> Result<()> {
    if !soak::endure(parts, SMALL_SOAK)? {
        bail!("something happened that must not");
    }
    Ok(())
}

/// What the end-to-end tests need, made or fetched.
pub(super) fn parts(
    suite: &'static str,
    version: EnvoyVersion,
    summary: &mut Summary,
) -> Option<Parts> {
    let step = Step::begin(suite, format!("module and Envoy {}", version.exact()));
    let (row, parts) = step.work(|| make(version));
    summary.add(row);
    parts
}

fn make(version: EnvoyVersion) -> Result<Parts> {
    Ok(Parts {
        module: module::build()?,
        envoy: tools::envoy(version)?,
        provider: tools::provider()?,
    })
}

/// The end-to-end tests, told where the parts are.
pub(super) fn program(parts: &Parts) -> Program {
    let told = parts
        .to_environment()
        .into_iter()
        .fold(Program::tests("e2e"), |program, (name, path)| {
            program.env(name, path)
        });
    told.arg("--")
}

#[cfg(test)]
mod tests {
    use super::BETWEEN;
    use crate::workspace;

    #[test]
    fn the_tests_for_the_versions_between_are_there() {
        for name in BETWEEN {
            let file = ["tests/e2e/", &name.replace("::", ".rs")].concat();
            assert!(workspace::root().join(&file).is_file(), "{file}");
        }
    }
}
