//! Installations that have only begun: the gateway's Service was made a load balancer, and there is no kfwasm.yaml yet.

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

const MADE: &str = "--issuer https://id.example.com --client-id kubeflow --module-url oci://registry.example.com/kfwasm:1";

/// Its address would go with it.
#[test]
fn a_service_that_was_made_a_load_balancer_stays_one_without_the_flag_too() {
    let mut operator = Operator::at(begun());
    operator.run(&format!(
        "kfwasm install ml {MADE} --certificate none --dry-run"
    ));
    Operator::is_recorded([operator], "begun-without-flag");
}

#[test]
fn what_has_only_begun_is_known_by_its_name_before_there_is_a_directory() {
    let mut operator = Operator::at(begun());
    operator.run("kfwasm status ml");
    operator.run("kfwasm status other");
    operator.run("kfwasm uninstall other --yes");
    operator.run("kfwasm uninstall ml --yes");
    operator.run("kfwasm uninstall ml --yes");
    let mut elsewhere = Operator::at(World::default().refusing("", "", 500, "not now"));
    elsewhere.run("kfwasm uninstall ml --yes");
    elsewhere.run("kfwasm status ml");
    Operator::is_recorded([operator, elsewhere], "begun-by-name");
}

/// The load balancer has decided against a name.
#[test]
fn an_address_that_does_not_go_with_the_answers_is_told_with_what_goes_on() {
    let mut service = objects::service();
    service["status"] = given();
    let mut operator = Operator::at(World::with([service, objects::deployment()]));
    operator.run(&format!(
        "kfwasm install ml --load-balancer {MADE} --acme-email me@example.com --yes"
    ));
    Operator::is_recorded([operator], "begun-with-other-answers");
}

fn begun() -> World {
    let mut service = objects::service();
    service["spec"]["type"] = "LoadBalancer".into();
    let previous = objects::previous(&[(&service, objects::service())]);
    let managed =
        json!({ "manager": "kfwasm", "operation": "Apply", "apiVersion": "v1", "fieldsV1": {} });
    service["metadata"]["managedFields"] = json!([managed]);
    service["status"] = given();
    World::with([service, objects::deployment(), previous])
}

fn given() -> Value {
    json!({ "loadBalancer": { "ingress": [{ "ip": "203.0.113.7" }] } })
}
