//! The program among others: completed by shells, read in man, called by kubectl.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fs;
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
    fs::copy(KFWASM, &plugin).unwrap();
    let help = output(&plugin, &["login", "--help"]);
    assert!(help.contains("Usage: kubectl kfwasm login "), "{help}");
    assert!(output(KFWASM, &["login", "--help"]).contains("Usage: kfwasm login "));
}
