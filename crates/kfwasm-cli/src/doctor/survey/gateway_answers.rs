use kfwasm_config::{Config, Issuer, Scheme};
use tokio::task::JoinSet;

use super::Answered;
use crate::probe::{Asked, Expectation, Target, ask, fetch};

/// Asks the gateway as everybody does who has not signed in.
pub(super) async fn ask_all(
    target: Option<&Target>,
    config: Option<&Config>,
) -> Vec<(Asked, Answered)> {
    let expectation = config.and_then(Expectation::of);
    let (Some(target), Some(expectation)) = (target, expectation) else {
        return Vec::new();
    };
    let by = |asked| ask(target, asked, &expectation.identity);
    let (navigation, script, forger, socket) = tokio::join!(
        by(Asked::Navigation),
        by(Asked::Script),
        by(Asked::Forger),
        by(Asked::WebSocket),
    );
    vec![
        (Asked::Navigation, navigation),
        (Asked::Script, script),
        (Asked::Forger, forger),
        (Asked::WebSocket, socket),
    ]
}

/// The discovery document (OIDC Discovery §4) of each provider, as it is seen from here. No secret goes there.
pub(super) async fn discoveries(config: Option<&Config>) -> Vec<Answered> {
    let providers = config.map(|config| config.providers.clone());
    let mut asking = JoinSet::new();
    for (place, provider) in providers.unwrap_or_default().into_iter().enumerate() {
        asking.spawn(async move { (place, discovery(&provider.issuer).await) });
    }
    let mut answers = asking.join_all().await;
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

async fn discovery(issuer: &Issuer) -> Answered {
    out_of_the_cluster(issuer)?;
    let tls = issuer.scheme() == Scheme::Https;
    let target = Target {
        address: format!("{}:{}", issuer.host(), issuer.port()),
        authority: issuer.authority().to_owned(),
        path: path(issuer),
        tls,
    };
    fetch(&target).await
}

/// Where a provider's discovery document is (OIDC Discovery §4).
pub(super) fn discovery_document(issuer: &Issuer) -> String {
    let scheme = match issuer.scheme() {
        Scheme::Https => "https",
        Scheme::Http => "http",
    };
    format!("{scheme}://{}{}", issuer.authority(), path(issuer))
}

fn path(issuer: &Issuer) -> String {
    let path = issuer.path_and_query().trim_end_matches('/');
    format!("{path}/.well-known/openid-configuration")
}

/// Names of the cluster are known there alone.
pub(super) fn out_of_the_cluster(issuer: &Issuer) -> Result<(), String> {
    match issuer.host().ends_with(".svc.cluster.local") || issuer.host().ends_with(".svc") {
        true => Err("the provider is in the cluster".to_owned()),
        false => Ok(()),
    }
}
