use serde_json::{Value, json};

use crate::sample::{change, good, read, said_about};

fn with(issuer: &str, members: Value) -> Value {
    let mut document = good();
    let provider = &mut document["providers"][0];
    *provider = json!({ "issuer": issuer, "clientId": "kubeflow" });
    for (name, value) in members.as_object().unwrap() {
        provider[name] = value.clone();
    }
    document
}

fn graph(document: &Value) -> Option<String> {
    let config = read(document);
    let endpoint = config.providers[0].graph_endpoint.as_ref();
    endpoint.map(|it| it.as_str().to_owned())
}

const ENTRA: &str = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
const US: &str = "https://login.microsoftonline.us/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
const MEMBERSHIPS: &str = "/v1.0/me/transitiveMemberOf?$select=id&$top=999";

#[test]
fn graph_is_known_for_each_of_entras_clouds_and_for_no_other_provider() {
    let at = |host: &str| Some([host, MEMBERSHIPS].concat());
    assert_eq!(
        graph(&with(ENTRA, json!({}))),
        at("https://graph.microsoft.com")
    );
    assert_eq!(
        graph(&with(US, json!({}))),
        at("https://graph.microsoft.us")
    );
    assert_eq!(graph(&with("https://a.example", json!({}))), None);
}

#[test]
fn it_may_be_elsewhere_or_nowhere() {
    let elsewhere = "https://graph.example/me/groups";
    let document = with(ENTRA, json!({ "graphEndpoint": elsewhere }));
    assert_eq!(graph(&document), Some(elsewhere.to_owned()));
    let document = with(ENTRA, json!({ "groupOverage": "ignore" }));
    assert_eq!(graph(&document), None);
    let document = with("https://a.example", json!({ "graphEndpoint": elsewhere }));
    assert_eq!(graph(&document), Some(elsewhere.to_owned()));
}

#[test]
fn contradictions_are_refused() {
    let mut document = with(ENTRA, json!({ "groupOverage": "ignore" }));
    change(
        &mut document,
        "/providers/0/graphEndpoint",
        "\"https://graph.example/\"",
    );
    assert_eq!(
        said_about(&document),
        "providers[0].graphEndpoint: is never asked, because groupOverage is ignore\n    remove one of the two"
    );
    let document = with("https://a.example", json!({ "groupOverage": "graph" }));
    assert_eq!(
        said_about(&document),
        "providers[0].groupOverage: asks for a Graph that is not known: the issuer is not Microsoft Entra ID\n    write graphEndpoint, or remove groupOverage"
    );
    let document = with(ENTRA, json!({ "graphEndpoint": "http://graph.example/" }));
    assert!(said_about(&document).starts_with("providers[0].graphEndpoint: "));
}
