//! How long a person waits for the program: `cargo xtask bench --what program`, with an API server where one can be had.
//!
//! `KFWASM` names another program than the one that was built for release.
#![allow(
    missing_docs,
    clippy::allow_attributes,
    reason = "some versions of criterion's macros make functions without any"
)]
#![expect(clippy::expect_used, reason = "a bench stops where its premise fails")]

#[path = "../tests/cluster/kubelet.rs"]
mod kubelet;
#[path = "cli/on_cluster.rs"]
mod on_cluster;
#[allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    reason = "the benches use a part of this helper of tests"
)]
#[path = "../tests/cluster/running.rs"]
mod running;
#[allow(
    dead_code,
    clippy::allow_attributes,
    reason = "the benches use a part of it"
)]
#[path = "../tests/cluster/stage.rs"]
mod stage;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use tempfile::TempDir;

fn program() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/kfwasm");
    let program = env::var_os("KFWASM").map_or(built, PathBuf::from);
    assert!(
        program.is_file(),
        "{}: make it by `cargo xtask cli`",
        program.display()
    );
    program.canonicalize().expect("its path")
}

fn run(program: &Path, folder: &Path, arguments: &[&str]) {
    let mut command = Command::new(program);
    let command = command
        .args(arguments)
        .current_dir(folder)
        .env_remove("KF_NAME");
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.expect("the program").success(), "{arguments:?}");
}

const BUILD: [&str; 8] = [
    "build",
    "ml",
    "--host",
    "kubeflow.example.com",
    "--issuer",
    "https://login.example.com",
    "--client-id",
    "kubeflow",
];

fn commands(criterion: &mut Criterion) {
    let program = program();
    let folder = || TempDir::new().expect("a folder");
    let here = folder();
    criterion.bench_function("kfwasm --help", |bencher| {
        bencher.iter(|| run(&program, here.path(), &["--help"]));
    });
    criterion.bench_function("kfwasm build, from nothing", |bencher| {
        bencher.iter_batched(
            folder,
            |folder| {
                run(&program, folder.path(), &BUILD);
                folder
            },
            BatchSize::PerIteration,
        );
    });
    run(&program, here.path(), &BUILD);
    criterion.bench_function("kfwasm build, nothing to do", |bencher| {
        bencher.iter(|| run(&program, here.path(), &BUILD));
    });
}

fn on_cluster(criterion: &mut Criterion) {
    let Some(installed) = on_cluster::Installed::start(&program()) else {
        eprintln!("Without an API server: run this by `cargo xtask bench --what program`");
        return;
    };
    let mut group = criterion.benchmark_group("on an API server");
    group.sample_size(10);
    group.bench_function("kfwasm apply, nothing to change", |bencher| {
        bencher.iter(|| installed.apply());
    });
    group.bench_function("kfwasm doctor", |bencher| {
        bencher.iter(|| installed.examine());
    });
    group.finish();
}

criterion_group!(benches, commands, on_cluster);
criterion_main!(benches);
