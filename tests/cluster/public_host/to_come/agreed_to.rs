//! Nothing is done before what it will be is agreed to.

use std::path::Path;

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::Terminal;

use super::{INSTALL, QUESTION, install};
use crate::installing::{folder_with, said};
use crate::inventory::everything;
use crate::recording::Recording;
use crate::refused::kubeconfig_of_one_who_may;
use crate::stage::{ISTIO, Shown, cluster, gateway};

#[test]
fn nothing_is_changed_before_it_is_agreed_to() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, folder_with("secret"));
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    let mut recording = Recording::with(Vec::new());

    a_name_stands_for_the_address_where_the_change_is_shown(
        &cluster,
        folder.path(),
        &mut recording,
    );
    who_may_only_look_is_refused(&cluster, folder.path(), &mut recording)?;
    a_no_ends_it(&cluster, folder.path(), &mut recording)?;

    recording.pins("to-come-not-agreed");
    assert!(!folder.path().join("ml").exists());
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

fn a_name_stands_for_the_address_where_the_change_is_shown(
    cluster: &Cluster,
    folder: &Path,
    recording: &mut Recording,
) {
    let shown = |way: &str| {
        let output = install(cluster, folder, &[way]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        output
    };
    recording.add_ended(&format!("{INSTALL} --dry-run"), &shown("--dry-run"));
    let difference = String::from_utf8(shown("--diff").stdout).unwrap();
    for words in [
        "-  type: ClusterIP\n+  type: LoadBalancer\n",
        "+  dnsNames:\n+  - address-of-the-load-balancer\n",
        "+    - address-of-the-load-balancer\n",
    ] {
        assert!(difference.contains(words), "{words}: {difference}");
    }
}

fn who_may_only_look_is_refused(
    cluster: &Cluster,
    folder: &Path,
    recording: &mut Recording,
) -> Shown {
    let looks_only = kubeconfig_of_one_who_may(cluster, &["get", "list", "create"])?;
    let mut command = install(cluster, folder, &[]);
    let command = command.env("KUBECONFIG", looks_only.path());
    let refused = command.output().unwrap();
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    recording.add_ended(INSTALL, &refused);
    Ok(())
}

fn a_no_ends_it(cluster: &Cluster, folder: &Path, recording: &mut Recording) -> Shown {
    let terminal = Terminal::run(&install(cluster, folder, &[]))?;
    for (question, answer) in [
        (QUESTION, ""),
        (
            "Certificate: selfSigned, acme, existing or none [selfSigned]: ",
            "",
        ),
        ("Change the cluster so? (yes/no) [no]: ", "no"),
    ] {
        terminal.wait_for(question)?;
        terminal.answer(answer)?;
    }
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(1), "{said}");
    recording.add(INSTALL, &said);
    Ok(())
}
