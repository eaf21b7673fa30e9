use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{FailurePolicy, Person};

/// How a [`super::Rig`] is to be set up.
#[derive(Clone, Debug)]
pub struct RigSettings {
    /// The gateway's TCP port on loopback; a free one when `None`.
    pub port: Option<u16>,
    /// Fields of the plugin's configuration that are added to, or replace, those of the rig.
    pub plugin: Value,
    /// Who can sign in.
    pub people: Vec<Person>,
    /// How the provider signs ID tokens.
    pub algorithm: String,
    /// How long the provider's tokens live, in seconds.
    pub token_seconds: u32,
    /// Whether the provider gives refresh tokens, each of which serves once.
    pub refresh_tokens: bool,
    /// Whether only the provider's userinfo endpoint tells about the user.
    pub thin_id_tokens: bool,
    /// What happens when the module fails.
    pub failure_policy: FailurePolicy,
    /// Where the gateway's files and log are kept; a folder that goes away with it when `None`.
    pub folder: Option<PathBuf>,
}

impl Default for RigSettings {
    fn default() -> Self {
        Self {
            port: None,
            plugin: json!({}),
            people: vec![Person::alice(), Person::bob()],
            algorithm: "RS256".to_owned(),
            token_seconds: 3600,
            refresh_tokens: false,
            thin_id_tokens: false,
            failure_policy: FailurePolicy::default(),
            folder: None,
        }
    }
}
