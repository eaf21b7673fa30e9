use kfwasm_config::installation::{Backstop, Installation, IstioVersion};
use serde_json::json;

use super::{AUTHENTICATION, MARK, Survey};
use crate::object::Object;
use crate::render;
use crate::settings::Settings;

/// Where an EnvoyFilter demands the mark of every request, without a matcher in front.
const DEMANDED_OF_ALL: &str = "/spec/configPatches/0/patch/value/typed_config/rules";

/// Which backstop there should be: the one of kfwasm.yaml, or else of the kind that is there.
pub(super) fn kind(survey: &Survey, parts: &[Object]) -> Backstop {
    let is_there = |kind: &str| parts.iter().any(|part| part.text("/kind") == kind);
    let demands_header = |part: &Object| part.get("/spec/rules/0/when/0/notValues").is_some();
    match &survey.settings {
        Some(settings) => settings.installation.backstop,
        None if is_there(MARK) => Backstop::EnvoyFilter,
        None if is_there(AUTHENTICATION) => Backstop::Jwt,
        None if parts.iter().any(demands_header) => Backstop::Header,
        // Of one that is not there nothing is compared.
        None => Backstop::Jwt,
    }
}

/// What kfwasm makes for the filter that is there.
///
/// # Errors
/// Its configuration is not known, or does not go with this backstop.
pub(super) fn objects(
    survey: &Survey,
    kind: Backstop,
    parts: &[Object],
) -> Result<Vec<Object>, String> {
    let config = survey.config().and_then(Result::ok);
    let config = config.ok_or("the plugin's configuration is not known")?;
    let mut settings = match &survey.settings {
        Some(settings) => settings.clone(),
        None => settings_of(survey, parts)?,
    };
    settings.installation = Installation {
        backstop: kind,
        gateway: survey.names.clone(),
        plugin: config,
        ..settings.installation
    };
    Ok(render::backstop(&settings))
}

/// Those of the filter that is there, where nobody has a kfwasm.yaml.
fn settings_of(survey: &Survey, parts: &[Object]) -> Result<Settings, String> {
    let plugin = survey.plugin.as_ref().ok().and_then(Option::as_ref);
    let plugin = plugin.and_then(|plugin| plugin.pointer("/spec/pluginConfig"));
    let certificate = json!({ "issuer": "none" });
    let settings = json!({ "name": "kfwasm", "istio": istio(parts), "backstop": "none", "certificate": certificate, "plugin": plugin });
    Settings::parse(&settings.to_string())
}

/// The version that the mark's filter was made for, as far as that makes a difference.
fn istio(parts: &[Object]) -> String {
    let is_demanded = |part: &Object| part.get(DEMANDED_OF_ALL).is_some();
    let version = match parts.iter().any(is_demanded) {
        true => IstioVersion::FILTER_STATE,
        false => IstioVersion::FILTER_STATE_MATCHED,
    };
    format!("{}.{}", version.major, version.minor)
}
