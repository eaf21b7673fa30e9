use serde_json::{Value, json};

use crate::sample::{good, read, said_about};

fn with(list: Value) -> Value {
    let mut document = good();
    document["identity"]["claimHeaders"] = list;
    document
}

#[test]
fn headers_are_stored_in_lower_case() {
    let config = read(&with(
        json!([{ "claim": "department", "header": "X-User-Department" }]),
    ));
    let header = &config.identity.claim_headers[0];
    assert_eq!(
        (header.claim.as_str(), header.header.as_str()),
        ("department", "x-user-department")
    );
}

#[test]
fn each_header_has_one_meaning_however_it_is_written() {
    for (header, owner) in [
        ("Kubeflow-UserID", "identity.header"),
        ("kubeflow_groups", "identity.groupsHeader"),
        ("x_a", "that of another claim"),
    ] {
        let said = said_about(&with(json!([
            { "claim": "a", "header": "x-a" },
            { "claim": "b", "header": header },
        ])));
        let expected = format!(
            "identity.claimHeaders[1].header: \"{}\" is the same header as {owner}\n    choose another one: each header has one meaning",
            header.to_ascii_lowercase()
        );
        assert_eq!(said, expected);
    }
}

#[test]
fn headers_with_a_meaning_of_their_own_are_refused() {
    for header in [
        "authorization",
        "cookie",
        "host",
        "x-forwarded-for",
        "x-envoy-peer",
    ] {
        let said = said_about(&with(json!([{ "claim": "a", "header": header }])));
        assert!(
            said.contains("is a header with a meaning of its own"),
            "{said}"
        );
    }
    let said = said_about(&with(json!([{ "claim": "", "header": "x y" }, {}])));
    for place in [
        "[0].claim: ",
        "[0].header: ",
        "[1].claim: is missing",
        "[1].header: is missing",
    ] {
        assert!(said.contains(place), "{place}: {said}");
    }
}
