//! From the directory that Kubeflow's instructions for Azure have people edit to what `kfwasm apply` would change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use kfwasm_cluster_rig::Cluster;
use tempfile::TempDir;

use crate::installing::{folder_with, kfwasm, said};
use crate::inventory::everything;
use crate::pruning::kubeflows_gateway;
use crate::recording::Recording;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const MIGRATE: &str = "kfwasm migrate ml --from kf --load-balancer";
const BUILD: &str = "kfwasm build ml";
const DIFF: &str =
    "kfwasm apply ml --diff --force-conflicts --secret KFWASM_CLIENT_SECRET=client-secret";
/// What our own tests of the settings have in that directory and the instructions have not.
const NOT_INSTRUCTED: [(&str, &str); 2] = [
    ("            - {name: COLOUR, value: blue}\n", ""),
    ("skip_auth_uri=/public/ /", "skip_auth_uri="),
];

#[test]
fn what_the_instructions_for_azure_say_is_built_and_its_difference_shown() -> Shown {
    let cluster = cluster(ISTIO)?;
    gateway(&cluster)?;
    cluster.api().apply(&kubeflows_gateway())?;
    let folder = instructed();
    let before = everything(&cluster)?;

    let mut built = Recording::with(Vec::new());
    for command in [MIGRATE, BUILD] {
        let output = run(&cluster, &folder, command);
        built.add(command, &told(&output));
    }
    let settings = fs::read_to_string(folder.path().join("ml/kfwasm.yaml")).unwrap();
    built.add("cat ml/kfwasm.yaml", &settings);
    let shown = run(&cluster, &folder, DIFF);

    assert_eq!(everything(&cluster)?, before);
    built.stands_in("build.txt");
    let mut recording = Recording::with(Vec::new());
    // As a person sees it: which cluster, and then the difference.
    let shown = said(&shown) + &String::from_utf8_lossy(&shown.stdout);
    recording.add(DIFF, &without_chances(&shown));
    recording.stands_in("diff.txt");
    Ok(())
}

/// A folder with kfctl's directory in it, as somebody has edited it who followed the instructions.
fn instructed() -> TempDir {
    let folder = folder_with("client-secret");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/kfwasm-cli/tests");
    copy(&tests.join("cmd/migrate.in/kf"), &folder.path().join("kf"));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to): (PathBuf, PathBuf) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
            continue;
        }
        let text = fs::read_to_string(&from).unwrap();
        let text = NOT_INSTRUCTED
            .iter()
            .fold(text, |text, (what, instead)| text.replace(what, instead));
        fs::write(&to, text).unwrap();
    }
}

fn run(cluster: &Cluster, folder: &TempDir, command: &str) -> Output {
    let arguments = command.split(' ').skip(1);
    let output = kfwasm(cluster, folder.path()).args(arguments).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    output
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &said(output)
}

/// A digest of the module changes with every build, one of the secrets with every session key, and the API server chooses
/// addresses and ports.
fn without_chances(text: &str) -> String {
    text.lines()
        .map(|line| format!("{}\n", without_chance(line)))
        .collect()
}

fn without_chance(line: &str) -> String {
    let chosen = [
        "clusterIP:",
        "nodePort:",
        "- \"10.96.",
        "kfwasm.io/",
        "sha256:",
        "digest ",
    ];
    let found = chosen
        .iter()
        .find_map(|what| Some((line.find(what)?, what)));
    match found {
        Some((place, what)) => {
            let (before, _) = line.split_at(place);
            format!("{before}{what} …")
        }
        None => line.to_owned(),
    }
}
