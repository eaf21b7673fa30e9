use kfwasm_config::Config;
use serde_json::json;

use crate::sample::{good, said_about};

const TEN_MISTAKES: &str = r#"plainHttp: "https" is not accepted here
    accepted here: redirect, accept
providers[0].issuer: "http://login.example.com/{tenantid}" begins with http://, which anyone on the way can read and change
    write https://, or, where you trust the network, set insecureHttp: true
providers[0].tenants[0]: "contoso" is not a tenant id
    write the Directory (tenant) ID, a GUID such as 72f988bf-86f1-41af-91ab-2d7cd011db47
providers[0].clientId: is missing
    write the client id of the registration at the provider
providers[0].clientSecret: is a secret written in clear
    write {env: NAME} and put the secret into that environment variable of the gateway (vmConfig.env with valueFrom: HOST)
providers[0].clientID: is no field that exists here
    did you mean "clientId"?
publicHosts[1]: "Two.example.com" has upper-case letters
    write it in lower case, as browsers send it
session.idle: is longer than absolute
    make idle shorter, or absolute longer
identity.groupsHeader: is the same header as header
    choose two headers: the user must not be read as a group
skip[1]: covers the path of signOut.paths[0], which kfwasm answers itself
    make the rule narrower"#;

#[test]
fn ten_mistakes_are_told_at_once_contradictions_among_them() {
    let document = json!({
        "plainHttp": "https",
        "providers": [{
            "issuer": "http://login.example.com/{tenantid}",
            "tenants": ["contoso"],
            "clientID": "kubeflow",
            "clientSecret": "hunter2",
        }],
        "publicHosts": ["one.example.com", "Two.example.com"],
        "session": {"idle": "2h", "absolute": "1h"},
        "identity": {"groupsHeader": "kubeflow-userid"},
        "skip": [{"exact": "/healthz"}, {"prefix": "/logout"}],
    });
    let said = said_about(&document);
    assert_eq!(said, TEN_MISTAKES);
}

#[test]
fn a_contradiction_is_told_although_a_field_beside_it_cannot_be_read() {
    let mut document = good();
    document["session"] = json!({"cookieName": "a b", "idle": "2h", "absolute": "1h"});
    let said = said_about(&document);
    assert!(said.contains("session.cookieName: "), "{said}");
    assert!(
        said.contains("session.idle: is longer than absolute"),
        "{said}"
    );
}

#[test]
fn what_cannot_be_read_leads_to_no_second_problem() {
    let mut document = good();
    let provider = &mut document["providers"][0];
    provider["insecureHttp"] = json!("no");
    provider["issuer"] = json!("http://login.example.com");
    provider["clientAuthentication"] = json!("client_secret_post");
    provider["clientSecret"] = json!("hunter2");
    provider["scopes"] = json!(["open id"]);
    let problems = Config::from_json(document.to_string().as_bytes()).unwrap_err();
    let places: Vec<&str> = problems
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    assert_eq!(
        places,
        [
            "providers[0].insecureHttp",
            "providers[0].clientSecret",
            "providers[0].scopes[0]",
        ]
    );
}

#[test]
fn a_secret_written_in_clear_is_not_repeated() {
    for place in ["clientSecret", "privateKey"] {
        for secret in [
            json!("hunter2"),
            json!({"env": "hunter2!"}),
            json!(["hunter2"]),
        ] {
            let mut document = good();
            document["providers"][0][place] = secret;
            let said = said_about(&document);
            assert!(said.contains(place) && !said.contains("hunter2"), "{said}");
        }
    }
}

#[test]
fn a_password_in_a_url_is_not_repeated() {
    let mut document = good();
    document["providers"][0]["tokenEndpoint"] = json!("https://kubeflow:hunter2@example.com");
    let said = said_about(&document);
    assert!(
        said.contains("user name") && !said.contains("hunter2"),
        "{said}"
    );
}
