use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::{Api, Refused};

/// The container that runs; the pods here have no other.
const CONTAINER: &str = "/spec/containers/0";

/// A pod as the API server has it.
#[derive(Clone, Debug)]
pub(super) struct Pod(Value);

/// What a pod is for, as far as the node runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Workload {
    /// A gateway of Istio.
    Gateway,
    /// An ACME challenge, which cert-manager wants answered.
    Solver,
}

/// A folder that a container sees at this path: names of files, and what is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    pub(super) path: String,
    pub(super) files: BTreeMap<String, Vec<u8>>,
}

impl Pod {
    pub(super) fn new(object: Value) -> Self {
        Self(object)
    }

    pub(super) fn name(&self) -> &str {
        self.text("/metadata/name")
    }

    pub(super) fn uid(&self) -> &str {
        self.text("/metadata/uid")
    }

    pub(super) fn namespace(&self) -> &str {
        self.text("/metadata/namespace")
    }

    pub(super) fn account(&self) -> &str {
        self.text("/spec/serviceAccountName")
    }

    pub(super) fn is_bound(&self) -> bool {
        !self.text("/spec/nodeName").is_empty()
    }

    pub(super) fn is_ending(&self) -> bool {
        !self.text("/metadata/deletionTimestamp").is_empty()
    }

    /// What is to be run; nothing of other pods, which are ready as they are.
    pub(super) fn workload(&self) -> Option<Workload> {
        match self.text(&format!("{CONTAINER}/name")) {
            "istio-proxy" => Some(Workload::Gateway),
            "acmesolver" => Some(Workload::Solver),
            _ => None,
        }
    }

    /// What the container's program is told.
    pub(super) fn arguments(&self) -> Vec<String> {
        let arguments = self.list(&format!("{CONTAINER}/args"));
        let texts = arguments.iter().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }

    /// The first port that the container says it has; 0 when it says none.
    pub(super) fn port(&self) -> u16 {
        let port = self
            .0
            .pointer(&format!("{CONTAINER}/ports/0/containerPort"));
        let port = port.and_then(Value::as_u64);
        port.and_then(|port| port.try_into().ok()).unwrap_or(0)
    }

    /// Whether its status says all of this already.
    pub(super) fn shows(&self, status: &Value) -> bool {
        let fields = status.as_object().into_iter().flatten();
        let mut fields = fields.filter(|(name, _)| *name != "conditions");
        let same =
            fields.all(|(name, value)| self.0.pointer(&format!("/status/{name}")) == Some(value));
        same && conditions(&self.0, "/status/conditions") == conditions(status, "/conditions")
    }

    pub(super) fn labels(&self) -> Value {
        self.0
            .pointer("/metadata/labels")
            .cloned()
            .unwrap_or_default()
    }

    /// Lines for `/etc/hosts`.
    pub(super) fn host_aliases(&self) -> String {
        let line = |alias: &Value| {
            let names = alias.get("hostnames").and_then(Value::as_array);
            let names: Vec<_> = names
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            format!("{}\t{}\n", text_at(alias, "/ip"), names.join(" "))
        };
        self.list("/spec/hostAliases").iter().map(line).collect()
    }

    /// The container's environment, with the Secrets that it names.
    ///
    /// # Errors
    /// A Secret or a key in it is missing: the container cannot be started yet.
    pub(super) fn environment(&self, api: &Api) -> Result<Vec<(String, String)>, Refused> {
        let variables = self.list(&format!("{CONTAINER}/env"));
        let pair = |variable: &Value| {
            let name = text_at(variable, "/name").to_owned();
            let value = match variable.pointer("/valueFrom/secretKeyRef") {
                Some(reference) => self.secret(api, reference)?,
                None => text_at(variable, "/value").to_owned(),
            };
            Ok((name, value))
        };
        variables.iter().map(pair).collect()
    }

    fn secret(&self, api: &Api, reference: &Value) -> Result<String, Refused> {
        let (name, key) = (text_at(reference, "/name"), text_at(reference, "/key"));
        let secret = api.get(&self.beside("secrets", name))?;
        let encoded = secret.get("data").and_then(|data| data.get(key));
        let bytes = encoded.and_then(Value::as_str).map(decoded);
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        text.ok_or_else(|| Refused {
            status: 404,
            message: format!("no {key} in Secret {name}"),
        })
    }

    /// The container's volumes that come from ConfigMaps.
    ///
    /// # Errors
    /// A ConfigMap is missing: the container cannot be started yet.
    pub(super) fn mounts(&self, api: &Api) -> Result<Vec<Mount>, Refused> {
        let mounts = self.list(&format!("{CONTAINER}/volumeMounts"));
        let volumes = self.list("/spec/volumes");
        let mut found = Vec::new();
        for mount in &mounts {
            let of = |volume: &&Value| volume.get("name") == mount.get("name");
            let volume = volumes.iter().find(of);
            let source = volume.and_then(|volume| volume.pointer("/configMap/name")?.as_str());
            if let Some(name) = source {
                found.push(Mount {
                    path: text_at(mount, "/mountPath").to_owned(),
                    files: files(&api.get(&self.beside("configmaps", name))?),
                });
            }
        }
        Ok(found)
    }

    /// A token of the pod's account for Istio's certificate authority, which ends with the pod.
    pub(super) fn token(&self, api: &Api) -> Result<String, Refused> {
        let account = format!("{}/token", self.beside("serviceaccounts", self.account()));
        let pod =
            json!({ "kind": "Pod", "apiVersion": "v1", "name": self.name(), "uid": self.uid() });
        let request = json!({
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": { "audiences": ["istio-ca"], "expirationSeconds": 43200, "boundObjectRef": pod },
        });
        let answer = api.create(&account, &request)?;
        Ok(text_at(&answer, "/status/token").to_owned())
    }

    /// The path of this pod.
    pub(super) fn path(&self) -> String {
        self.beside("pods", self.name())
    }

    /// The path of an object of that kind in the pod's namespace.
    pub(super) fn beside(&self, kind: &str, name: &str) -> String {
        format!("/api/v1/namespaces/{}/{kind}/{name}", self.namespace())
    }

    fn text(&self, place: &str) -> &str {
        text_at(&self.0, place)
    }

    fn list(&self, place: &str) -> Vec<Value> {
        let list = self.0.pointer(place).and_then(Value::as_array);
        list.cloned().unwrap_or_default()
    }
}

fn text_at<'v>(value: &'v Value, place: &str) -> &'v str {
    value
        .pointer(place)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Types and whether they hold: the server adds times.
fn conditions<'v>(object: &'v Value, place: &str) -> BTreeMap<&'v str, &'v str> {
    let list = object.pointer(place).and_then(Value::as_array);
    let pair = |condition: &'v Value| (text_at(condition, "/type"), text_at(condition, "/status"));
    list.into_iter().flatten().map(pair).collect()
}

fn files(config_map: &Value) -> BTreeMap<String, Vec<u8>> {
    let of = |field: &str| config_map.get(field).and_then(Value::as_object);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let plain = of("data").into_iter().flatten();
    let plain = plain.map(|(name, value)| (name.clone(), text(value).into_bytes()));
    let binary = of("binaryData").into_iter().flatten();
    let binary = binary.map(|(name, value)| (name.clone(), decoded(&text(value))));
    plain.chain(binary).collect()
}

fn decoded(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap_or_default()
}
