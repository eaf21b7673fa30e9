//! From a Kubeflow without sign-in to one with, and back.

use std::process::Output;

use super::mesh::Mesh;
use super::signed_in::{alice_signs_in, there};
use crate::doctor::told;
use crate::installing::said;
use crate::stage::Shown;

/// The options of [`Mesh::install`], as one types them.
const COMMAND: &str = "kfwasm install ml --host ml.example.com --issuer https://id.example.com --client-id kfwasm \\
    --certificate existing --certificate-secret gateway-certificate --force-conflicts \\
    --secret KFWASM_CLIENT_SECRET=secret";

#[test]
fn a_person_signs_in_at_a_gateway_of_istio_and_nothing_is_left_of_it_afterwards() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    let before = there(&mesh)?;

    let installed = mesh.install(&[]);
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    let verified = format!("verified  {}: the filter decides", mesh.public_host());
    for line in ["loaded    in each pod of the gateway: 1", &verified] {
        assert!(said(&installed).contains(line), "{}", said(&installed));
    }
    alice_signs_in(&mesh)?;

    let found = mesh.kfwasm(&["doctor", "--json"]);
    let report = String::from_utf8_lossy(&found.stdout);
    assert_eq!(told(&found), [], "{report}");
    the_client_secret_goes_to_nobody_who_is_not_certified(&mesh);

    let gone = mesh.kfwasm(&["uninstall", "--yes"]);
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(there(&mesh)?, before);
    recorded(&mesh, &installed, &gone);
    Ok(())
}

/// Where the provider's authority is none of this machine's, the doctor does not try it.
fn the_client_secret_goes_to_nobody_who_is_not_certified(mesh: &Mesh) {
    let mut doctor = mesh.command(&["doctor", "--json"]);
    let found = doctor.env_remove("SSL_CERT_FILE").output().unwrap();
    let unchecked = ("client secret".to_owned(), "unchecked".to_owned());
    assert_eq!(told(&found), [unchecked]);
}

/// What `docs/recordings/install.txt` shows.
fn recorded(mesh: &Mesh, installed: &Output, gone: &Output) {
    let mut recording = mesh.recording();
    recording.add(COMMAND, &said(installed));
    recording.add("kfwasm uninstall", &said(gone));
    recording.stands_in("install.txt");
}
