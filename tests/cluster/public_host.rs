//! The public host that nobody has said.

pub(crate) mod to_come;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::{RigError, Terminal};
use serde_json::json;
use tempfile::TempDir;

use crate::installing::{folder_with, kfwasm, said};
use crate::load_balancer::balance;
use crate::recording::Recording;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const INSTALL: &str = "kfwasm install NAME --issuer https://id.example.com --client-id kubeflow --module-url \
                       oci://registry.example.com/kfwasm:1 --diff --timeout 1s --secret KFWASM_CLIENT_SECRET=secret";

#[test]
fn it_is_the_address_of_the_load_balancer_and_in_the_certificate() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, folder_with("secret"));
    gateway(&cluster)?;
    let named = json!({ "ip": "203.0.113.7", "hostname": "lb.example.com" });
    for (ingress, host, field) in [
        (json!({ "ip": "203.0.113.7" }), "203.0.113.7", "ipAddresses"),
        (named, "lb.example.com", "dnsNames"),
    ] {
        balance(&cluster, &[ingress])?;
        let name = field.to_lowercase();
        let output = install(&cluster, folder.path(), &name).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(said(&output).contains(&told(host)), "{}", said(&output));
        let directory = folder.path().join(&name);
        let settings = fs::read_to_string(directory.join("kfwasm.yaml")).unwrap();
        let hosts = format!("publicHosts:\n    - \"{host}\"\n");
        assert!(settings.contains(&hosts), "{settings}");
        let certificate = fs::read_to_string(directory.join("manifests/certificate.yaml")).unwrap();
        let field_of_it = format!("  {field}:\n  - {host}\n");
        let plain = certificate.replace('"', "");
        assert!(plain.contains(&field_of_it), "{certificate}");
    }
    Ok(())
}

fn told(host: &str) -> String {
    let service = "Service istio-system/istio-ingressgateway";
    format!("public host {host}: the address of {service}'s load balancer\n")
}

#[test]
fn where_there_is_no_address_it_must_be_said() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, TempDir::new().unwrap());
    let mut recording = Recording::with(Vec::new());
    let mut ask = || {
        let output = install(&cluster, folder.path(), "ml").output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        recording.add_ended(&INSTALL.replace("NAME", "ml"), &output);
    };
    ask();
    gateway(&cluster)?;
    ask();
    balance(&cluster, &[])?;
    ask();
    recording.pins("no-public-host");
    assert!(!folder.path().join("ml").exists());
    Ok(())
}

#[test]
fn a_person_is_asked_with_the_address_as_the_answer() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, folder_with("secret"));
    gateway(&cluster)?;
    let mut recording = Recording::with(Vec::new());
    let mut ask = |name: &str, question: &str, answer: &str| -> Result<(), RigError> {
        let terminal = Terminal::run(&install(&cluster, folder.path(), name))?;
        terminal.wait_for(question)?;
        terminal.answer(answer)?;
        let (code, said) = terminal.end()?;
        assert_eq!(code, Some(0), "{said}");
        let before_the_difference = said.split("Made ").next().unwrap();
        recording.add(&INSTALL.replace("NAME", name), before_the_difference);
        Ok(())
    };
    let question = "Host or IP address of the gateway";
    ask(
        "without",
        &format!("{question} [that of a load balancer]: "),
        "192.0.2.1",
    )?;
    balance(&cluster, &[json!({ "ip": "203.0.113.7" })])?;
    ask("default", &format!("{question} [203.0.113.7]: "), "")?;
    ask("other", &format!("{question} [203.0.113.7]: "), "192.0.2.1")?;
    recording.pins("asked-for-public-host");
    Ok(())
}

fn install(cluster: &Cluster, folder: &Path, name: &str) -> Command {
    let mut command = kfwasm(cluster, folder);
    let text = INSTALL.replace("NAME", name);
    command.args(text.split_whitespace().skip(1));
    command.stdin(Stdio::null());
    command
}
