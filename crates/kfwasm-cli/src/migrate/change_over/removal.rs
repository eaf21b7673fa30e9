use kfwasm_config::installation::Backstop;
use serde_json::{Map, Value};

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::install::Previous;
use crate::object::{Object, ObjectId};
use crate::settings::Settings;
use crate::yaml;

const SECURITY: &str = "security.istio.io/v1beta1";
const NETWORKING: &str = "networking.istio.io/v1alpha3";
/// What the services of predecessors are called.
const SERVICES: [&str; 2] = ["oauth2-proxy", "authservice"];

/// What of a predecessor has to go from the gateway, in the order in which it goes.
#[derive(Debug, Default)]
pub(crate) struct Removal {
    objects: Vec<Object>,
}

/// What is asked of each object.
struct Judge {
    /// The labels of the gateway's pods.
    labels: Map<String, Value>,
    /// Istio's external authorizers that are predecessors.
    providers: Vec<String>,
    /// The headers that only the filter may set.
    headers: [String; 2],
}

impl Removal {
    pub(crate) async fn plan(cluster: &Cluster, settings: &Settings) -> Result<Self, Failure> {
        let namespace = settings.installation.gateway.namespace.as_str();
        let judge = Judge::of(cluster, settings).await?;
        let mut objects = Vec::new();
        for (version, kind) in [
            (NETWORKING, "EnvoyFilter"),
            (SECURITY, "AuthorizationPolicy"),
            (SECURITY, "RequestAuthentication"),
        ] {
            objects.extend(cluster.list(version, kind, namespace).await?);
        }
        objects.retain(|object| judge.rank(object).is_some());
        objects.sort_by_key(|object| judge.rank(object));
        let removal = Self { objects };
        removal.refuse_to_open(settings)?;
        Ok(removal)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// One line for each object.
    pub(crate) fn summary(&self) -> String {
        let line = |id: ObjectId| format!("  remove    {id}\n");
        self.ids().into_iter().map(line).collect()
    }

    /// Each is kept before it is deleted, so that it can be put back.
    pub(crate) async fn carry_out(
        &self,
        cluster: &Cluster,
        previous: &mut Previous,
    ) -> Result<(), Failure> {
        let ids = self.ids();
        cluster.may(&["create", "delete"], &ids).await?;
        for object in &self.objects {
            previous.add_removed(object);
        }
        previous.keep(cluster).await?;
        for id in &ids {
            cluster.delete(id).await?;
            eprintln!("removed   {id}");
        }
        Ok(())
    }

    fn ids(&self) -> Vec<ObjectId> {
        self.objects.iter().map(Object::id).collect()
    }

    /// A policy that denies whoever has no token may go only where something else denies whoever the filter has not seen.
    fn refuse_to_open(&self, settings: &Settings) -> Result<(), Failure> {
        let is_denial = |object: &&Object| object.text("/spec/action") == "DENY";
        match self.objects.iter().find(is_denial) {
            Some(denial) if settings.installation.backstop == Backstop::None => {
                Err(Failure::usage(
                    format!(
                        "without {} nothing would deny requests if the filter were gone",
                        denial.id()
                    ),
                    "write backstop: envoyFilter into kfwasm.yaml, or header where EnvoyFilter is forbidden",
                ))
            }
            _ => Ok(()),
        }
    }
}

impl Judge {
    async fn of(cluster: &Cluster, settings: &Settings) -> Result<Self, Failure> {
        let gateway = &settings.installation.gateway;
        let id = |api_version: &str, kind: &str, name: &str| ObjectId {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: Some(gateway.namespace.as_str().to_owned()),
            name: name.to_owned(),
        };
        let deployment = cluster
            .get(&id("apps/v1", "Deployment", gateway.deployment.as_str()))
            .await?;
        let labels = deployment.and_then(|it| {
            it.get("/spec/template/metadata/labels")?
                .as_object()
                .cloned()
        });
        let mesh = cluster.get(&id("v1", "ConfigMap", "istio")).await?;
        let identity = &settings.installation.plugin.identity;
        Ok(Self {
            labels: labels.unwrap_or_default(),
            providers: mesh.as_ref().map(providers).unwrap_or_default(),
            headers: [&identity.header, &identity.groups_header]
                .map(|name| name.as_str().to_owned()),
        })
    }

    /// When it goes: first what asks the predecessor, then what takes away our headers, then what denies requests
    /// without the predecessor's token. Nothing, when it stays.
    fn rank(&self, object: &Object) -> Option<u8> {
        if !self.selects(object) {
            return None;
        }
        match (object.text("/kind"), object.text("/spec/action")) {
            ("EnvoyFilter", _) if asks_authservice(object) => Some(0),
            ("AuthorizationPolicy", "CUSTOM") if self.asks_predecessor(object) => Some(0),
            ("RequestAuthentication", _) if self.owns_headers(object) => Some(1),
            ("AuthorizationPolicy", "DENY") if demands_token(object) => Some(2),
            _ => None,
        }
    }

    /// Whether it is for the gateway's pods. Without a selector it is for all.
    fn selects(&self, object: &Object) -> bool {
        let selector = [
            "/spec/selector/matchLabels",
            "/spec/workloadSelector/labels",
            "/spec/workloadLabels",
        ]
        .iter()
        .find_map(|place| object.get(place)?.as_object());
        let wanted = selector.into_iter().flatten();
        wanted
            .into_iter()
            .all(|(name, value)| self.labels.get(name) == Some(value))
    }

    fn asks_predecessor(&self, policy: &Object) -> bool {
        let name = policy.text("/spec/provider/name");
        SERVICES.contains(&name) || self.providers.iter().any(|provider| provider == name)
    }

    fn owns_headers(&self, authentication: &Object) -> bool {
        let rules = authentication
            .get("/spec/jwtRules")
            .and_then(Value::as_array);
        let rules = rules.into_iter().flatten();
        let outputs = rules.filter_map(|rule| rule.get("outputClaimToHeaders")?.as_array());
        let mut headers = outputs
            .flatten()
            .filter_map(|output| output.get("header")?.as_str());
        headers.any(|header| {
            self.headers
                .iter()
                .any(|ours| ours.eq_ignore_ascii_case(header))
        })
    }
}

fn asks_authservice(filter: &Object) -> bool {
    let text = filter.value().to_string();
    text.contains("ext_authz") && SERVICES.iter().any(|service| text.contains(service))
}

fn demands_token(policy: &Object) -> bool {
    let rules = policy.get("/spec/rules").and_then(Value::as_array);
    let sources = rules
        .into_iter()
        .flatten()
        .filter_map(|rule| rule.get("from")?.as_array());
    let mut sources = sources
        .flatten()
        .filter_map(|from| from.pointer("/source/notRequestPrincipals/0")?.as_str());
    sources.any(|principal| principal == "*")
}

/// The names of external authorizers whose service is a predecessor's.
fn providers(mesh: &Object) -> Vec<String> {
    let config = yaml::document(mesh.text("/data/mesh")).unwrap_or_default();
    let providers = config.get("extensionProviders").and_then(Value::as_array);
    let named = |provider: &Value| {
        let service = ["envoyExtAuthzHttp", "envoyExtAuthzGrpc"]
            .iter()
            .find_map(|kind| provider.get(kind)?.get("service")?.as_str())?;
        let host = service.rsplit('/').next()?.split('.').next()?;
        let name = provider.get("name")?.as_str()?;
        SERVICES.contains(&host).then(|| name.to_owned())
    };
    providers.into_iter().flatten().filter_map(named).collect()
}

#[cfg(test)]
mod tests;
