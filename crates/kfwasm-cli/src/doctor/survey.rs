mod certificate;
mod gateway_answers;
mod names;

use std::net::IpAddr;

use kfwasm_config::Config;
use serde_json::{Value, json};

use crate::cluster::{Reader, reach, replicas};
pub(crate) use crate::cluster::{Replica, Seen};
use crate::failure::Failure;
use crate::probe::{Answer, Asked, Target};

/// What was answered, or why not.
pub(crate) type Answered = Result<Answer, String>;

/// What is looked at, and from where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looking {
    pub(crate) context: Option<String>,
    /// Where the gateway is asked, when it is not at its public host.
    pub(crate) address: Option<String>,
}

/// What the rules judge, read at one time.
pub(crate) struct Survey {
    pub(crate) plugin: Seen,
    pub(crate) envoy_filters: Seen,
    pub(crate) policies: Seen,
    pub(crate) authentications: Seen,
    pub(crate) gateway: Seen,
    pub(crate) deployment: Seen,
    pub(crate) service: Seen,
    pub(crate) istiod: Seen,
    pub(crate) secret: Seen,
    pub(crate) certificate: Seen,
    pub(crate) profiles: Seen,
    pub(crate) role_bindings: Seen,
    pub(crate) dex: Seen,
    pub(crate) dex_passwords: Seen,
    /// The gateway's pods, and whether the filter runs in them.
    pub(crate) replicas: Result<Vec<Replica>, String>,
    /// What the gateway answers to those who have not signed in.
    pub(crate) answers: Vec<(Asked, Answered)>,
    /// The provider's discovery document, fetched from here.
    pub(crate) discovery: Answered,
    /// What the first public host is in the DNS.
    pub(crate) resolved: Result<Vec<IpAddr>, String>,
    /// The same of the load balancer's name.
    pub(crate) balancer: Result<Vec<IpAddr>, String>,
}

impl Survey {
    /// Looks at everything at once, then at what was found.
    pub(crate) async fn of(looking: &Looking) -> Result<Self, Failure> {
        let reader = Reader(reach(looking.context.as_deref()).await?);
        let mut survey = Self::of_objects(&reader).await;
        let target = survey.target(looking.address.as_deref());
        let config = survey.config().and_then(Result::ok);
        let names = survey.balancer_names();
        let (certificate, replicas, answers, discovery, resolved, balancer) = tokio::join!(
            certificate::of(&reader, &survey.gateway),
            replicas(&reader, "istio-system", &survey.deployment),
            gateway_answers::ask_all(target.as_ref(), config.as_ref()),
            gateway_answers::discovery(config.as_ref()),
            names::of_target(target.as_ref()),
            names::of_all(&names),
        );
        survey.certificate = certificate;
        survey.replicas = replicas;
        survey.answers = answers;
        survey.discovery = discovery;
        survey.resolved = resolved;
        survey.balancer = balancer;
        Ok(survey)
    }

    /// Looks at what says whether a redirect URI leads to the gateway's Service, whose path that is, and at nothing else.
    pub(crate) async fn of_address(reader: &Reader, service: &str, plugin: &Value) -> Self {
        let mut survey = Self {
            plugin: Ok(Some(json!({ "spec": { "pluginConfig": plugin } }))),
            service: reader.see(service).await,
            ..Self::of_nothing()
        };
        let balancers = survey.balancer_names();
        if !balancers.is_empty() {
            let target = survey.target(None);
            (survey.resolved, survey.balancer) =
                tokio::join!(names::of_target(target.as_ref()), names::of_all(&balancers));
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

    async fn of_objects(reader: &Reader) -> Self {
        let mut survey = Self::of_nothing();
        let (istio, cluster) = tokio::join!(
            reader.see_all([
                "/apis/extensions.istio.io/v1alpha1/namespaces/istio-system/wasmplugins/kfwasm",
                "/apis/networking.istio.io/v1alpha3/namespaces/istio-system/envoyfilters",
                "/apis/security.istio.io/v1beta1/namespaces/istio-system/authorizationpolicies",
                "/apis/security.istio.io/v1beta1/namespaces/istio-system/requestauthentications",
                "/apis/networking.istio.io/v1beta1/namespaces/kubeflow/gateways/kubeflow-gateway",
                "/apis/apps/v1/namespaces/istio-system/deployments/istiod",
            ]),
            reader.see_all([
                "/apis/apps/v1/namespaces/istio-system/deployments/istio-ingressgateway",
                "/api/v1/namespaces/istio-system/services/istio-ingressgateway",
                "/api/v1/namespaces/istio-system/secrets/kfwasm",
                "/apis/kubeflow.org/v1/profiles",
                "/apis/rbac.authorization.k8s.io/v1/rolebindings?limit=5000",
                "/api/v1/namespaces/auth/configmaps/dex",
                "/api/v1/namespaces/auth/secrets/dex-passwords",
            ]),
        );
        [
            survey.plugin,
            survey.envoy_filters,
            survey.policies,
            survey.authentications,
            survey.gateway,
            survey.istiod,
        ] = istio;
        [
            survey.deployment,
            survey.service,
            survey.secret,
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
            plugin: Ok(None),
            envoy_filters: Ok(None),
            policies: Ok(None),
            authentications: Ok(None),
            gateway: Ok(None),
            deployment: Ok(None),
            service: Ok(None),
            istiod: Ok(None),
            secret: Ok(None),
            certificate: Ok(None),
            profiles: Ok(None),
            role_bindings: Ok(None),
            dex: Ok(None),
            dex_passwords: Ok(None),
            replicas: Err("nobody has looked".to_owned()),
            answers: Vec::new(),
            discovery: Err("nobody has looked".to_owned()),
            resolved: Err("nobody has looked".to_owned()),
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
