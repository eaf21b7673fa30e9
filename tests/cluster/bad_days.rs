//! What goes wrong in clusters: told before anything is changed, or finished by the same command later.

use std::process::Output;

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::RigError;
use serde_json::json;

use crate::installing;
use crate::installing::{SECRET, built_with, kfwasm, said};
use crate::inventory::everything;
use crate::load_balancer::give;
use crate::recording::{Recording, is_recorded};
use crate::running::Running;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const APPLY: &str = "kfwasm apply ml --yes --timeout 2 --secret KFWASM_CLIENT_SECRET=secret";
/// Where no pods can be looked into, which become ready. Long enough for that.
const UNSEEN: &str =
    "kfwasm apply ml --yes --timeout 20 --no-verify --secret KFWASM_CLIENT_SECRET=secret";
const SECRETS: &str = "/api/v1/namespaces/istio-system/secrets";
const CERTIFICATES: &str = "/apis/cert-manager.io/v1/namespaces/istio-system/certificates";

#[test]
fn a_certificate_that_is_not_there_is_told_and_nothing_changed() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built_with(&["--certificate", "existing"]));
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    let absent = apply(&cluster, &folder);
    assert_eq!(absent.status.code(), Some(3), "{}", said(&absent));
    assert_eq!(everything(&cluster)?, before);

    let name = name_in(&said(&absent), "Secret istio-system/");
    let metadata = json!({ "name": name, "namespace": "istio-system" });
    let wrong = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": { "cert": "", "key": "" } });
    cluster.api().create(SECRETS, &wrong)?;
    let incomplete = apply(&cluster, &folder);
    assert_eq!(incomplete.status.code(), Some(3), "{}", said(&incomplete));
    let mut recording = Recording::with(Vec::new());
    recording.add_ended(APPLY, &absent);
    recording.add_ended(APPLY, &incomplete);
    recording.pins("own-certificate");
    Ok(())
}

#[test]
fn a_cluster_without_istio_is_told_and_nothing_changed() -> Shown {
    let cluster = Cluster::start(&kfwasm_cluster_rig::Programs::from_environment()?)?;
    let refused = apply(&cluster, &built_with(&["--certificate", "none"]));
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    is_recorded("no-istio", APPLY, &refused);
    Ok(())
}

#[test]
fn a_webhook_that_does_not_answer_is_told_and_nothing_changed() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built_with(&["--certificate", "none"]));
    gateway(&cluster)?;
    cluster.api().apply(&json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": { "name": "gone" },
        "webhooks": [{
            "name": "gone.example.com",
            "admissionReviewVersions": ["v1"],
            "sideEffects": "None",
            "clientConfig": { "url": "https://localhost:1/validate" },
            "rules": [{ "apiGroups": ["extensions.istio.io"], "apiVersions": ["*"],
                "operations": ["CREATE"], "resources": ["wasmplugins"] }],
        }],
    }))?;
    let before = everything(&cluster)?;
    let refused = apply(&cluster, &folder);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    is_recorded("webhook", APPLY, &refused);
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

#[test]
fn a_load_balancer_and_a_certificate_that_never_come_are_told_and_waited_for_again() -> Shown {
    let options = ["--certificate", "selfSigned", "--load-balancer"];
    let (cluster, folder) = (cluster(ISTIO)?, built_with(&options));
    gateway(&cluster)?;
    let no_address = apply_unseen(&cluster, &folder)?;
    assert_eq!(no_address.status.code(), Some(3), "{}", said(&no_address));

    give(&cluster, &json!({ "ip": "203.0.113.7" }))?;
    let no_certificate = apply_unseen(&cluster, &folder)?;
    assert_eq!(
        no_certificate.status.code(),
        Some(3),
        "{}",
        said(&no_certificate)
    );
    let mut recording = Recording::with(Vec::new());
    recording.add_ended(UNSEEN, &no_address);
    recording.add_ended(UNSEEN, &no_certificate);
    recording.pins("waited-in-vain");
    assert!(cluster.api().get(CERTIFICATES)?["items"][0].is_object());
    Ok(())
}

#[test]
fn pods_that_do_not_become_what_they_were_are_told_at_the_end_of_uninstall() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built_with(&["--certificate", "none"]));
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    let installed = installing::apply(&cluster, folder.path())?;
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));

    let mut command = kfwasm(&cluster, folder.path());
    let gone = command.args(["uninstall", "--yes", "--timeout", "1s"]);
    let gone = gone.output().unwrap();

    assert_eq!(gone.status.code(), Some(3), "{}", said(&gone));
    let words = "everything is as it was before, and the pods of Deployment";
    assert!(said(&gone).contains(words), "{}", said(&gone));
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

fn apply(cluster: &Cluster, folder: &tempfile::TempDir) -> Output {
    let mut command = kfwasm(cluster, folder.path());
    command
        .args(["apply", "--yes", "--timeout", "2"])
        .args(SECRET);
    command.output().unwrap()
}

fn apply_unseen(cluster: &Cluster, folder: &tempfile::TempDir) -> Result<Output, RigError> {
    let mut command = kfwasm(cluster, folder.path());
    command.args(UNSEEN.split_whitespace().skip(1));
    Running::start(&mut command).end_while_pods_become_ready(cluster)
}

/// The word that follows.
fn name_in(text: &str, before: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split([',', ' ', '\n']).next().unwrap().to_owned()
}
