//! Configured providers for tests.

use kfwasm_config::{Config, Provider};
use serde_json::{Value, json};

/// A provider as an operator who wrote `members` besides issuer and client id has it.
pub(super) fn provider(members: Value) -> Provider {
    let mut provider = json!({"issuer": "https://login.example.com", "clientId": "kubeflow"});
    for (name, value) in members.as_object().unwrap() {
        provider[name] = value.clone();
    }
    let config = json!({"publicHosts": ["kubeflow.example.com"], "providers": [provider]});
    let config = Config::from_json(config.to_string().as_bytes()).unwrap();
    config.providers.into_iter().next().unwrap()
}
