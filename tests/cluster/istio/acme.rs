//! A certificate by ACME: a real authority asks the gateway, by plain http, whether it knows the answer.

use std::process::Output;
use std::time::Duration;

use kfwasm_cluster_rig::{CertManager, Pebble};
use kfwasm_rig::{Page, Request, RigError, UserAgent, wait_until};

use super::mesh::Mesh;
use super::signed_in::{alice_signs_in_by, there};
use crate::doctor::told;
use crate::installing::said;
use crate::stage::Shown;

const PATIENCE: Duration = Duration::from_secs(120);
const SECRET: &str = "/api/v1/namespaces/istio-system/secrets/istio-ingressgateway-certs";
const EMAIL: &str = "acmeEmail:";
/// Where nobody answers a challenge.
const NO_CHALLENGE: &str =
    "/.well-known/acme-challenge/LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";

#[test]
fn an_authority_certifies_the_host_through_the_gateway_and_again_through_the_filter() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    let pebble = mesh.pebble()?;
    let _certificates = CertManager::start_before(&mesh.cluster, mesh.plain_port())?;
    let before = there(&mesh)?;

    let installed = install(&mesh, &pebble);
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    alice_signs_in_by(&mesh, browser(&mesh, &pebble)?)?;
    plain_http_is_for_challenges_alone(&mesh)?;

    // The filter is there by now: what it does not let pass is certified no second time.
    let first = mesh.cluster.api().get(SECRET)?["data"]["tls.crt"].take();
    mesh.cluster.api().delete(SECRET)?;
    let another = || mesh.cluster.api().get(SECRET).ok();
    let second = wait_until("another certificate", PATIENCE, another)?["data"]["tls.crt"].take();
    assert_ne!(first, second);
    wait_until("the gateway to show it", PATIENCE, || {
        let found = told(&mesh.kfwasm(&["doctor", "--json"]));
        found.is_empty().then_some(())
    })?;
    alice_signs_in_by(&mesh, browser(&mesh, &pebble)?)?;

    let gone = mesh.kfwasm(&["uninstall", "--yes"]);
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(there(&mesh)?, before);
    Ok(())
}

/// With a directory that is certified by the company's own authority.
fn install(mesh: &Mesh, pebble: &Pebble) -> Output {
    let options = ["--acme-email", "platform@example.com"];
    let install =
        |more: &[&str]| mesh.install_with(&mesh.provider.issuer(), &[&options, more].concat());
    let shown = install(&["--dry-run"]);
    assert_eq!(shown.status.code(), Some(0), "{}", said(&shown));
    let authority = mesh.authority.pem();
    let authority = authority.trim_end().replace('\n', "\n    ");
    let settings = format!(
        "acmeServer: {}\n  acmeCaBundle: |\n    {authority}\n  {EMAIL}",
        pebble.directory()
    );
    mesh.edit(EMAIL, &settings);
    install(&[])
}

/// One that trusts those whom pebble certifies.
fn browser(mesh: &Mesh, pebble: &Pebble) -> Result<UserAgent, RigError> {
    UserAgent::trusting(&[mesh.authority.pem(), pebble.root().to_owned()].concat())
}

/// What has no answer goes on to the dashboard, and not to https.
fn plain_http_is_for_challenges_alone(mesh: &Mesh) -> Shown {
    for (method, path) in [("GET", "/pipeline/"), ("POST", NO_CHALLENGE)] {
        let page = plain(mesh, method, path)?;
        let wanted = format!("https://{}{path}", mesh.public_host());
        assert_eq!((page.status, page.header("location")), (308, Some(wanted)));
    }
    // The last challenge had a route of its own for a while.
    wait_until("the dashboard to have the path", PATIENCE, || {
        let page = plain(mesh, "GET", NO_CHALLENGE).ok()?;
        (page.status == 200).then_some(())
    })?;
    assert_eq!(mesh.upstream.latest().unwrap().target, NO_CHALLENGE);
    Ok(())
}

fn plain(mesh: &Mesh, method: &str, path: &str) -> Result<Page, RigError> {
    let address = format!("http://127.0.0.1:{}{path}", mesh.plain_port());
    let request = Request::navigation(&address)?.method(method);
    UserAgent::new().send(&request.header("host", mesh.public_host()))
}
