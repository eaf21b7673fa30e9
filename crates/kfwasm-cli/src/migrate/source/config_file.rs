//! The configuration file of oauth2-proxy, which is TOML.

use serde_json::Value;

use super::super::Setting;

/// Its options. Tables are none of them.
///
/// # Errors
/// The parser's words.
pub(super) fn settings(text: &str) -> Result<Vec<Setting>, String> {
    let file: Value = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    let options = file.as_object().into_iter().flatten();
    Ok(options.map(|(name, value)| setting(name, value)).collect())
}

/// A setting of a value that may be a list.
pub(super) fn setting(name: &str, value: &Value) -> Setting {
    let values = match value {
        Value::Array(values) => values.iter().map(text).collect(),
        value => vec![text(value)],
    };
    Setting {
        name: name.to_owned(),
        values,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}
