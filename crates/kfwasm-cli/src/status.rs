//! What is installed, at a glance. What is wrong with it, the doctor says.

use kfwasm_config::Config;
use kfwasm_config::installation::Gateway;
use serde_json::{Map, Value};

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::filter;
use crate::install::BACKSTOP;
use crate::module::Module;
use crate::object::{Object, ObjectId};
use crate::servers::credential;

/// Something with what there is to say of it. Several may be of the same name.
pub(crate) type Fact = (&'static str, String);

/// Of these there may be several: in JSON each is a list.
const SEVERAL: [&str; 3] = ["redirect URI", "there", "missing"];

/// What was read of the cluster.
pub(crate) struct Status {
    plugin: Object,
    backstop: Option<Object>,
    deployment: Option<Object>,
    gateway: Option<Object>,
    certificate: Option<Object>,
}

impl Status {
    /// Reads it; nothing when there is no plugin.
    pub(crate) async fn of(cluster: &Cluster, names: &Gateway) -> Result<Option<Self>, Failure> {
        let namespace = names.namespace.as_str();
        let here = |api: &str, kind: &str, name: &str| ObjectId::of(api, kind, namespace, name);
        let Some(plugin) = filter(cluster, namespace).await? else {
            return Ok(None);
        };
        let gateway = look(cluster, &resource(names)).await?;
        let certificate = match shown(gateway.as_ref(), &plugin) {
            Some(secret) => {
                look(cluster, &here("cert-manager.io/v1", "Certificate", secret)).await?
            }
            None => None,
        };
        let deployment = here("apps/v1", "Deployment", names.deployment.as_str());
        Ok(Some(Self {
            plugin,
            backstop: backstop(cluster, namespace).await?,
            deployment: look(cluster, &deployment).await?,
            certificate,
            gateway,
        }))
    }

    /// Each thing with what there is to say of it.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        let mut facts = vec![
            ("program", format!("kfwasm {}", env!("CARGO_PKG_VERSION"))),
            ("module", self.module()),
            ("plugin", self.plugin()),
            ("backstop", self.backstop()),
            ("gateway", self.replicas()),
            ("certificate", self.certificate()),
        ];
        match self.config() {
            Some(config) => facts.extend(of_config(&config)),
            None => facts.push((
                "configuration",
                "this version of kfwasm cannot read it: see `kfwasm doctor`".to_owned(),
            )),
        }
        facts
    }

    fn module(&self) -> String {
        let url = self.plugin.text("/spec/url");
        let digest = self
            .deployment
            .as_ref()
            .map(|it| it.text("/spec/template/metadata/annotations/kfwasm.io~1module"));
        match digest {
            Some(digest) if url.starts_with("file://") && !digest.is_empty() => {
                let own = Module::load(None).is_ok_and(|module| module.sha256() == digest);
                let whose = if own {
                    "this program's"
                } else {
                    "another than this program's"
                };
                format!(
                    "from a ConfigMap, {whose} (sha256 {})",
                    digest.get(..12).unwrap_or(digest)
                )
            }
            _ => url.to_owned(),
        }
    }

    fn plugin(&self) -> String {
        let phase = self.plugin.text("/spec/phase");
        let strategy = match self.plugin.text("/spec/failStrategy") {
            "" => "FAIL_CLOSE",
            strategy => strategy,
        };
        format!("{}, {phase}, {strategy}", self.plugin.id())
    }

    fn backstop(&self) -> String {
        let backstop = self.backstop.as_ref().map(|it| it.id().to_string());
        backstop.unwrap_or_else(|| "none: without the plugin the gateway would be open".to_owned())
    }

    fn replicas(&self) -> String {
        let Some(deployment) = &self.deployment else {
            return "there is no such Deployment".to_owned();
        };
        let number = |place: &str| deployment.get(place).and_then(Value::as_u64).unwrap_or(0);
        let (ready, wanted) = (
            number("/status/availableReplicas"),
            number("/spec/replicas"),
        );
        format!("{}, {ready} of {wanted} replicas ready", deployment.id())
    }

    fn certificate(&self) -> String {
        let Some(secret) = shown(self.gateway.as_ref(), &self.plugin) else {
            return "none: the Gateway ends no TLS".to_owned();
        };
        let end = self
            .certificate
            .as_ref()
            .map(|it| it.text("/status/notAfter"));
        match end.filter(|end| !end.is_empty()) {
            Some(end) => format!("Secret {secret}, until {end}"),
            None => format!("Secret {secret}"),
        }
    }

    fn config(&self) -> Option<Config> {
        config(&self.plugin)
    }
}

/// The same for programs.
pub(crate) fn json(facts: &[Fact]) -> Value {
    let mut fields = Map::new();
    for (name, fact) in facts {
        let fact = Value::from(fact.as_str());
        if !SEVERAL.contains(name) {
            fields.insert((*name).to_owned(), fact);
            continue;
        }
        let list = fields
            .entry(*name)
            .or_insert_with(|| Value::Array(Vec::new()));
        list.as_array_mut()
            .into_iter()
            .for_each(|list| list.push(fact.clone()));
    }
    fields.into()
}

/// What the cluster has of that name, if it knows such things.
async fn look(cluster: &Cluster, id: &ObjectId) -> Result<Option<Object>, Failure> {
    match cluster.knows(id).await? {
        true => cluster.get(id).await,
        false => Ok(None),
    }
}

/// Of whichever kind, read as a WasmPlugin.
async fn filter(cluster: &Cluster, namespace: &str) -> Result<Option<Object>, Failure> {
    for id in filter::ids(namespace) {
        if let Some(found) = look(cluster, &id).await? {
            return Ok(Object::new(filter::flattened(found.value().clone())));
        }
    }
    Ok(None)
}

async fn backstop(cluster: &Cluster, namespace: &str) -> Result<Option<Object>, Failure> {
    for (api_version, kind) in [
        ("networking.istio.io/v1alpha3", "EnvoyFilter"),
        ("security.istio.io/v1beta1", "AuthorizationPolicy"),
    ] {
        let id = ObjectId::of(api_version, kind, namespace, BACKSTOP);
        if let Some(found) = look(cluster, &id).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The Gateway resource.
fn resource(names: &Gateway) -> ObjectId {
    let resource = &names.resource;
    let (namespace, name) = (resource.namespace.as_str(), resource.name.as_str());
    ObjectId::of("networking.istio.io/v1beta1", "Gateway", namespace, name)
}

fn config(plugin: &Object) -> Option<Config> {
    let config = plugin.get("/spec/pluginConfig")?.to_string();
    Config::from_json(config.as_bytes()).ok()
}

/// The Secret with the certificate that is shown at the first public host.
fn shown<'g>(gateway: Option<&'g Object>, plugin: &Object) -> Option<&'g str> {
    let config = config(plugin);
    let host = config.as_ref().and_then(|it| it.public_hosts.first());
    credential(gateway?.value(), host.map(|host| host.as_str()))
}

fn of_config(config: &Config) -> Vec<Fact> {
    let revocation = &config.session.revocation;
    let uris = config.redirect_uris().into_iter();
    let mut facts: Vec<_> = uris.map(|it| ("redirect URI", it.uri)).collect();
    let everybody = if revocation.not_before.is_some() {
        "everybody before a time, "
    } else {
        ""
    };
    facts.push((
        "revoked",
        format!(
            "{everybody}{} users, {} sessions",
            revocation.users.len(),
            revocation.sessions.len()
        ),
    ));
    facts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Object {
        Object::new(value).unwrap()
    }

    fn status() -> Status {
        let config = json!({"publicHosts": ["ml.example.com"], "providers": [{"issuer": "https://id.example.com",
            "clientId": "kubeflow", "clientSecret": {"env": "SECRET"}}]});
        Status {
            plugin: object(
                json!({"apiVersion": "extensions.istio.io/v1alpha1", "kind": "WasmPlugin",
                "metadata": {"name": "kfwasm", "namespace": "istio-system"},
                "spec": {"url": "oci://registry.example.com/kfwasm:1", "phase": "AUTHN", "failStrategy": "FAIL_RELOAD", "pluginConfig": config}}),
            ),
            backstop: None,
            deployment: None,
            gateway: Some(object(
                json!({"apiVersion": "networking.istio.io/v1beta1", "kind": "Gateway", "metadata": {"name": "g"},
                "spec": {"servers": [{}, {"tls": {"credentialName": "certs"}}]}}),
            )),
            certificate: Some(object(
                json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {"name": "certs"},
                "status": {"notAfter": "2027-01-01T00:00:00Z"}}),
            )),
        }
    }

    fn said(name: &str, status: &Status) -> String {
        let facts = status.facts();
        facts.iter().find(|(it, _)| *it == name).unwrap().1.clone()
    }

    #[test]
    fn it_says_what_is_there_and_what_is_not() {
        let status = status();
        for (name, fact) in [
            ("module", "oci://registry.example.com/kfwasm:1"),
            (
                "plugin",
                "WasmPlugin istio-system/kfwasm, AUTHN, FAIL_RELOAD",
            ),
            (
                "backstop",
                "none: without the plugin the gateway would be open",
            ),
            ("gateway", "there is no such Deployment"),
            ("certificate", "Secret certs, until 2027-01-01T00:00:00Z"),
            (
                "redirect URI",
                "https://ml.example.com/authservice/oidc/callback",
            ),
            ("revoked", "0 users, 0 sessions"),
        ] {
            assert_eq!(said(name, &status), fact);
        }
    }

    #[test]
    fn several_of_one_name_are_all_told_to_programs() {
        let facts = ["one", "two"].map(|uri| ("redirect URI", uri.to_owned()));
        assert_eq!(json(&facts), json!({ "redirect URI": ["one", "two"] }));
    }

    #[test]
    fn the_certificate_is_the_one_of_the_public_host() {
        let mut status = status();
        let servers = json!([
            { "hosts": ["*"], "tls": { "credentialName": "others" } },
            { "hosts": ["ml.example.com"], "tls": { "credentialName": "certs" } },
        ]);
        status.gateway = status.gateway.map(|it| it.with("/spec/servers", servers));
        assert_eq!(
            said("certificate", &status),
            "Secret certs, until 2027-01-01T00:00:00Z"
        );
    }

    #[test]
    fn a_configuration_of_another_version_is_not_guessed_at() {
        let mut status = status();
        status.plugin = status.plugin.with("/spec/pluginConfig/fromTheFuture", true);
        assert_eq!(
            said("configuration", &status),
            "this version of kfwasm cannot read it: see `kfwasm doctor`"
        );
    }
}
