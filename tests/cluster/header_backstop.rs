//! The backstop where EnvoyFilter is forbidden: an AuthorizationPolicy with a secret that nobody has to know.

use std::fs;

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::RigError;
use tempfile::TempDir;

use crate::installing::{SECRET, apply, built, kfwasm, said, uninstall};
use crate::inventory::everything;
use crate::recording::is_recorded;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const POLICY: &str =
    "/apis/security.istio.io/v1beta1/namespaces/istio-system/authorizationpolicies/kfwasm-backstop";
const FILTERS: &str = "/apis/networking.istio.io/v1alpha3/namespaces/istio-system/envoyfilters";
const KFWASM: &str = "/api/v1/namespaces/istio-system/secrets/kfwasm";
const PREVIOUS: &str = "/api/v1/namespaces/istio-system/configmaps/kfwasm-previous";

#[test]
fn the_policy_demands_what_the_filter_is_told_and_nobody_is_shown_it() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, with_header());
    gateway(&cluster)?;
    let before = everything(&cluster)?;

    let applied = apply(&cluster, folder.path())?;
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    let value = demanded(&cluster)?;
    assert!(value.len() >= 32, "{value}");
    assert_eq!(
        cluster.api().get(KFWASM)?["data"]["KFWASM_GATE"],
        encoded(&value)
    );
    let filters = cluster.api().get(FILTERS)?["items"].clone();
    assert_eq!(filters.as_array().map(Vec::len), Some(0), "{filters}");
    let again = apply(&cluster, folder.path())?;
    assert!(
        said(&again).contains("nothing was changed"),
        "{}",
        said(&again)
    );

    is_shown_nowhere(&value, &cluster, &folder)?;
    let gone = uninstall(&cluster, folder.path())?;
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

#[test]
fn a_secret_that_the_filter_would_refuse_is_told_and_nothing_changed() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, with_header());
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    fs::write(folder.path().join("short"), "too-short").unwrap();
    let options = ["apply", "--yes", "--secret", "KFWASM_GATE=short"];
    let mut command = kfwasm(&cluster, folder.path());
    let refused = command.args(options).args(SECRET).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    let command =
        "kfwasm apply --yes --secret KFWASM_GATE=short ml --secret KFWASM_CLIENT_SECRET=secret";
    is_recorded("unfit-gate", command, &refused);
    assert!(!said(&refused).contains("too-short"), "{}", said(&refused));
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

/// The directory of an installation whose backstop is a header.
fn with_header() -> TempDir {
    let folder = built();
    let file = folder.path().join("ml/kfwasm.yaml");
    let settings = fs::read_to_string(&file).unwrap();
    let settings = settings.replace("backstop: envoyFilter", "backstop: header");
    let header = "  backstop: {header: x-kfwasm-gate, secret: {env: KFWASM_GATE}}\n";
    fs::write(&file, settings + header).unwrap();
    let mut command = std::process::Command::new(std::env::var_os("KFWASM").unwrap());
    let output = command
        .current_dir(folder.path())
        .args(["build", "ml"])
        .output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", said(&output));
    folder
}

fn demanded(cluster: &Cluster) -> Result<String, RigError> {
    let policy = cluster.api().get(POLICY)?;
    let demanded = &policy["spec"]["rules"][0]["when"][0]["notValues"][0];
    Ok(demanded.as_str().unwrap_or_default().to_owned())
}

/// Neither by a difference, nor by what is kept of before, nor by the doctor.
fn is_shown_nowhere(value: &str, cluster: &Cluster, folder: &TempDir) -> Shown {
    let previous = cluster.api().get(PREVIOUS)?.to_string();
    assert!(
        previous.contains("kfwasm-backstop") && !previous.contains(value),
        "{previous}"
    );
    let other = "another-secret-of-thirty-two-bytes-or-more";
    fs::write(folder.path().join("gate"), other).unwrap();
    let mut command = kfwasm(cluster, folder.path());
    let command = command.args(["apply", "--diff", "--secret", "KFWASM_GATE=gate"]);
    let shown = command.args(SECRET).output().unwrap();
    let text = String::from_utf8_lossy(&shown.stdout).into_owned() + &said(&shown);
    assert!(
        text.contains("AuthorizationPolicy istio-system/kfwasm-backstop"),
        "{text}"
    );
    assert!(!text.contains(value) && !text.contains(other), "{text}");
    let mut doctor = kfwasm(cluster, folder.path());
    let told = doctor.args(["doctor", "--json"]).output().unwrap();
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(
        told.contains("denies what the filter has not seen") && !told.contains(value),
        "{told}"
    );
    Ok(())
}

fn encoded(value: &str) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(value)
}
