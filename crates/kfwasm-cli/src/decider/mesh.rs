use serde_json::Value;

use super::SERVICES;
use crate::yaml;

/// The names of Istio's external authorizers (`extensionProviders` of the ConfigMap `istio`) whose service is a predecessor's.
pub(crate) fn authorizers(mesh: &Value) -> Vec<String> {
    let text = mesh.pointer("/data/mesh").and_then(Value::as_str);
    let config = yaml::document(text.unwrap_or_default()).unwrap_or_default();
    let providers = config.get("extensionProviders").and_then(Value::as_array);
    providers.into_iter().flatten().filter_map(named).collect()
}

fn named(provider: &Value) -> Option<String> {
    let service = ["envoyExtAuthzHttp", "envoyExtAuthzGrpc"]
        .iter()
        .find_map(|kind| provider.get(kind)?.get("service")?.as_str())?;
    let host = service.rsplit('/').next()?.split('.').next()?;
    let name = provider.get("name")?.as_str()?;
    SERVICES.contains(&host).then(|| name.to_owned())
}
