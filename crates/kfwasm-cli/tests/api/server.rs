//! Just enough of the Kubernetes API: objects by their paths, and requests that are refused.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use crate::operator::HERE;
use crate::wire::{self, Request};

/// Kinds, and the names of their collections.
const KINDS: [(&str, &str, &str); 19] = [
    ("v1", "ConfigMap", "configmaps"),
    ("v1", "Pod", "pods"),
    ("v1", "Secret", "secrets"),
    ("v1", "Service", "services"),
    ("apps/v1", "Deployment", "deployments"),
    ("apps/v1", "StatefulSet", "statefulsets"),
    ("acme.cert-manager.io/v1", "Challenge", "challenges"),
    ("cert-manager.io/v1", "Certificate", "certificates"),
    ("cert-manager.io/v1", "Issuer", "issuers"),
    ("extensions.istio.io/v1alpha1", "WasmPlugin", "wasmplugins"),
    (
        "extensions.istio.io/v1alpha1",
        "TrafficExtension",
        "trafficextensions",
    ),
    (
        "networking.istio.io/v1alpha3",
        "EnvoyFilter",
        "envoyfilters",
    ),
    (
        "networking.istio.io/v1beta1",
        "DestinationRule",
        "destinationrules",
    ),
    ("networking.istio.io/v1beta1", "Gateway", "gateways"),
    ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"),
    (
        "networking.istio.io/v1beta1",
        "ServiceEntry",
        "serviceentries",
    ),
    (
        "networking.istio.io/v1beta1",
        "VirtualService",
        "virtualservices",
    ),
    (
        "security.istio.io/v1beta1",
        "AuthorizationPolicy",
        "authorizationpolicies",
    ),
    (
        "security.istio.io/v1beta1",
        "RequestAuthentication",
        "requestauthentications",
    ),
];

/// The code of a refusal that is no answer at all: the connection ends.
pub(crate) const DROPPED: u16 = 0;

/// Stands for a number that grows with each change, as what an Envoy counts does when it is told of it.
pub(crate) const CHANGES: &str = "{changes}";

/// What is there, and what is refused.
#[derive(Default)]
pub(crate) struct World {
    objects: BTreeMap<String, Value>,
    /// How many times something was changed: what stands for [`CHANGES`] in what is said.
    changes: u64,
    refusals: Vec<Refusal>,
    /// A part of the paths of objects that are gone as soon as they have been applied.
    vanishing: Option<&'static str>,
    /// A part of the paths of objects that cannot be read once they have been applied.
    silent: Option<&'static str>,
    /// How many seconds the clock of the same server is late as a provider.
    late: u8,
    /// What the same server answers as a gateway: status and location.
    gateway: Option<(u16, &'static str)>,
}

/// Requests that are answered with an error.
#[derive(Clone)]
struct Refusal {
    method: &'static str,
    /// Words that are in path and query; those after a `!` are not.
    path: &'static str,
    code: u16,
    message: &'static str,
}

impl World {
    /// With this text at that path.
    pub(crate) fn saying(mut self, path: &str, text: &str) -> Self {
        self.objects.insert(path.to_owned(), text.into());
        self
    }

    /// With these objects in it.
    pub(crate) fn with(objects: impl IntoIterator<Item = Value>) -> Self {
        let mut world = Self::default();
        for object in objects {
            world.objects.insert(path_of(&object), object);
        }
        world
    }

    /// Where requests of this method (every one, if empty), with this in their paths, are refused.
    pub(crate) fn refusing(
        mut self,
        method: &'static str,
        path: &'static str,
        code: u16,
        message: &'static str,
    ) -> Self {
        self.refusals.push(Refusal {
            method,
            path,
            code,
            message,
        });
        self
    }

    /// Where objects with this in their paths are deleted by somebody as soon as they have been applied.
    pub(crate) fn losing(mut self, path: &'static str) -> Self {
        self.vanishing = Some(path);
        self
    }

    /// Where objects with this in their paths cannot be read once they have been applied.
    pub(crate) fn falling_silent(mut self, path: &'static str) -> Self {
        self.silent = Some(path);
        self
    }

    /// Where a provider at the same address has a clock that is late by so many seconds.
    pub(crate) fn with_late_provider(mut self, seconds: u8) -> Self {
        self.late = seconds;
        self
    }

    /// Where a gateway at the same address answers so to whoever has not signed in.
    pub(crate) fn with_gateway(mut self, status: u16, location: &'static str) -> Self {
        self.gateway = Some((status, location));
        self
    }

    fn answer(&mut self, request: &Request) -> (u16, String) {
        let has = |word: &str| match word.strip_prefix('!') {
            Some(word) => !request.target.contains(word),
            None => request.target.contains(word),
        };
        let is_meant =
            |it: &&Refusal| request.method.contains(it.method) && it.path.split(' ').all(has);
        if let Some(refusal) = self.refusals.iter().find(is_meant) {
            return (refusal.code, status(refusal.code, refusal.message));
        }
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        if let (Some((status, _)), "/") = (self.gateway, path) {
            return (status, String::new());
        }
        if let Some(known) = fixed(path) {
            return (200, known.to_string());
        }
        let is_change = ["PATCH", "DELETE"].contains(&request.method.as_str());
        self.changes += u64::from(is_change && !query.contains("dryRun=All"));
        match (request.method.as_str(), self.objects.get(path)) {
            ("GET" | "POST", Some(Value::String(text))) => {
                (200, text.replace(CHANGES, &self.changes.to_string()))
            }
            ("GET", Some(object)) => (200, object.to_string()),
            ("GET", None) if is_collection(path) => (200, self.list(path).to_string()),
            ("PATCH", before) => {
                let patched = patched(before, &request.body);
                if self.vanishing.is_some_and(|part| path.contains(part))
                    && !query.contains("dryRun=All")
                {
                    self.objects.remove(path);
                } else if !query.contains("dryRun=All") {
                    self.objects.insert(path.to_owned(), patched.clone());
                    if let Some(part) = self.silent.filter(|part| path.contains(part)) {
                        *self = std::mem::take(self).refusing("GET", part, 500, "it is silent now");
                    }
                }
                (200, patched.to_string())
            }
            ("PUT", Some(_)) => {
                let replaced: Value = serde_json::from_str(&request.body).unwrap();
                self.objects.insert(path.to_owned(), replaced);
                (200, request.body.clone())
            }
            ("POST", _) if path.ends_with("selfsubjectaccessreviews") => {
                let mut review: Value = serde_json::from_str(&request.body).unwrap();
                review["status"] = json!({ "allowed": true });
                (201, review.to_string())
            }
            ("DELETE", Some(_)) => {
                self.objects.remove(path);
                (
                    200,
                    json!({ "kind": "Status", "apiVersion": "v1", "status": "Success" })
                        .to_string(),
                )
            }
            _ => (404, status(404, "there is no such thing")),
        }
    }

    fn headers(&self, path: &str) -> String {
        let location = self.gateway.map_or("", |(_, location)| location);
        let seconds = if path.starts_with("/.well-known/") {
            self.late
        } else {
            0
        };
        let date = format!("Thu, 26 Nov 2026 03:15:{:02} GMT", 59 - seconds);
        format!("content-type: application/json\r\nlocation: {location}\r\ndate: {date}\r\n")
    }

    fn list(&self, path: &str) -> Value {
        let here = |it: &&String| {
            it.rsplit_once('/')
                .is_some_and(|(folder, _)| folder == path)
        };
        let items: Vec<_> = self
            .objects
            .keys()
            .filter(here)
            .map(|it| &self.objects[it])
            .collect();
        json!({ "kind": "List", "apiVersion": "v1", "metadata": {}, "items": items })
    }
}

/// Answers until the test ends; its address.
pub(crate) fn serve(world: World) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let world = Arc::new(Mutex::new(world));
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let world = Arc::clone(&world);
            thread::spawn(move || {
                if let Some(request) = wire::read(&mut stream) {
                    let mut world = world.lock().unwrap();
                    let (code, body) = world.answer(&request);
                    if code == DROPPED {
                        return;
                    }
                    let headers = world.headers(&request.target);
                    let body = body.replace(HERE, &format!("http://{address}"));
                    wire::write(&mut stream, &format!("{code} Answer"), &headers, &body);
                }
            });
        }
    });
    format!("http://{address}")
}

/// What every API server says of itself.
fn fixed(path: &str) -> Option<Value> {
    if path == "/version" {
        let info = [
            "major",
            "minor",
            "gitVersion",
            "gitCommit",
            "gitTreeState",
            "buildDate",
            "goVersion",
            "compiler",
            "platform",
        ];
        return Some(
            info.into_iter()
                .map(|field| (field.to_owned(), Value::from("1")))
                .collect(),
        );
    }
    let version = path.strip_prefix("/apis/").or(path.strip_prefix("/api/"))?;
    let kinds = KINDS.iter().filter(|(known, _, _)| *known == version);
    let resources: Vec<Value> = kinds
        .map(|(_, kind, plural)| {
            json!({ "name": plural, "singularName": "", "namespaced": true, "kind": kind,
            "verbs": ["get", "list", "patch", "create", "delete", "update"] })
        })
        .collect();
    (!resources.is_empty()).then(|| {
        json!({ "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": resources })
    })
}

fn is_collection(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    KINDS.iter().any(|(_, _, plural)| *plural == last)
        || ["profiles", "rolebindings"].contains(&last)
}

/// Where an object is.
pub(crate) fn path_of(object: &Value) -> String {
    let text = |place: &str| {
        object
            .pointer(place)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let version = text("/apiVersion");
    let mut kinds = KINDS.iter();
    let (_, _, plural) = kinds
        .find(|(known, kind, _)| (*known, *kind) == (version, text("/kind")))
        .unwrap();
    let root = if version.contains('/') { "apis" } else { "api" };
    let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
    format!("/{root}/{version}/namespaces/{namespace}/{plural}/{name}")
}

/// What is applied, on what is there; as JSON has it (RFC 7386), which is enough here.
fn patched(before: Option<&Value>, body: &str) -> Value {
    let mut object = before.cloned().unwrap_or_default();
    merge(&mut object, &serde_json::from_str(body).unwrap());
    let ours = json!({ "manager": "kfwasm", "operation": "Apply", "apiVersion": object["apiVersion"], "fieldsV1": {} });
    object["metadata"]["managedFields"] = json!([ours]);
    object
}

fn merge(object: &mut Value, patch: &Value) {
    match (object, patch) {
        (Value::Object(object), Value::Object(patch)) => {
            for (name, value) in patch {
                merge(object.entry(name).or_insert(Value::Null), value);
            }
        }
        (object, patch) => *object = patch.clone(),
    }
}

fn status(code: u16, message: &str) -> String {
    let reason = match code {
        403 => "Forbidden",
        404 => "NotFound",
        _ => "",
    };
    let cause = json!({ "reason": "FieldManagerConflict", "message": message, "field": ".spec" });
    let causes = if code == 409 {
        json!([cause])
    } else {
        json!([])
    };
    json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": code,
        "reason": reason, "message": message, "details": { "causes": causes } })
    .to_string()
}
