//! Without the filter nobody gets in, with a real Istio: by the mark, by the header, and by the ID token.

use std::time::Duration;

use kfwasm_rig::{Request, wait_until};

use super::mesh::Mesh;
use super::signed_in::{alice_signs_in, she_is_still_signed_in};
use crate::doctor::told;
use crate::installing::said;
use crate::stage::Shown;

const PATIENCE: Duration = Duration::from_secs(30);
pub(super) const FILTER: &str =
    "/apis/networking.istio.io/v1alpha3/namespaces/istio-system/envoyfilters/kfwasm-backstop";
const POLICY: &str =
    "/apis/security.istio.io/v1beta1/namespaces/istio-system/authorizationpolicies/kfwasm-backstop";
/// Behind a filter that is told so, Istio finds a token; at the paths that need no sign-in, none is needed.
const FORWARDED: &str = "plugin:\n  session: {forwardIdToken: true}\n  programs: {enabled: false}\n  skip: [{prefix: /public}]\n";
pub(super) const PLUGIN: &str =
    "/apis/extensions.istio.io/v1alpha1/namespaces/istio-system/wasmplugins/kfwasm";

#[test]
fn without_the_plugin_the_mark_is_missing_and_nobody_gets_in() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    let installed = mesh.install(&[]);
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    closes_and_opens_again(&mesh, PLUGIN)
}

#[test]
fn without_the_plugin_the_header_is_missing_and_nobody_gets_in() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    installed_with_header(&mesh);
    closes_and_opens_again(&mesh, PLUGIN)
}

#[test]
fn without_the_plugin_the_token_is_missing_and_nobody_gets_in() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    let shown = mesh.install(&["--dry-run"]);
    assert_eq!(shown.status.code(), Some(0), "{}", said(&shown));
    // istiod, which reads no file of ours, trusts nobody who certifies this provider.
    let keys = format!("{}/jwks", mesh.provider.issuer());
    let keys = mesh.browser()?.send(&Request::fetch(&keys)?)?.body.clone();
    let keys = String::from_utf8(keys).unwrap();
    mesh.edit(
        "clientSecret:",
        &format!("jwks: '{keys}'\n      clientSecret:"),
    );
    mesh.edit("backstop: envoyFilter", "backstop: jwt");
    mesh.edit("plugin:\n", FORWARDED);
    let installed = mesh.install(&["--overwrite"]);
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    closes_and_opens_again(&mesh, PLUGIN)?;

    let found = mesh.kfwasm(&["doctor", "--json"]);
    assert_eq!(told(&found), [], "{}", said(&found));
    let open = format!("https://{}/public/page", mesh.public_host());
    assert_eq!(mesh.browser()?.send(&Request::fetch(&open)?)?.status, 200);
    nobody_sets_the_headers_of_the_filter(&mesh, &open)
}

/// Where no sign-in is needed either.
fn nobody_sets_the_headers_of_the_filter(mesh: &Mesh, open: &str) -> Shown {
    mesh.cluster.api().delete(PLUGIN)?;
    for header in ["kubeflow-userid", "kubeflow-groups"] {
        let forged = Request::fetch(open)?.header(header, "root");
        let mut browser = mesh.browser()?;
        wait_until("the gateway to deny forged headers", PATIENCE, || {
            (browser.send(&forged).ok()?.status == 403).then_some(())
        })?;
    }
    assert_eq!(mesh.browser()?.send(&Request::fetch(open)?)?.status, 200);
    Ok(())
}

#[test]
fn an_old_backstop_stays_until_the_gateway_has_taken_another() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    let api = mesh.cluster.api();
    installed_with_header(&mesh);
    let mut browser = alice_signs_in(&mesh)?;

    mesh.edit("backstop: header", "backstop: envoyFilter");
    let built = mesh.kfwasm(&["build", "ml"]);
    assert_eq!(built.status.code(), Some(0), "{}", said(&built));
    let elsewhere = "istio: elsewhere";
    mesh.edit_file(
        "manifests/backstop.yaml",
        "istio: ingressgateway",
        elsewhere,
    );
    // The second time it is there already, as from a run that was broken off.
    for is_there in [false, true] {
        if is_there {
            api.apply_as("kfwasm", &mesh.manifest("backstop.yaml"))?;
        }
        let refused = mesh.kfwasm(&["apply", "ml", "--yes", "--timeout", "5s"]);
        assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
        let words = "has not taken EnvoyFilter istio-system/kfwasm-backstop";
        assert!(said(&refused).contains(words), "{}", said(&refused));
        assert!(api.get(POLICY).is_ok() && api.get(FILTER).is_err());
    }
    she_is_still_signed_in(&mesh, &mut browser)?;

    let replaced = mesh.install(&["--overwrite"]);
    assert_eq!(replaced.status.code(), Some(0), "{}", said(&replaced));
    assert!(!said(&replaced).contains("not seen"), "{}", said(&replaced));
    assert!(api.get(POLICY).is_err() && api.get(FILTER).is_ok());
    she_is_still_signed_in(&mesh, &mut browser)?;
    closes_and_opens_again(&mesh, PLUGIN)
}

fn installed_with_header(mesh: &Mesh) {
    let shown = mesh.install(&["--dry-run"]);
    assert_eq!(shown.status.code(), Some(0), "{}", said(&shown));
    mesh.edit("backstop: envoyFilter", "backstop: header");
    let header = "plugin:\n  backstop: {header: x-kfwasm-gate, secret: {env: KFWASM_GATE}}\n";
    mesh.edit("plugin:\n", header);
    let installed = mesh.install(&["--overwrite"]);
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
}

/// Where the filter's resource is deleted, nobody gets in until it is applied again.
pub(super) fn closes_and_opens_again(mesh: &Mesh, filter: &str) -> Shown {
    let mut browser = alice_signs_in(mesh)?;
    let address = format!("https://{}/pipeline/", mesh.public_host());

    mesh.cluster.api().delete(filter)?;
    wait_until("the gateway to deny everything", PATIENCE, || {
        let asked = Request::navigation(&address).and_then(|it| browser.send(&it));
        (asked.ok()?.status == 403).then_some(())
    })?;
    let forged = Request::fetch(&address)?.header("kubeflow-userid", "root@example.com");
    assert_eq!(mesh.browser()?.send(&forged)?.status, 403);
    let with_a_gate = Request::fetch(&address)?.header("x-kfwasm-gate", "1");
    assert_eq!(browser.send(&with_a_gate)?.status, 403);
    let forged =
        Request::fetch(&address)?.header("authorization", "Bearer eyJhbGciOiJub25lIn0.e30.");
    assert!([401, 403].contains(&mesh.browser()?.send(&forged)?.status));
    nothing_but_hers_arrived(mesh);

    let again = mesh.kfwasm(&["apply", "ml", "--yes", "--force-conflicts"]);
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    she_is_still_signed_in(mesh, &mut browser)
}

/// Also not while the gateway was being told.
pub(super) fn nothing_but_hers_arrived(mesh: &Mesh) {
    for arrived in mesh.upstream.received() {
        let user = arrived.all("kubeflow-userid");
        assert_eq!(user, ["alice@example.com"], "{}", arrived.target);
    }
}
