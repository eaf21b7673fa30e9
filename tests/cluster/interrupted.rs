//! Ctrl-C, at a real terminal.

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::{RigError, Terminal};
use tempfile::TempDir;

use crate::installing::{SECRET, apply, built, everything, kfwasm, said};
use crate::recording::Recording;
use crate::stage::{Shown, cluster, gateway};

const ISTIO: &str = "1.31.4";

#[test]
fn ctrl_c_at_each_question_changes_nothing() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let mut recording = Recording::with(Vec::new());
    let applying = [&["apply"][..], &SECRET].concat();
    let question = "Change the cluster so?";
    let told = told_when_interrupted_at(question, &applying, &cluster, &folder)?;
    recording.add(
        "kfwasm apply ml --secret KFWASM_CLIENT_SECRET=secret",
        &told,
    );

    let applied = apply(&cluster, folder.path())?;
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    for (question, arguments) in [
        ("Put a new key first?", &["keys", "rotate", "ml"][..]),
        (
            "End everybody's sessions?",
            &["revoke", "ml", "--everybody"],
        ),
        ("Go back to what was there before?", &["migrate", "--back"]),
        ("Take kfwasm away?", &["uninstall"]),
    ] {
        let told = told_when_interrupted_at(question, arguments, &cluster, &folder)?;
        recording.add(&format!("kfwasm {}", arguments.join(" ")), &told);
    }
    recording.pins("interrupted");
    Ok(())
}

#[test]
fn a_no_at_a_question_changes_nothing() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    let terminal = Terminal::run(kfwasm(&cluster, folder.path()).arg("apply").args(SECRET))?;
    terminal.wait_for("Change the cluster so? (yes/no) [no]: ")?;
    terminal.answer("no")?;
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(1), "{said}");
    let mut recording = Recording::with(Vec::new());
    recording.add(
        "kfwasm apply ml --secret KFWASM_CLIENT_SECRET=secret",
        &said,
    );
    recording.pins("answered-no");
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

fn told_when_interrupted_at(
    question: &str,
    arguments: &[&str],
    cluster: &Cluster,
    folder: &TempDir,
) -> Result<String, RigError> {
    let before = everything(cluster)?;
    let terminal = Terminal::run(kfwasm(cluster, folder.path()).args(arguments))?;
    terminal.wait_for(&format!("{question} (yes/no) [no]: "))?;
    terminal.interrupt()?;
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(1), "{arguments:?}: {said}");
    assert!(
        said.contains("\nerror: interrupted\n"),
        "{arguments:?}: {said}"
    );
    assert_eq!(everything(cluster)?, before, "{arguments:?}");
    Ok(said)
}
