use kfwasm_config::{Config, Provider, Scheme};
use tokio::task::JoinSet;

use super::Answered;
use super::from_here::document;
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
        asking.spawn(async move { (place, discovery(&provider).await) });
    }
    let mut answers = asking.join_all().await;
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

async fn discovery(provider: &Provider) -> Answered {
    let url = document(provider)?;
    let target = Target {
        address: format!("{}:{}", url.host(), url.port()),
        authority: url.authority().to_owned(),
        path: url.path_and_query().to_owned(),
        tls: url.scheme() == Scheme::Https,
    };
    fetch(&target).await
}
