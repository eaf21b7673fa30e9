//! Questions at a real terminal, before there is a cluster.

use std::fs;
use std::path::Path;
use std::process::Command;

use kfwasm_rig::{RigError, Terminal};
use snapbox::{Assert, Data};

use crate::programs::{built, kfwasm};

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
    is_recorded("questions", "kfwasm build", &said);
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
    is_recorded("certificate", "kfwasm build", &said);
    Ok(())
}

#[test]
fn without_an_answer_nothing_is_made() -> Result<(), RigError> {
    let work = tempfile::tempdir().unwrap();
    let terminal = Terminal::run(kfwasm().current_dir(work.path()).args(["build", "ml"]))?;
    terminal.wait_for("Host or IP address of the gateway: ")?;
    terminal.end_input()?;
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(2), "{said}");
    is_recorded("unanswered", "kfwasm build ml", &said);
    assert_eq!(work.path().read_dir().unwrap().count(), 0);
    Ok(())
}

#[test]
fn an_empty_answer_is_none_where_there_is_no_default() -> Result<(), RigError> {
    let work = tempfile::tempdir().unwrap();
    let terminal = Terminal::run(kfwasm().current_dir(work.path()).args(["build", "ml"]))?;
    terminal.wait_for("Host or IP address of the gateway: ")?;
    terminal.answer("")?;
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(2), "{said}");
    is_recorded("empty-answer", "kfwasm build ml", &said);
    assert_eq!(work.path().read_dir().unwrap().count(), 0);
    Ok(())
}

/// Entra's tokens carry the id, never the domain: nobody could sign in.
#[test]
fn a_domain_is_taken_neither_for_an_issuer_nor_for_a_tenants_id() -> Result<(), RigError> {
    let work = tempfile::tempdir().unwrap();
    let asked = ["build", "ml", "--host", "203.0.113.10"];
    let terminal = Terminal::run(kfwasm().current_dir(work.path()).args(asked))?;
    terminal.wait_for("Issuer of the provider, or the tenant id of Microsoft Entra ID: ")?;
    terminal.answer("contoso.onmicrosoft.com")?;
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(2), "{said}");
    is_recorded(
        "domain-for-tenant",
        "kfwasm build ml --host 203.0.113.10",
        &said,
    );
    assert_eq!(work.path().read_dir().unwrap().count(), 0);
    Ok(())
}

/// The settings of oidc-authservice may name no host; a person does, after they were read.
#[test]
fn a_path_on_a_gateway_whose_host_is_not_known_is_not_taken_over() -> Result<(), RigError> {
    let work = tempfile::tempdir().unwrap();
    let base = work.path().join("kf/istio/oidc-authservice/base");
    fs::create_dir_all(&base).unwrap();
    let variables = r#"[{"name": "OIDC_PROVIDER", "value": "https://id.example.com"}, {"name": "CLIENT_ID", "value": "kubeflow"},
        {"name": "OIDC_AUTH_URL", "value": "/dex/auth"}]"#;
    let pod = format!(r#"{{"containers": [{{"name": "authservice", "env": {variables}}}]}}"#);
    let text = format!(r#"{{"kind": "StatefulSet", "spec": {{"template": {{"spec": {pod}}}}}}}"#);
    fs::write(base.join("statefulset.yaml"), text).unwrap();

    let asked = ["migrate", "ml", "--from", "kf"];
    let terminal = Terminal::run(kfwasm().current_dir(work.path()).args(asked))?;
    terminal.wait_for("Host or IP address of the gateway: ")?;
    terminal.answer("203.0.113.10")?;
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(0), "{said}");
    is_recorded("path-without-host", "kfwasm migrate ml --from kf", &said);
    Ok(())
}

/// Silence is no yes, and neither is a log.
#[test]
fn a_person_is_asked_at_the_terminal_where_the_rest_goes_to_a_file() -> Result<(), RigError> {
    let work = tempfile::tempdir().unwrap();
    built(work.path());
    let file = work.path().join("ml/kfwasm.yaml");
    let before = fs::read_to_string(&file).unwrap();

    let script = r#""$0" revoke ml --everybody --no-apply 2>log"#;
    let mut shell = Command::new("sh");
    shell.current_dir(work.path()).args(["-c", script]);
    let terminal = Terminal::run(shell.arg(kfwasm().get_program()))?;
    terminal.wait_for("End everybody's sessions? (yes/no) [no]: ")?;
    terminal.answer("no")?;
    let (code, said) = terminal.end()?;

    assert_eq!(code, Some(1), "{said}");
    assert_eq!(fs::read_to_string(file).unwrap(), before);
    let log = fs::read_to_string(work.path().join("log")).unwrap();
    assert_eq!(log, "error: stopped; nothing was changed\n");
    Ok(())
}

/// What the person saw and typed is what `recorded/NAME.txt` has; `TRYCMD=overwrite` writes it anew.
fn is_recorded(name: &str, command: &str, said: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cli/recorded");
    let kept = Data::read_from(&folder.join(format!("{name}.txt")), None).raw();
    let said = format!("$ {command}\n{said}");
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
    is_recorded("interrupted", "kfwasm build", &said);
    assert_eq!(work.path().read_dir().unwrap().count(), 0);
    Ok(())
}
