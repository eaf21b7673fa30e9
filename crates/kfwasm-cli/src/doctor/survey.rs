use http::Request;
use kube::config::KubeConfigOptions;
use kube::{Client, Config};
use serde_json::Value;

use crate::failure::Failure;

const ADVICE: &str = "check the kubeconfig: `kubectl version` asks the same server";

/// What was seen at one path: nothing, something, or why not.
pub(crate) type Seen = Result<Option<Value>, String>;

/// What the rules judge, read at one time.
pub(crate) struct Survey {
    pub(crate) plugin: Seen,
    pub(crate) envoy_filters: Seen,
    pub(crate) policies: Seen,
    pub(crate) gateway: Seen,
    pub(crate) deployment: Seen,
    pub(crate) secret: Seen,
    pub(crate) certificate: Seen,
    pub(crate) profiles: Seen,
}

impl Survey {
    /// Looks at everything at once.
    pub(crate) async fn of(context: Option<&str>) -> Result<Self, Failure> {
        let client = connect(context).await?;
        let look = |path: &'static str| seen(&client, path.to_owned());
        let (plugin, envoy_filters, policies, gateway, deployment, secret, profiles) = tokio::join!(
            look("/apis/extensions.istio.io/v1alpha1/namespaces/istio-system/wasmplugins/kfwasm"),
            look("/apis/networking.istio.io/v1alpha3/namespaces/istio-system/envoyfilters"),
            look("/apis/security.istio.io/v1beta1/namespaces/istio-system/authorizationpolicies"),
            look("/apis/networking.istio.io/v1beta1/namespaces/kubeflow/gateways/kubeflow-gateway"),
            look("/apis/apps/v1/namespaces/istio-system/deployments/istio-ingressgateway"),
            look("/api/v1/namespaces/istio-system/secrets/kfwasm"),
            look("/apis/kubeflow.org/v1/profiles"),
        );
        let certificate = certificate(&client, &gateway).await;
        Ok(Self {
            plugin,
            envoy_filters,
            policies,
            gateway,
            deployment,
            secret,
            certificate,
            profiles,
        })
    }
}

/// The items of a list that was seen.
pub(crate) fn items(list: &Seen) -> impl Iterator<Item = &Value> {
    let list = list.as_ref().ok().and_then(Option::as_ref);
    let items = list.and_then(|list| list.get("items")?.as_array());
    items.into_iter().flatten()
}

/// The Secret that the Gateway's TLS server names: it is in the namespace of the gateway's pods.
async fn certificate(client: &Client, gateway: &Seen) -> Seen {
    let Some(name) = gateway.as_ref().ok().and_then(|gateway| {
        let servers = gateway.as_ref()?.pointer("/spec/servers")?.as_array()?;
        let mut names = servers
            .iter()
            .filter_map(|s| s.pointer("/tls/credentialName")?.as_str());
        names.next()
    }) else {
        return Ok(None);
    };
    let path = format!("/api/v1/namespaces/istio-system/secrets/{name}");
    seen(client, path).await
}

async fn seen(client: &Client, path: String) -> Seen {
    let request = Request::get(&path).body(Vec::new());
    let request = request.map_err(|error| error.to_string())?;
    match client.request::<Value>(request).await {
        Ok(found) => Ok(Some(found)),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
        Err(kube::Error::Api(status)) => Err(status.message.clone()),
        Err(error) => Err(error.to_string()),
    }
}

async fn connect(context: Option<&str>) -> Result<Client, Failure> {
    let options = KubeConfigOptions {
        context: context.map(str::to_owned),
        ..KubeConfigOptions::default()
    };
    let config = Config::from_kubeconfig(&options).await.map_err(|error| {
        Failure::not_ready(format!("there is no cluster to look at: {error}"), ADVICE)
    })?;
    let server = config.cluster_url.to_string();
    let not_ready = |error| {
        Failure::not_ready(
            format!("the API server {server} does not answer: {error}"),
            ADVICE,
        )
    };
    let client = Client::try_from(config).map_err(not_ready)?;
    client.apiserver_version().await.map_err(not_ready)?;
    Ok(client)
}

#[cfg(test)]
impl Survey {
    /// Of a cluster with nothing in it.
    pub(crate) fn of_nothing() -> Self {
        Self {
            plugin: Ok(None),
            envoy_filters: Ok(None),
            policies: Ok(None),
            gateway: Ok(None),
            deployment: Ok(None),
            secret: Ok(None),
            certificate: Ok(None),
            profiles: Ok(None),
        }
    }
}
