//! The version of Istio, which a new kfwasm.yaml takes from the cluster.

use std::fs;

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

const INSTALL: &str = "kfwasm install ml --host ml.example.com --issuer https://id.example.com --client-id kubeflow --certificate none \
                       --module-url oci://registry.example.com/kfwasm:1 --dry-run";

fn world(istiods: impl IntoIterator<Item = Value>) -> World {
    let gateway = [objects::deployment(), objects::service()];
    World::with(gateway.into_iter().chain(istiods))
}

fn of_revision(revision: &str, image: &str) -> Value {
    let mut istiod = objects::istiod(image);
    istiod["metadata"]["name"] = format!("istiod-{revision}").into();
    istiod["metadata"]["labels"] = json!({ "app": "istiod", "istio.io/rev": revision });
    istiod
}

/// Who has installed there, and the version that kfwasm.yaml has then.
fn installed(world: World, command: &str) -> (Operator, String) {
    let mut operator = Operator::at(world);
    let shown = operator.run(command);
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    let text = fs::read_to_string(operator.folder().join("ml/kfwasm.yaml")).unwrap();
    let version = text.lines().find_map(|line| line.strip_prefix("istio: "));
    let version = version.unwrap().to_owned();
    (operator, version)
}

#[test]
fn a_new_kfwasm_yaml_is_for_the_istio_that_the_cluster_has() {
    let canary = [
        of_revision("1-26-0", "pilot:1.26.0"),
        of_revision("1-24-3", "pilot:1.24.3"),
    ];
    for (world, wanted) in [
        (
            world([objects::istiod("docker.io/istio/pilot:1.24.3")]),
            "\"1.24\"",
        ),
        (world(canary), "\"1.24\""),
    ] {
        let (_, version) = installed(world, INSTALL);
        assert_eq!(version, wanted);
    }
    let named = format!("{INSTALL} --istio 1.27");
    let (operator, version) = installed(world([objects::istiod("pilot:1.24.3")]), &named);
    assert_eq!(version, "\"1.27\"");
    let (of_the_cluster, _) = installed(world([objects::istiod("pilot:1.31.4")]), INSTALL);
    Operator::is_recorded([operator, of_the_cluster], "istio-of-the-cluster");
}

#[test]
fn where_the_version_of_istio_cannot_be_read_it_is_said_what_is_assumed() {
    let hostile = "pilot:1.24\"\nname: \"others";
    let forbidden = world([]).refusing("GET", "/deployments/istiod", 403, "may not look");
    let worlds = [world([objects::istiod(hostile)]), forbidden];
    let operators = worlds.map(|world| {
        let (operator, version) = installed(world, INSTALL);
        assert_eq!(version, "\"1.30\"");
        operator
    });
    Operator::is_recorded(operators, "istio-assumed");
}

#[test]
fn the_doctor_says_where_kfwasm_yaml_is_for_another_istio() {
    let world = world([objects::istiod("pilot:1.31.4"), objects::plugin(json!({}))]);
    let mut operator = Operator::at(world).with_directory("none");
    operator.ask_the_doctor(&["ml", "--address", "127.0.0.1:1"], &["istio"]);
    let file = operator.folder().join("ml/kfwasm.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("istio: \"1.30\"", "istio: \"1.31\"")).unwrap();
    operator.ask_the_doctor(&["ml", "--address", "127.0.0.1:1"], &["istio"]);
    Operator::is_recorded([operator], "doctor-istio");
}
