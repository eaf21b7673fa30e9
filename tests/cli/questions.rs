//! Questions at a real terminal, before there is a cluster.

use std::path::Path;

use kfwasm_rig::{RigError, Terminal};
use snapbox::{Assert, Data};

use crate::programs::kfwasm;

#[test]
fn a_person_is_asked_for_what_is_missing() -> Result<(), RigError> {
    let work = tempfile::tempdir().unwrap();
    let terminal = Terminal::run(kfwasm().current_dir(work.path()).arg("build"))?;
    for (question, answer) in [
        ("Name of this installation [kubeflow]: ", "ml"),
        ("Host or IP address of the gateway: ", "203.0.113.10"),
        (
            "Issuer of the provider, or the tenant id of Microsoft Entra ID: ",
            "https://id.example.com",
        ),
        ("Client id of the registration: ", "kubeflow"),
    ] {
        terminal.wait_for(question)?;
        terminal.answer(answer)?;
    }
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(0), "{said}");
    assert!(work.path().join("kfwasm.yaml").exists(), "{said}");
    is_recorded("questions", &said);
    Ok(())
}

/// A host with a name may have a certificate that everybody trusts.
#[test]
fn a_host_with_a_name_is_asked_about_its_certificate() -> Result<(), RigError> {
    let work = tempfile::tempdir().unwrap();
    let asked = [
        "build",
        "ml",
        "--issuer",
        "https://id.example.com",
        "--client-id",
        "kubeflow",
    ];
    let terminal = Terminal::run(kfwasm().current_dir(work.path()).args(asked))?;
    for (question, answer) in [
        ("Host or IP address of the gateway: ", "ml.example.com"),
        (
            "Certificate: selfSigned, acme, existing or none [selfSigned]: ",
            "acme",
        ),
        ("Mail address for the ACME authority: ", "alice@example.com"),
    ] {
        terminal.wait_for(question)?;
        terminal.answer(answer)?;
    }
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(0), "{said}");
    is_recorded("certificate", &said);
    Ok(())
}

/// What the person saw and typed is what `recorded/NAME.txt` has; `TRYCMD=overwrite` writes it anew.
fn is_recorded(name: &str, said: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cli/recorded");
    let kept = Data::read_from(&folder.join(format!("{name}.txt")), None).raw();
    let said = format!("$ kfwasm build\n{said}");
    Assert::new().action_env("TRYCMD").eq(said, kept);
}

#[test]
fn ctrl_c_at_a_question_ends_it_and_writes_nothing() -> Result<(), RigError> {
    let work = tempfile::tempdir().unwrap();
    let terminal = Terminal::run(kfwasm().current_dir(work.path()).args(["build", "ml"]))?;
    terminal.wait_for("Host or IP address of the gateway: ")?;
    terminal.interrupt()?;
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(1), "{said}");
    is_recorded("interrupted", &said);
    assert_eq!(work.path().read_dir().unwrap().count(), 0);
    Ok(())
}
