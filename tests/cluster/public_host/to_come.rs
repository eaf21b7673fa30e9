//! The public host is the address of a load balancer that is not there yet: the gateway's Service becomes one first.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use kfwasm_cluster_rig::{CertManager, Cluster};
use kfwasm_rig::{Terminal, wait_until};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ISTIO, SERVICE};
use crate::installing::{kfwasm, said, uninstall};
use crate::inventory::everything;
use crate::recording::{Recording, is_recorded};
use crate::refused::kubeconfig_of_one_who_may;
use crate::running::Running;
use crate::stage::{Shown, cluster, gateway};

const PATIENCE: Duration = Duration::from_secs(120);
const INSTALL: &str = "kfwasm install ml --load-balancer --issuer https://id.example.com --client-id kubeflow --module-url \
                       oci://registry.example.com/kfwasm:1 --no-verify --secret KFWASM_CLIENT_SECRET=secret";
pub(crate) const WAITING: &str =
    "waiting   Service istio-system/istio-ingressgateway: the load balancer has no address\n";
const QUESTION: &str = "Host or IP address of the gateway [that of a load balancer]: ";
const CERTIFICATE: &str =
    "/apis/cert-manager.io/v1/namespaces/istio-system/certificates/istio-ingressgateway-certs";
const PLUGIN: &str =
    "/apis/extensions.istio.io/v1alpha1/namespaces/istio-system/wasmplugins/kfwasm";

#[test]
fn the_service_becomes_a_load_balancer_and_everything_is_made_of_its_address() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, folder());
    gateway(&cluster)?;
    let _certificates = CertManager::start(&cluster)?;
    let before = everything(&cluster)?;
    for (name, ingress, host, subject) in [
        (
            "ip",
            json!({ "ip": "203.0.113.7" }),
            "203.0.113.7",
            json!({ "ipAddresses": ["203.0.113.7"] }),
        ),
        (
            "name",
            json!({ "hostname": "lb-7.example.com" }),
            "lb-7.example.com",
            json!({ "dnsNames": ["lb-7.example.com"] }),
        ),
        (
            "ipv6",
            json!({ "ip": "2001:db8::7" }),
            "[2001:db8::7]",
            json!({ "ipAddresses": ["2001:db8::7"] }),
        ),
    ] {
        // What the round before has given back is ours to take again.
        let command = INSTALL.replace(" ml ", &format!(" {name} ")) + " --force-conflicts";
        let running = Running::start(&mut typed(&cluster, folder.path(), &command));
        running.wait_for(WAITING)?;
        assert!(!folder.path().join(name).exists(), "{}", running.said());
        give(&cluster, &ingress)?;
        let output = running.end_while_pods_become_ready(&cluster)?;
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        is_made_of(&cluster, folder.path(), name, host, &subject)?;
        let uri = format!("\n  https://{host}/authservice/oidc/callback\n");
        assert!(said(&output).contains(&uri), "{}", said(&output));
        is_recorded(&format!("to-come-{name}"), &command, &output);
        is_as_before(&cluster, folder.path(), &before)?;
        take_back(&cluster)?;
    }
    Ok(())
}

fn is_made_of(cluster: &Cluster, folder: &Path, name: &str, host: &str, subject: &Value) -> Shown {
    let settings = fs::read_to_string(folder.join(name).join("kfwasm.yaml")).unwrap();
    let hosts = format!("publicHosts:\n    - \"{host}\"\n");
    assert!(settings.contains(&hosts), "{settings}");
    assert!(settings.contains("loadBalancer: true"), "{settings}");
    let certificate = cluster.api().get(CERTIFICATE)?;
    for field in ["ipAddresses", "dnsNames"] {
        assert_eq!(certificate["spec"][field], subject[field], "{certificate}");
    }
    let plugin = cluster.api().get(PLUGIN)?;
    assert_eq!(plugin["spec"]["pluginConfig"]["publicHosts"], json!([host]));
    Ok(())
}

/// After `uninstall`, and when what cert-manager made for the Certificates has gone with them.
fn is_as_before(
    cluster: &Cluster,
    folder: &Path,
    before: &std::collections::BTreeMap<String, Value>,
) -> Shown {
    let gone = uninstall(cluster, folder)?;
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    let _ = wait_until("everything to be as before", PATIENCE, || {
        (everything(cluster).ok()? == *before).then_some(())
    });
    assert_eq!(everything(cluster)?, *before);
    Ok(())
}

/// What the change will be is shown with a name in the place of the address, and nothing is done before it is agreed to.
#[test]
fn nothing_is_changed_before_it_is_agreed_to() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, folder());
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    let mut recording = Recording::with(Vec::new());

    let shown = |way: &str| {
        let output = install(&cluster, folder.path(), &[way]).output().unwrap();
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
    let looks_only = kubeconfig_of_one_who_may(&cluster, &["get", "list", "create"])?;
    let mut command = install(&cluster, folder.path(), &[]);
    let refused = command
        .env("KUBECONFIG", looks_only.path())
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    recording.add_ended(INSTALL, &refused);

    let terminal = Terminal::run(&install(&cluster, folder.path(), &[]))?;
    terminal.wait_for(QUESTION)?;
    terminal.answer("")?;
    terminal.wait_for("Certificate: selfSigned, acme, existing or none [selfSigned]: ")?;
    terminal.answer("")?;
    terminal.wait_for("Change the cluster so? (yes/no) [no]: ")?;
    terminal.answer("no")?;
    let (code, said) = terminal.end()?;
    assert_eq!(code, Some(1), "{said}");
    recording.add(INSTALL, &said);

    recording.pins("to-come-not-agreed");
    assert!(!folder.path().join("ml").exists());
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

/// Ctrl-C while the address is waited for, at a real terminal.
#[test]
fn what_ctrl_c_broke_off_before_there_was_an_address_is_shown_and_finished() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, folder());
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    let mut recording = Recording::with(Vec::new());
    let flags = ["--yes", "--certificate", "none"];
    let command = format!("{INSTALL} {}", flags.join(" "));

    let terminal = Terminal::run(&install(&cluster, folder.path(), &flags))?;
    terminal.wait_for(QUESTION)?;
    terminal.answer("")?;
    terminal.wait_for(WAITING.trim_end())?;
    terminal.interrupt()?;
    let (code, told) = terminal.end()?;
    assert_eq!(code, Some(1), "{told}");
    recording.add(&command, &told.replace("^C", ""));
    let status = kfwasm(&cluster, folder.path()).arg("status").output();
    recording.add_ended("kfwasm status", &status.unwrap());

    let running = Running::start(&mut typed(&cluster, folder.path(), &command));
    running.wait_for(WAITING)?;
    give(&cluster, &json!({ "ip": "203.0.113.7" }))?;
    let finished = running.end_while_pods_become_ready(&cluster)?;
    assert_eq!(finished.status.code(), Some(0), "{}", said(&finished));
    recording.add_ended(&command, &finished);
    let installed = everything(&cluster)?;
    let again = Running::start(&mut typed(&cluster, folder.path(), &command))
        .end_while_pods_become_ready(&cluster)?;
    recording.add_ended(&command, &again);
    assert_eq!(everything(&cluster)?, installed);
    recording.pins("to-come-interrupted");
    is_as_before(&cluster, folder.path(), &before)
}

/// The Service is somebody's, and gets no address: `uninstall` gives it back.
#[test]
fn a_service_of_others_is_taken_over_only_when_asked_for_and_given_back() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, folder());
    gateway(&cluster)?;
    let metadata = json!({ "name": "istio-ingressgateway", "namespace": "istio-system" });
    let spec = json!({ "type": "ClusterIP" });
    let theirs =
        json!({ "apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec });
    cluster.api().apply_as("argocd", &theirs)?;
    let before = everything(&cluster)?;
    let mut recording = Recording::with(Vec::new());
    let mut install = |flags: &[&str], code: i32| {
        let output = install(&cluster, folder.path(), flags).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        let command = [&[INSTALL][..], flags].concat().join(" ");
        recording.add_ended(&command, &output);
    };

    install(&[], 1);
    assert_eq!(everything(&cluster)?, before);
    install(&["--force-conflicts", "--timeout", "1s"], 3);
    // Without the flag it is ours still, and waited for.
    install(&["--timeout", "1s"], 3);

    let service = cluster.api().get(SERVICE)?;
    assert_eq!(service["spec"]["type"], "LoadBalancer");
    let gone = uninstall(&cluster, folder.path())?;
    recording.add_ended("kfwasm uninstall --yes", &gone);
    recording.pins("to-come-in-vain");
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("secret"), "a secret of the test").unwrap();
    folder
}

fn install(cluster: &Cluster, folder: &Path, flags: &[&str]) -> Command {
    let mut command = kfwasm(cluster, folder);
    command.args(INSTALL.split_whitespace().skip(1)).args(flags);
    command.stdin(Stdio::null());
    command
}

/// Without a terminal, so that nobody is asked.
fn typed(cluster: &Cluster, folder: &Path, command: &str) -> Command {
    let mut program = kfwasm(cluster, folder);
    program.args(command.split_whitespace().skip(1));
    program
}

/// As the cloud's controller does; and when the Service is none of its any more.
pub(crate) fn give(cluster: &Cluster, ingress: &Value) -> Shown {
    let status = json!({ "status": { "loadBalancer": { "ingress": [ingress] } } });
    cluster.api().merge(&format!("{SERVICE}/status"), &status)?;
    Ok(())
}

fn take_back(cluster: &Cluster) -> Shown {
    let none = json!({ "status": { "loadBalancer": null } });
    cluster.api().merge(&format!("{SERVICE}/status"), &none)?;
    Ok(())
}
