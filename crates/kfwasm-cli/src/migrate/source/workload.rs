use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

use super::super::SecretPlace;
use super::super::setting::{is_published, is_secret};
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::object::{Object, ObjectId};

/// An environment variable of a workload's first container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: Held,
}

/// Its value, unless that is a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Text(String),
    Secret {
        place: SecretPlace,
        is_published: bool,
    },
}

/// What it is looked up by.
pub(super) struct Workload<'c> {
    cluster: &'c Cluster,
    object: Object,
    secret: fn(&str) -> bool,
}

impl<'c> Workload<'c> {
    /// The names of variables that `secret` knows are secrets.
    pub(super) fn new(cluster: &'c Cluster, object: Object, secret: fn(&str) -> bool) -> Self {
        Self {
            cluster,
            object,
            secret,
        }
    }

    pub(super) fn container(&self) -> Option<&Value> {
        self.object.get("/spec/template/spec/containers/0")
    }

    /// Its variables, with those of ConfigMaps and Secrets; a later one of the same name counts.
    pub(super) async fn variables(&self) -> Result<Vec<Variable>, Failure> {
        let mut variables = Vec::new();
        for source in self.list("envFrom") {
            self.of_source(source, &mut variables).await?;
        }
        for variable in self.list("env") {
            if let Some(variable) = self.of_variable(variable).await? {
                variables.retain(|known: &Variable| known.name != variable.name);
                variables.push(variable);
            }
        }
        Ok(variables)
    }

    /// The data of the ConfigMap or Secret that is mounted there.
    pub(super) async fn mounted(&self, path: &str) -> Result<Option<String>, Failure> {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let is_there = |mount: &&Value| {
            let mounted = mount.get("mountPath").and_then(Value::as_str);
            mounted.is_some_and(|place| place == path || place.trim_end_matches('/') == folder)
        };
        let Some(mount) = self.list("volumeMounts").find(is_there) else {
            return Ok(None);
        };
        let key = mount.get("subPath").and_then(Value::as_str).unwrap_or(file);
        let volumes = self.object.get("/spec/template/spec/volumes");
        let mut volumes = volumes.and_then(Value::as_array).into_iter().flatten();
        let volume = volumes.find(|volume| volume.get("name") == mount.get("name"));
        let text = |pointer| volume.and_then(|volume| volume.pointer(pointer)?.as_str());
        match (text("/configMap/name"), text("/secret/secretName")) {
            (Some(name), _) => Ok(self
                .data("ConfigMap", name)
                .await?
                .remove(key)
                .and_then(into_text)),
            (None, Some(name)) => Ok(self
                .data("Secret", name)
                .await?
                .remove(key)
                .and_then(decoded)),
            (None, None) => Ok(None),
        }
    }

    fn list(&self, field: &str) -> impl Iterator<Item = &Value> {
        let list = self
            .container()
            .and_then(|container| container.get(field)?.as_array());
        list.into_iter().flatten()
    }

    async fn of_source(
        &self,
        source: &Value,
        variables: &mut Vec<Variable>,
    ) -> Result<(), Failure> {
        let name = |pointer| source.pointer(pointer).and_then(Value::as_str);
        if let Some(name) = name("/configMapRef/name") {
            for (key, value) in self.data("ConfigMap", name).await? {
                variables.extend(into_text(value).map(|value| self.variable(&key, value, None)));
            }
        }
        if let Some(name) = name("/secretRef/name") {
            for (key, value) in self.data("Secret", name).await? {
                let place = self.place(name, &key);
                variables
                    .extend(decoded(value).map(|value| self.variable(&key, value, Some(place))));
            }
        }
        Ok(())
    }

    async fn of_variable(&self, variable: &Value) -> Result<Option<Variable>, Failure> {
        let text = |pointer| variable.pointer(pointer).and_then(Value::as_str);
        let Some(name) = text("/name") else {
            return Ok(None);
        };
        if let Some(value) = text("/value") {
            return Ok(Some(self.variable(name, value.to_owned(), None)));
        }
        let of = |kind: &str| {
            let reference = variable.get("valueFrom")?.get(kind)?;
            let text = |field| Some(reference.get(field)?.as_str()?.to_owned());
            Some((text("name")?, text("key")?))
        };
        if let Some((map, key)) = of("configMapKeyRef") {
            let value = self.data("ConfigMap", &map).await?.remove(&key);
            return Ok(value
                .and_then(into_text)
                .map(|value| self.variable(name, value, None)));
        }
        let Some((secret, key)) = of("secretKeyRef") else {
            return Ok(None);
        };
        let value = self.data("Secret", &secret).await?.remove(&key);
        let place = self.place(&secret, &key);
        Ok(value
            .and_then(decoded)
            .map(|value| self.variable(name, value, Some(place))))
    }

    fn variable(&self, name: &str, value: String, place: Option<SecretPlace>) -> Variable {
        let value = match (self.secret)(name) {
            false => Held::Text(value),
            true => Held::Secret {
                is_published: is_published(&value),
                place: place.unwrap_or_else(|| self.in_clear(name)),
            },
        };
        let name = name.to_owned();
        Variable { name, value }
    }

    fn place(&self, secret: &str, key: &str) -> SecretPlace {
        SecretPlace::Secret {
            namespace: self.namespace().to_owned(),
            name: secret.to_owned(),
            key: key.to_owned(),
        }
    }

    fn in_clear(&self, name: &str) -> SecretPlace {
        SecretPlace::Elsewhere(format!("{name} stands in clear in {}", self.object.id()))
    }

    fn namespace(&self) -> &str {
        self.object.text("/metadata/namespace")
    }

    async fn data(&self, kind: &str, name: &str) -> Result<Map<String, Value>, Failure> {
        let id = ObjectId::of("v1", kind, self.namespace(), name);
        let found = self.cluster.get(&id).await?;
        let data = found.and_then(|found| found.get("/data")?.as_object().cloned());
        Ok(data.unwrap_or_default())
    }
}

/// Whether an environment variable of oidc-authservice is a secret.
pub(super) fn is_secret_of_authservice(name: &str) -> bool {
    is_secret(name)
}

/// Whether an environment variable of oauth2-proxy is a secret.
pub(super) fn is_secret_of_oauth2_proxy(name: &str) -> bool {
    let name = name.trim_start_matches("OAUTH2_PROXY_").to_lowercase();
    is_secret(&name) || name.contains("password") || name.contains("_key")
}

fn into_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn decoded(value: Value) -> Option<String> {
    let bytes = BASE64_STANDARD.decode(value.as_str()?).ok()?;
    String::from_utf8(bytes).ok()
}
