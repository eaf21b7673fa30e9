//! The program among others: completed by shells, read in man, called by kubectl.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::process::Command;

use tempfile::TempDir;

const KFWASM: &str = env!("CARGO_BIN_EXE_kfwasm");

fn output(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn each_shell_gets_a_script_that_knows_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = output(KFWASM, &["completions", shell]);
        for command in ["install", "login", "rotate", "revoke"] {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
}

#[test]
fn each_command_has_a_page_of_the_manual() {
    let folder = TempDir::new().unwrap();
    let pages = folder.path().join("man1");
    output(KFWASM, &["man", pages.to_str().unwrap()]);
    for page in [
        "kfwasm.1",
        "kfwasm-install.1",
        "kfwasm-login.1",
        "kfwasm-keys-rotate.1",
    ] {
        let text = fs::read_to_string(pages.join(page)).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{page}");
    }
}

#[test]
fn kubectl_runs_the_same_program_as_a_plugin() {
    let folder = TempDir::new().unwrap();
    let plugin = folder.path().join("kubectl-kfwasm");
    // No copy: what a child of another test still holds open for writing cannot be run.
    symlink(KFWASM, &plugin).unwrap();
    let help = output(&plugin, &["login", "--help"]);
    assert!(help.contains("Usage: kubectl kfwasm login "), "{help}");
    assert!(output(KFWASM, &["login", "--help"]).contains("Usage: kfwasm login "));
}

/// `kfwasm build ml | head -1`: as other programs end by SIGPIPE.
#[test]
fn a_reader_that_has_had_enough_ends_the_program() {
    let folder = TempDir::new().unwrap();
    let (_, nobody) = io::pipe().unwrap();
    let output = building(&folder)
        .args(["--output", "yaml"])
        .stdout(nobody)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(141), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn an_output_that_does_not_fit_on_the_disk_is_told() {
    let folder = TempDir::new().unwrap();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = building(&folder)
        .args(["--output", "yaml"])
        .stdout(full)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let error = "error: standard output cannot be written: No space left on device (os error 28)\n";
    assert_eq!(said.replace("Made ml/kfwasm.yaml\n", ""), error);
    assert_eq!(output.status.code(), Some(1));
}

/// What changes a cluster must not stop halfway because its log is not read.
#[test]
fn what_is_told_to_nobody_stops_nothing() {
    let folder = TempDir::new().unwrap();
    let (_, nobody) = io::pipe().unwrap();
    let status = building(&folder).stderr(nobody).status().unwrap();
    assert!(status.success(), "{status}");
    assert!(folder.path().join("ml/manifests/wasmplugin.yaml").is_file());
}

fn building(folder: &TempDir) -> Command {
    fs::write(folder.path().join("module.wasm"), b"\0asm\x01\0\0\0").unwrap();
    let made = "build ml --host ml.example.com --issuer https://id.example.com --client-id kubeflow \
                --module module.wasm";
    let mut program = Command::new(KFWASM);
    program.args(made.split(' ')).current_dir(folder.path());
    program
}
