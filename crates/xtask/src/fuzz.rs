//! `cargo xtask fuzz`: libFuzzer over everything that reads what comes from outside.
//!
//! The pinned stable toolchain does it: branches are counted by LLVM's own pass, and what the nightly toolchain would add, the
//! address sanitizer, has little to find where `unsafe` is forbidden.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::program::Program;
use crate::workspace;

/// What is fuzzed, and for how long.
#[derive(Args)]
pub(crate) struct FuzzArgs {
    /// One target; all of them, one after the other, without it.
    #[arg(value_enum)]
    target: Option<Target>,
    /// For how many seconds each.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// Something that reads what comes from outside (tests/fuzz/src/targets.rs).
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Target {
    /// The plugin's configuration.
    Configuration,
    /// The cookies of a request.
    Cookies,
    /// A discovery document.
    Discovery,
    /// A header map of the host.
    HeaderMap,
    /// An ID token, which nobody must be able to forge.
    IdToken,
    /// A key set.
    KeySet,
    /// What is logged of a request.
    LogLine,
    /// A logout token, which nobody must be able to forge.
    LogoutToken,
    /// A page of somebody's groups, as Microsoft Graph tells them.
    Memberships,
    /// The path of a request.
    Path,
    /// A whole request of a stranger, with any answers of the provider.
    Request,
    /// What the cookie of a session says, of each version.
    SessionRecord,
    /// An answer of the token endpoint.
    TokenResponse,
    /// An answer of the userinfo endpoint.
    UserInfo,
}

/// How branches are counted: what cargo-fuzz asks of the compiler.
const COVERAGE: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
];

/// Runs until the time is over or something is found, which is then kept in target/fuzz.
pub(crate) fn run(args: &FuzzArgs) -> Result<ExitCode> {
    let targets = args
        .target
        .map_or_else(|| Target::value_variants().to_vec(), |it| vec![it]);
    for target in targets {
        let seconds = format!("-max_total_time={}", args.seconds);
        program(&target.name(), &["-print_final_stats=1", &seconds])?.run()?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Target {
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map(|it| it.get_name().to_owned()).unwrap_or_default()
    }
}

/// The fuzzer of a target: it begins with the seeds, and keeps what leads it further.
pub(crate) fn program(target: &str, options: &[&str]) -> Result<Program> {
    let folder = folder();
    let corpus = folder.join("corpus").join(target);
    fs::create_dir_all(&corpus).with_context(|| format!("cannot create {}", corpus.display()))?;
    let seeds = workspace::root().join("tests/fuzz/seeds").join(target);
    let found = format!("-artifact_prefix={}/{target}-", folder.display());
    let program = Program::cargo()
        .env("KFWASM_FUZZ_TARGET", target)
        .env("RUSTFLAGS", COVERAGE.join(" "))
        .args(["run", "--quiet", "--locked", "--profile", "fuzz"])
        // Build scripts and macros are not to be measured, which a target of its own makes sure of.
        .args([
            "--target",
            "host-tuple",
            "--package",
            "kfwasm-fuzz",
            "--target-dir",
        ])
        .arg(folder.join("build"));
    Ok(program
        .args([
            "--",
            "-max_len=8192",
            "-timeout=10",
            "-rss_limit_mb=2048",
            &found,
        ])
        .args(options)
        .arg(corpus)
        .arg(seeds))
}

fn folder() -> PathBuf {
    workspace::target().join("fuzz")
}
