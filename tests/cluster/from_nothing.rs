//! `kfwasm install` with a certificate and a load balancer, and `kfwasm uninstall`.
//!
//! Nobody answers at the address, so that nothing is verified here; `istio/` does.

use std::process::Output;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kfwasm_cluster_rig::{CertManager, Cluster};
use kfwasm_rig::RigError;
use serde_json::{Value, json};
use tempfile::TempDir;
use x509_parser::extensions::GeneralName;
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::installing::{folder_with, kfwasm, said};
use crate::inventory::{Inventory, everything, is_again};
use crate::kubelet::make_pods_ready;
use crate::load_balancer::give_where_asked_for;
use crate::running::Running;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const SECRETS: &str = "/api/v1/namespaces/istio-system/secrets";

const INSTALL: &[&str] = &[
    "install",
    "ml",
    "--host",
    "203.0.113.7",
    "--tenant",
    "72f988bf-86f1-41af-91ab-2d7cd011db47",
    "--client-id",
    "6731de76-14a6-49ae-97bc-6eba6914391e",
    "--load-balancer",
    "--no-verify",
    "--secret",
    "KFWASM_CLIENT_SECRET=client-secret",
];

#[test]
fn one_command_installs_it_and_one_takes_it_away() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, folder_with("client-secret"));
    gateway(&cluster)?;
    let _certificates = CertManager::start(&cluster)?;
    let before = everything(&cluster)?;

    let installed = run(&cluster, &folder, INSTALL)?;
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    is_a_leaf_for_the_address(&cluster)?;
    let again = run(&cluster, &folder, INSTALL)?;
    assert!(
        said(&again).contains("nothing was changed"),
        "{}",
        said(&again)
    );
    let gone = run(&cluster, &folder, &["uninstall", "ml", "--yes"])?;
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));

    let before = without_balancer(before);
    is_again(&before, || Ok(without_balancer(everything(&cluster)?)))
}

/// By the authority beside it, for nothing but this address, and unable to sign others.
fn is_a_leaf_for_the_address(cluster: &Cluster) -> Shown {
    let secret = |name: &str| cluster.api().get(&format!("{SECRETS}/{name}"));
    let (leaf, authority) = (secret("istio-ingressgateway-certs")?, secret("kfwasm-ca")?);
    assert_eq!(leaf["data"]["ca.crt"], authority["data"]["tls.crt"]);
    let der = |secret: &Value| {
        let pem = BASE64_STANDARD
            .decode(secret["data"]["tls.crt"].as_str().unwrap())
            .unwrap();
        parse_x509_pem(&pem).unwrap().1.contents
    };
    let (leaf, authority) = (der(&leaf), der(&authority));
    let (_, leaf) = X509Certificate::from_der(&leaf).unwrap();
    let (_, authority) = X509Certificate::from_der(&authority).unwrap();
    assert!(authority.is_ca() && !leaf.is_ca());
    assert_eq!(leaf.issuer(), authority.subject());
    let names = &leaf
        .subject_alternative_name()
        .unwrap()
        .unwrap()
        .value
        .general_names;
    assert!(
        matches!(names[..], [GeneralName::IPAddress([203, 0, 113, 7])]),
        "{names:?}"
    );
    let usage = leaf.extended_key_usage().unwrap().unwrap().value;
    assert!(usage.server_auth && !usage.client_auth);
    Ok(())
}

/// Runs it while the cluster does what a cluster does.
fn run(cluster: &Cluster, folder: &TempDir, arguments: &[&str]) -> Result<Output, RigError> {
    let running = Running::start(kfwasm(cluster, folder.path()).args(arguments));
    running.end_while(|| {
        make_pods_ready(cluster.api());
        give_where_asked_for(cluster, &json!({ "ip": "203.0.113.7" }));
    })
}

/// The API server itself gives a Service of type LoadBalancer ports of the nodes, which it keeps.
fn without_balancer(objects: Inventory) -> Inventory {
    let without = |(name, mut object): (String, Value)| {
        for port in object["spec"]["ports"].as_array_mut().into_iter().flatten() {
            port.as_object_mut().unwrap().remove("nodePort");
        }
        (name, object)
    };
    objects.into_iter().map(without).collect()
}
