mod certificate;
mod client_secrets;
mod from_here;
mod gateway_answers;
mod names;

use std::net::IpAddr;

use jiff::Timestamp;
use kfwasm_config::Config;
use kfwasm_config::installation::Gateway;
use serde_json::{Value, json};

use crate::cluster::{Reader, reach, replicas};
pub(crate) use crate::cluster::{Replica, Seen, Unseen};
use crate::failure::Failure;
use crate::filter::flattened;
use crate::object::Object;
use crate::probe::{Answer, Asked, Target};
use crate::render::MODULE_MAP;
use crate::settings::Settings;
pub(crate) use client_secrets::{Tried, Verdict};

/// What was answered, or why not.
pub(crate) type Answered = Result<Answer, String>;

/// What is looked at, and from where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looking {
    /// What the gateway's objects are called.
    pub(crate) names: Gateway,
    /// What kfwasm.yaml says, where there is one.
    pub(crate) settings: Option<Settings>,
    pub(crate) context: Option<String>,
    /// Where the gateway is asked, when it is not at its public host.
    pub(crate) address: Option<String>,
}

/// What the rules judge, read at one time.
pub(crate) struct Survey {
    /// When it was looked.
    pub(crate) now: Timestamp,
    /// What the gateway's objects are called.
    pub(crate) names: Gateway,
    /// What kfwasm.yaml says, where there is one.
    pub(crate) settings: Option<Settings>,
    /// The filter's resource, of whichever kind, read as a WasmPlugin.
    pub(crate) plugin: Seen,
    /// Whether there is one of each kind.
    pub(crate) has_two_filters: bool,
    pub(crate) envoy_filters: Seen,
    pub(crate) policies: Seen,
    pub(crate) authentications: Seen,
    pub(crate) gateway: Seen,
    pub(crate) deployment: Seen,
    pub(crate) service: Seen,
    pub(crate) istiod: Seen,
    /// Istio's own configuration.
    pub(crate) mesh: Seen,
    pub(crate) secret: Seen,
    /// The ConfigMap with the module, where the gateway mounts it.
    pub(crate) module: Seen,
    pub(crate) certificate: Seen,
    pub(crate) network_policies: Seen,
    pub(crate) profiles: Seen,
    pub(crate) role_bindings: Seen,
    pub(crate) dex: Seen,
    pub(crate) dex_passwords: Seen,
    /// The gateway's pods, and whether the filter runs in them.
    pub(crate) replicas: Result<Vec<Replica>, Unseen>,
    /// What the gateway answers to those who have not signed in.
    pub(crate) answers: Vec<(Asked, Answered)>,
    /// The discovery document of each provider, in the order of the configuration, fetched from here.
    pub(crate) discoveries: Vec<Answered>,
    /// What providers say to the client secrets that the gateway has.
    pub(crate) client_secrets: Vec<Tried>,
    /// Each public host, and what it is in the DNS.
    pub(crate) hosts: Vec<(String, Result<Vec<IpAddr>, String>)>,
    /// The same of the load balancer's name.
    pub(crate) balancer: Result<Vec<IpAddr>, String>,
}

impl Survey {
    /// Looks at everything at once, then at what was found.
    pub(crate) async fn of(looking: &Looking) -> Result<Self, Failure> {
        let reader = Reader(reach(looking.context.as_deref()).await?.client);
        let mut survey = Self::of_objects(&reader, &looking.names).await;
        let target = survey.target(looking.address.as_deref());
        let config = survey.config().and_then(Result::ok);
        let names = survey.balancer_names();
        let (certificate, replicas, answers, discoveries, client_secrets, hosts, balancer) = tokio::join!(
            certificate::of(&reader, &survey),
            replicas(&reader, survey.names.namespace.as_str(), &survey.deployment),
            gateway_answers::ask_all(target.as_ref(), config.as_ref()),
            gateway_answers::discoveries(config.as_ref()),
            client_secrets::try_all(config.as_ref(), &survey.secret),
            names::of_hosts(config.as_ref()),
            names::of_all(&names),
        );
        survey.settings.clone_from(&looking.settings);
        survey.certificate = certificate;
        survey.replicas = replicas;
        survey.answers = answers;
        survey.discoveries = discoveries;
        survey.client_secrets = client_secrets;
        survey.hosts = hosts;
        survey.balancer = balancer;
        Ok(survey)
    }

    /// Looks at what says whether a redirect URI leads to the gateway's Service, and at nothing else.
    pub(crate) async fn of_address(reader: &Reader, names: &Gateway, plugin: &Value) -> Self {
        let (namespace, service) = (names.namespace.as_str(), names.service.as_str());
        let service = format!("/api/v1/namespaces/{namespace}/services/{service}");
        let mut survey = Self {
            names: names.clone(),
            plugin: Ok(Some(json!({ "spec": { "pluginConfig": plugin } }))),
            service: reader.see(&service).await,
            ..Self::of_nothing()
        };
        let balancers = survey.balancer_names();
        if !balancers.is_empty() {
            let config = survey.config().and_then(Result::ok);
            (survey.hosts, survey.balancer) =
                tokio::join!(names::of_hosts(config.as_ref()), names::of_all(&balancers));
        }
        survey
    }

    /// The plugin's configuration, as this program reads it.
    pub(crate) fn config(&self) -> Option<Result<Config, String>> {
        let plugin = self.plugin.as_ref().ok()?.as_ref()?;
        let config = plugin.pointer("/spec/pluginConfig")?;
        let read = Config::from_json(config.to_string().as_bytes());
        Some(read.map_err(|problems| problems.to_string()))
    }

    /// Where the gateway is asked.
    pub(crate) fn target(&self, address: Option<&str>) -> Option<Target> {
        Target::of(&self.config()?.ok()?, address)
    }

    /// What the gateway answered, if it was asked.
    pub(crate) fn answer(&self, asked: Asked) -> Option<&Answered> {
        let mut answers = self.answers.iter();
        answers
            .find(|(who, _)| *who == asked)
            .map(|(_, answer)| answer)
    }

    async fn of_objects(reader: &Reader, names: &Gateway) -> Self {
        let mut survey = Self {
            names: names.clone(),
            ..Self::of_nothing()
        };
        let (of_istio, of_cluster) = (paths_of_istio(names), paths_of_cluster(names));
        let (istio, cluster) = tokio::join!(reader.see_all(of_istio), reader.see_all(of_cluster));
        let extension;
        [
            survey.plugin,
            extension,
            survey.envoy_filters,
            survey.policies,
            survey.authentications,
            survey.gateway,
            survey.istiod,
            survey.mesh,
        ] = istio;
        survey.has_two_filters = object(&survey.plugin).and(object(&extension)).is_some();
        survey.plugin = either(survey.plugin, extension);
        [
            survey.deployment,
            survey.service,
            survey.secret,
            survey.module,
            survey.network_policies,
            survey.profiles,
            survey.role_bindings,
            survey.dex,
            survey.dex_passwords,
        ] = cluster;
        survey
    }

    /// Of a cluster with nothing in it.
    pub(crate) fn of_nothing() -> Self {
        Self {
            now: Timestamp::now(),
            names: Gateway::default(),
            settings: None,
            plugin: Ok(None),
            has_two_filters: false,
            envoy_filters: Ok(None),
            policies: Ok(None),
            authentications: Ok(None),
            gateway: Ok(None),
            deployment: Ok(None),
            service: Ok(None),
            istiod: Ok(None),
            mesh: Ok(None),
            secret: Ok(None),
            module: Ok(None),
            certificate: Ok(None),
            network_policies: Ok(None),
            profiles: Ok(None),
            role_bindings: Ok(None),
            dex: Ok(None),
            dex_passwords: Ok(None),
            replicas: Err("nobody has looked".to_owned().into()),
            answers: Vec::new(),
            discoveries: Vec::new(),
            client_secrets: Vec::new(),
            hosts: Vec::new(),
            balancer: Err("nobody has looked".to_owned()),
        }
    }

    /// The names and addresses that the load balancer was given.
    pub(crate) fn balancer_names(&self) -> Vec<String> {
        let service = self.service.as_ref().ok().and_then(Option::as_ref);
        let ingress = service.and_then(|it| it.pointer("/status/loadBalancer/ingress")?.as_array());
        let fields = ["ip", "hostname"];
        let given = ingress.into_iter().flatten().flat_map(|entry| {
            fields
                .into_iter()
                .filter_map(|field| entry.get(field)?.as_str().map(str::to_owned))
        });
        given.collect()
    }
}

/// Where Istio and what tells it about the gateway are.
fn paths_of_istio(names: &Gateway) -> [String; 8] {
    let here = |group: &str, rest: &str| beside_the_gateway(names, group, rest);
    let (namespace, gateway) = (&names.resource.namespace, &names.resource.name);
    let (namespace, gateway) = (namespace.as_str(), gateway.as_str());
    [
        here("apis/extensions.istio.io/v1alpha1", "wasmplugins/kfwasm"),
        here(
            "apis/extensions.istio.io/v1alpha1",
            "trafficextensions/kfwasm",
        ),
        here("apis/networking.istio.io/v1alpha3", "envoyfilters"),
        here("apis/security.istio.io/v1beta1", "authorizationpolicies"),
        here("apis/security.istio.io/v1beta1", "requestauthentications"),
        format!("/apis/networking.istio.io/v1beta1/namespaces/{namespace}/gateways/{gateway}"),
        "/apis/apps/v1/namespaces/istio-system/deployments/istiod".to_owned(),
        "/api/v1/namespaces/istio-system/configmaps/istio".to_owned(),
    ]
}

/// Where the gateway itself and Kubeflow are.
fn paths_of_cluster(names: &Gateway) -> [String; 9] {
    let here = |group: &str, rest: &str| beside_the_gateway(names, group, rest);
    let (deployment, service) = (names.deployment.as_str(), names.service.as_str());
    [
        here("apis/apps/v1", &format!("deployments/{deployment}")),
        here("api/v1", &format!("services/{service}")),
        here("api/v1", "secrets/kfwasm"),
        here("api/v1", &format!("configmaps/{MODULE_MAP}")),
        here("apis/networking.k8s.io/v1", "networkpolicies"),
        "/apis/kubeflow.org/v1/profiles".to_owned(),
        "/apis/rbac.authorization.k8s.io/v1/rolebindings".to_owned(),
        "/api/v1/namespaces/auth/configmaps/dex".to_owned(),
        "/api/v1/namespaces/auth/secrets/dex-passwords".to_owned(),
    ]
}

fn beside_the_gateway(names: &Gateway, group: &str, rest: &str) -> String {
    let namespace = names.namespace.as_str();
    format!("/{group}/namespaces/{namespace}/{rest}")
}

/// The filter of whichever kind, read as a WasmPlugin.
fn either(plugin: Seen, extension: Seen) -> Seen {
    match (plugin, extension) {
        (Ok(None), Ok(Some(extension))) => Ok(Some(flattened(extension))),
        (plugin, _) => plugin,
    }
}

/// The items of a list that was seen.
pub(crate) fn items(list: &Seen) -> impl Iterator<Item = &Value> {
    let list = list.as_ref().ok().and_then(Option::as_ref);
    let items = list.and_then(|list| list.get("items")?.as_array());
    items.into_iter().flatten()
}

/// The object, if it was seen.
pub(crate) fn object(seen: &Seen) -> Option<&Value> {
    seen.as_ref().ok()?.as_ref()
}

/// An object of a list whose items do not say of which kind they are.
pub(crate) fn of_kind(kind: &str, item: &Value) -> Option<Object> {
    let mut item = item.clone();
    let fields = item.as_object_mut()?;
    fields.insert("apiVersion".to_owned(), "istio.io".into());
    fields.insert("kind".to_owned(), kind.into());
    Object::new(item)
}
