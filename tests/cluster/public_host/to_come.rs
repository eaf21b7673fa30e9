//! The public host is the address of a load balancer that is not there yet: the gateway's Service becomes one first.

mod agreed_to;
mod interrupted;
mod of_others;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use kfwasm_cluster_rig::{CertManager, Cluster};
use kfwasm_rig::RigError;
use serde_json::{Value, json};

use crate::installing::{folder_with, kfwasm, said, uninstall};
use crate::inventory::{Inventory, everything, is_again};
use crate::load_balancer::{give, take_back};
use crate::recording::is_recorded;
use crate::running::Running;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const INSTALL: &str = "kfwasm install ml --load-balancer --issuer https://id.example.com --client-id kubeflow --module-url \
                       oci://registry.example.com/kfwasm:1 --no-verify --secret KFWASM_CLIENT_SECRET=secret";
pub(crate) const WAITING: &str =
    "waiting   Service istio-system/istio-ingressgateway: the load balancer has no address\n";
const QUESTION: &str = "Host or IP address of the gateway [that of a load balancer]: ";
const CERTIFICATE: &str =
    "/apis/cert-manager.io/v1/namespaces/istio-system/certificates/istio-ingressgateway-certs";
const PLUGIN: &str =
    "/apis/extensions.istio.io/v1alpha1/namespaces/istio-system/wasmplugins/kfwasm";

/// An address that a load balancer gets.
struct Address {
    /// For the directory and the recording.
    name: &'static str,
    /// As the cloud's controller tells it.
    told: Value,
    /// As browsers write it.
    host: &'static str,
    /// What the certificate is for.
    subject: Value,
}

fn addresses() -> [Address; 3] {
    let (ip, ipv6, name) = ("203.0.113.7", "2001:db8::7", "lb-7.example.com");
    [
        Address {
            name: "ip",
            told: json!({ "ip": ip }),
            host: ip,
            subject: json!({ "ipAddresses": [ip] }),
        },
        Address {
            name: "name",
            told: json!({ "hostname": name }),
            host: name,
            subject: json!({ "dnsNames": [name] }),
        },
        Address {
            name: "ipv6",
            told: json!({ "ip": ipv6 }),
            host: "[2001:db8::7]",
            subject: json!({ "ipAddresses": [ipv6] }),
        },
    ]
}

/// One cluster for all of them, because to start one takes longest.
#[test]
fn the_service_becomes_a_load_balancer_and_everything_is_made_of_its_address() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, folder_with("secret"));
    gateway(&cluster)?;
    let _certificates = CertManager::start(&cluster)?;
    let before = everything(&cluster)?;
    for address in addresses() {
        let output = nothing_is_made_before_it_is_there(&cluster, folder.path(), &address)?;
        everything_is_made_of_it(&cluster, folder.path(), &address)?;
        the_uri_to_register_is_told(&output, &address);
        is_as_before(&cluster, folder.path(), &before)?;
        take_back(&cluster)?;
    }
    Ok(())
}

fn nothing_is_made_before_it_is_there(
    cluster: &Cluster,
    folder: &Path,
    address: &Address,
) -> Result<Output, RigError> {
    let name = address.name;
    // What the round before has given back is ours to take again.
    let command = INSTALL.replace(" ml ", &format!(" {name} ")) + " --force-conflicts --yes";
    let running = Running::start(&mut typed(cluster, folder, &command));
    running.wait_for(WAITING)?;
    assert!(!folder.join(name).exists(), "{}", running.said());
    give(cluster, &address.told)?;
    let output = running.end_while_pods_become_ready(cluster)?;
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    is_recorded(&format!("to-come-{name}"), &command, &output);
    Ok(output)
}

fn everything_is_made_of_it(cluster: &Cluster, folder: &Path, address: &Address) -> Shown {
    let (name, host) = (address.name, address.host);
    let settings = fs::read_to_string(folder.join(name).join("kfwasm.yaml")).unwrap();
    let hosts = format!("publicHosts:\n    - \"{host}\"\n");
    assert!(settings.contains(&hosts), "{settings}");
    assert!(settings.contains("loadBalancer: true"), "{settings}");
    let certificate = cluster.api().get(CERTIFICATE)?;
    for field in ["ipAddresses", "dnsNames"] {
        let subject = &address.subject[field];
        assert_eq!(certificate["spec"][field], *subject, "{certificate}");
    }
    let plugin = cluster.api().get(PLUGIN)?;
    assert_eq!(plugin["spec"]["pluginConfig"]["publicHosts"], json!([host]));
    Ok(())
}

fn the_uri_to_register_is_told(output: &Output, address: &Address) {
    let host = address.host;
    let uri = format!("\n  https://{host}/authservice/oidc/callback\n");
    assert!(said(output).contains(&uri), "{}", said(output));
}

/// After `uninstall`.
fn is_as_before(cluster: &Cluster, folder: &Path, before: &Inventory) -> Shown {
    let gone = uninstall(cluster, folder)?;
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    is_again(before, || everything(cluster))
}

fn install(cluster: &Cluster, folder: &Path, flags: &[&str]) -> Command {
    let mut command = typed(cluster, folder, INSTALL);
    command.args(flags).stdin(Stdio::null());
    command
}

/// As a person types it.
fn typed(cluster: &Cluster, folder: &Path, command: &str) -> Command {
    let mut program = kfwasm(cluster, folder);
    program.args(command.split_whitespace().skip(1));
    program
}
