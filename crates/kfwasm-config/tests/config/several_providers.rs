use serde_json::{Value, json};

use crate::sample::{good, read, said_about};

/// The good configuration with a second provider.
fn with_second(second: Value) -> Value {
    let mut document = good();
    let mut provider = json!({
        "name": "partners",
        "issuer": "https://partners.example",
        "clientId": "kubeflow",
    });
    for (name, value) in second.as_object().unwrap() {
        provider[name] = value.clone();
    }
    document["providers"].as_array_mut().unwrap().push(provider);
    document
}

#[test]
fn a_provider_without_label_is_known_by_the_host_of_its_issuer() {
    let config = read(&with_second(json!({})));
    assert_eq!(config.providers[1].label(), "partners.example");
    let config = read(&with_second(json!({ "label": "Partners & friends" })));
    assert_eq!(config.providers[1].label(), "Partners & friends");
}

#[test]
fn a_provider_serves_all_hosts_or_those_that_it_names() {
    let host = good()["publicHosts"][0].as_str().unwrap().to_owned();
    let config = read(&with_second(json!({})));
    assert!(config.providers[1].serves(&host));
    assert!(config.providers[1].serves("other.example"));
    let config = read(&with_second(json!({ "hosts": [host] })));
    assert!(config.providers[1].serves(&host));
    assert!(!config.providers[1].serves("other.example"));
}

#[test]
fn hosts_that_are_not_public_and_public_hosts_without_provider_are_refused() {
    let said = said_about(&with_second(json!({ "hosts": ["other.example"] })));
    assert_eq!(
        said,
        "providers[1].hosts[0]: \"other.example\" is not in publicHosts\n    add it there, or remove it here"
    );

    let mut document = with_second(json!({}));
    document["publicHosts"] = json!(["a.example", "b.example"]);
    document["providers"][0]["hosts"] = json!(["a.example"]);
    document["providers"][1]["hosts"] = json!(["a.example"]);
    assert_eq!(
        said_about(&document),
        "publicHosts[1]: \"b.example\" has no provider: each of them has hosts of its own\n    add it to the hosts of a provider, or give one provider no hosts"
    );
}

#[test]
fn a_prefix_of_what_no_header_may_hold_and_a_comma_among_groups_are_refused() {
    let said = said_about(&with_second(
        json!({ "prefix": "a b", "groupsPrefix": "a,b" }),
    ));
    assert!(said.contains("providers[1].prefix: "), "{said}");
    assert!(
        said.contains("providers[1].groupsPrefix: \"a,b\" has a comma"),
        "{said}"
    );
    let config = read(&with_second(
        json!({ "prefix": "p:", "groupsPrefix": "p:" }),
    ));
    assert_eq!(config.providers[1].prefix.as_deref(), Some("p:"));
    assert_eq!(config.providers[0].prefix, None);
}

#[test]
fn a_label_of_control_characters_and_an_empty_list_of_hosts_are_refused() {
    let said = said_about(&with_second(json!({ "label": "a\nb", "hosts": [] })));
    assert!(said.contains("providers[1].label: "), "{said}");
    assert!(said.contains("providers[1].hosts: is empty"), "{said}");
}

/// The paths of callbacks and of the beginning of sign-ins are answered by kfwasm itself.
#[test]
fn the_paths_of_several_providers_have_one_meaning() {
    let mut document = with_second(json!({}));
    document["signOut"] = json!({ "paths": ["/authservice/oidc/callback/partners/start"] });
    let said = said_about(&document);
    assert!(said.contains("is the path of callback.path too"), "{said}");

    let mut document = with_second(json!({}));
    document["skip"] = json!([{ "exact": "/authservice/oidc/callback/partners" }]);
    let said = said_about(&document);
    assert!(said.contains("covers the path of callback.path"), "{said}");
}
