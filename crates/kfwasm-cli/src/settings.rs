use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kfwasm_config::EnvName;
use kfwasm_config::installation::{Backstop, Installation};
use serde_json::Value;

use crate::failure::Failure;
use crate::yaml;

/// `kfwasm.yaml`, checked.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// What it says.
    pub(crate) installation: Installation,
    /// The plugin's configuration as it was written.
    pub(crate) plugin: Value,
}

impl Settings {
    /// Reads the file.
    pub(crate) fn read(file: &Path) -> Result<Self, Failure> {
        let place = file.display();
        let text = fs::read_to_string(file).map_err(|error| {
            Failure::usage(
                format!("{place}: {error}"),
                "`kfwasm build NAME` makes one, or name yours with --file",
            )
        })?;
        Self::parse(&text).map_err(|problems| {
            Failure::usage(
                format!("{place} is refused; nothing was changed\n{problems}"),
                "",
            )
        })
    }

    /// Reads what stands in the file: all problems at once, as text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let value = yaml::document(text)?;
        let bytes = value.to_string();
        let installation =
            Installation::from_json(bytes.as_bytes()).map_err(|problems| problems.to_string())?;
        let plugin = value.get("plugin").cloned().unwrap_or_default();
        Ok(Self {
            installation,
            plugin,
        })
    }

    /// The environment variables that the plugin's configuration names, in order.
    pub(crate) fn environment(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        collect(&self.plugin, &mut names);
        names.insert(self.session_keys().to_owned());
        names
    }

    /// The environment variable with the key ring.
    pub(crate) fn session_keys(&self) -> &str {
        self.installation.plugin.session.keys.as_str()
    }

    /// The environment variable with the value of the header that the backstop demands, where it does.
    pub(crate) fn gate(&self) -> Option<&str> {
        let secret = self.installation.plugin.backstop.secret.as_ref();
        let secret = secret.filter(|_| self.installation.backstop == Backstop::Header);
        secret.map(EnvName::as_str)
    }
}

/// Every `{env: NAME}`, wherever it stands: those of later versions of the plugin too.
fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => match (fields.len(), fields.get("env").and_then(Value::as_str)) {
            (1, Some(name)) => {
                names.insert(name.to_owned());
            }
            _ => fields.values().for_each(|value| collect(value, names)),
        },
        Value::Array(list) => list.iter().for_each(|value| collect(value, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(more: &str) -> Result<Settings, String> {
        let provider = r#"{"issuer": "https://id.example.com", "clientId": "kubeflow", "clientSecret": {"env": "SECRET"}}"#;
        let plugin = format!(r#""publicHosts": ["ml.example.com"], "providers": [{provider}]"#);
        Settings::parse(&format!(
            r#"{{"name": "ml", {more}, "plugin": {{{plugin}}}}}"#
        ))
    }

    #[test]
    fn a_backstop_that_the_gateways_envoy_cannot_load_is_refused() {
        let refused = parse(r#""istio": "1.16""#).unwrap_err();
        let words = "backstop: is envoyFilter, which needs Istio 1.17 or newer";
        assert!(refused.contains(words), "{refused}");
        assert!(parse(r#""istio": "1.17""#).is_ok());
        assert!(parse(r#""istio": "1.16", "backstop": "none""#).is_ok());
    }
}
