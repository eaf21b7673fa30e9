use kfwasm_config::{Config, Scheme};

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

/// The provider's discovery document (OIDC Discovery §4), as it is seen from here. No secret goes there.
pub(super) async fn discovery(config: Option<&Config>) -> Answered {
    let provider = config.and_then(|config| config.providers.first());
    let issuer = &provider
        .ok_or("the plugin's configuration is not known")?
        .issuer;
    if issuer.host().ends_with(".svc.cluster.local") || issuer.host().ends_with(".svc") {
        return Err("the provider is in the cluster".to_owned());
    }
    let tls = issuer.scheme() == Scheme::Https;
    let target = Target {
        address: format!("{}:{}", issuer.host(), issuer.port()),
        authority: issuer.authority().to_owned(),
        path: format!(
            "{}/.well-known/openid-configuration",
            issuer.path_and_query().trim_end_matches('/')
        ),
        tls,
    };
    fetch(&target).await
}
