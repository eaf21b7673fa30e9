//! A good configuration, and what is said when one thing in it is changed.

use kfwasm_config::Config;
use serde_json::{Value, json};

/// As `written`: the field is taken away.
pub(crate) const REMOVED: &str = "";

/// One change to the good configuration.
pub(crate) struct Case {
    /// The field that is changed, as a JSON pointer (RFC 6901).
    pub(crate) at: &'static str,
    /// The JSON that stands there instead.
    pub(crate) written: &'static str,
    /// Every line of what is said about it.
    pub(crate) said: &'static [&'static str],
}

/// The good configuration.
pub(crate) fn good() -> Value {
    json!({
        "publicHosts": ["kubeflow.example.com"],
        "providers": [{
            "issuer": "https://login.example.com",
            "clientId": "kubeflow",
            "clientSecret": {"env": "KFWASM_CLIENT_SECRET"},
        }],
        "skip": [{"exact": "/healthz"}],
    })
}

/// The good configuration with one thing changed.
pub(crate) fn changed(at: &str, written: &str) -> Value {
    let mut document = good();
    change(&mut document, at, written);
    document
}

/// Changes one thing; fields and objects on the way to it are made.
pub(crate) fn change(document: &mut Value, at: &str, written: &str) {
    let (parent, name) = at.rsplit_once('/').unwrap();
    let mut place = document;
    for step in parent.split('/').skip(1) {
        place = match step.parse::<usize>() {
            Ok(index) => &mut place[index],
            Err(_) => &mut place[step],
        };
    }
    match (place, name.parse::<usize>()) {
        (Value::Array(list), Ok(index)) if index == list.len() => list.push(json(written)),
        (Value::Array(list), Ok(index)) => list[index] = json(written),
        (Value::Object(fields), _) if written == REMOVED => drop(fields.remove(name)),
        (other, _) => other[name] = json(written),
    }
}

fn json(written: &str) -> Value {
    serde_json::from_str(written).unwrap()
}

/// What is said about the document.
pub(crate) fn said_about(document: &Value) -> String {
    match Config::from_json(document.to_string().as_bytes()) {
        Ok(_) => "nothing".to_owned(),
        Err(problems) => problems.to_string(),
    }
}

/// The configuration that the document is read as.
pub(crate) fn read(document: &Value) -> Config {
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

/// Asserts for each change, made alone, that exactly this is said.
pub(crate) fn assert_each(cases: &[Case]) {
    for case in cases {
        let document = changed(case.at, case.written);
        let said = said_about(&document);
        let expected = case.said.join("\n");
        assert_eq!(said, expected, "{} = {}", case.at, case.written);
    }
}
