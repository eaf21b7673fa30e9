//! Ctrl-C, at a real terminal.

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::{RigError, Terminal};
use tempfile::TempDir;

use crate::installing::{SECRET, apply, built, kfwasm, said, uninstall};
use crate::inventory::everything;
use crate::recording::Recording;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const APPLY: &str = "kfwasm apply ml --yes --secret KFWASM_CLIENT_SECRET=secret";

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

/// In the middle: the gateway's new pods are waited for, and nobody makes them ready.
#[test]
fn what_ctrl_c_broke_off_is_shown_and_finished_by_the_same_command() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    let mut recording = Recording::with(Vec::new());

    recording.add(
        APPLY,
        &told_when_interrupted_in_the_middle(&cluster, &folder)?,
    );
    for arguments in [&["status"][..], &["status", "--json"]] {
        let shown = kfwasm(&cluster, folder.path()).args(arguments).output();
        recording.add_ended(&format!("kfwasm {}", arguments.join(" ")), &shown.unwrap());
    }
    let finished = apply(&cluster, folder.path())?;
    assert_eq!(finished.status.code(), Some(0), "{}", said(&finished));
    recording.add_ended(APPLY, &finished);
    recording.pins("interrupted-in-the-middle");
    let whole = kfwasm(&cluster, folder.path()).arg("status").output();
    assert_eq!(whole.unwrap().status.code(), Some(0));

    let gone = uninstall(&cluster, folder.path())?;
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

#[test]
fn what_ctrl_c_broke_off_is_taken_away_by_uninstall() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    told_when_interrupted_in_the_middle(&cluster, &folder)?;
    assert_ne!(everything(&cluster)?, before);

    let gone = uninstall(&cluster, folder.path())?;

    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

fn told_when_interrupted_in_the_middle(
    cluster: &Cluster,
    folder: &TempDir,
) -> Result<String, RigError> {
    let mut applying = kfwasm(cluster, folder.path());
    let terminal = Terminal::run(applying.args(["apply", "--yes"]).args(SECRET))?;
    terminal.wait_for("\nwaiting   Deployment istio-system/istio-ingressgateway: ")?;
    terminal.interrupt()?;
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(1), "{said}");
    // The terminal shows the key itself.
    Ok(said.replace("^C", ""))
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
