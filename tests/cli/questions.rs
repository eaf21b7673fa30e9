//! Questions at a real terminal, before there is a cluster.

use kfwasm_rig::{RigError, Terminal};

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
    Ok(())
}

#[test]
fn ctrl_c_at_a_question_ends_it_and_writes_nothing() -> Result<(), RigError> {
    let work = tempfile::tempdir().unwrap();
    let terminal = Terminal::run(kfwasm().current_dir(work.path()).args(["build", "ml"]))?;
    terminal.wait_for("Host or IP address of the gateway: ")?;
    terminal.interrupt()?;
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.ends_with("\nerror: interrupted\n    nothing was written\n"),
        "{said}"
    );
    assert_eq!(work.path().read_dir().unwrap().count(), 0);
    Ok(())
}
