//! What Istio was told beside oauth2-proxy: which claims become which headers, and whose tokens count.

use serde_json::Value;

use super::super::Setting;
use super::super::translate::bearer::TokenIssuer;
use super::Found;
use super::config_file::setting;
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::object::Object;

/// The audience that the SDK of Kubeflow Pipelines asks tokens for.
const PIPELINES: &str = "pipelines.kubeflow.org";

/// Adds what the RequestAuthentications of the gateway say.
pub(super) async fn read(
    cluster: &Cluster,
    namespace: &str,
    found: &mut Found,
) -> Result<(), Failure> {
    let authentications = cluster
        .list(
            "security.istio.io/v1beta1",
            "RequestAuthentication",
            namespace,
        )
        .await?;
    let own = issuer(found);
    for authentication in &authentications {
        for rule in rules(authentication) {
            let text = |name: &str| rule.get(name).and_then(Value::as_str);
            match text("issuer") {
                Some(issuer) if Some(issuer) == own.as_deref() => headers(rule, found),
                Some(issuer) => token_issuer(cluster, issuer, rule, found).await,
                None => {}
            }
        }
    }
    Ok(())
}

fn issuer(found: &Found) -> Option<String> {
    let mut settings = found.settings.iter();
    let issuer = settings.find(|setting| setting.name == "oidc_issuer_url")?;
    Some(issuer.text())
}

/// The rules of a RequestAuthentication.
fn rules(authentication: &Object) -> impl Iterator<Item = &Value> {
    let rules = authentication
        .get("/spec/jwtRules")
        .and_then(Value::as_array);
    rules.into_iter().flatten()
}

/// The header with the groups is the one that a claim of groups goes to.
fn headers(rule: &Value, found: &mut Found) {
    let list = rule.get("outputClaimToHeaders").and_then(Value::as_array);
    for entry in list.into_iter().flatten() {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
        let (header, claim) = match text("claim").contains("groups") {
            true => ("groups_header", "oidc_groups_claim"),
            false => ("user_header", "oidc_email_claim"),
        };
        found
            .settings
            .retain(|known| known.name != header && known.name != claim);
        found.settings.push(Setting::new(header, text("header")));
        found.settings.push(Setting::new(claim, text("claim")));
    }
}

/// Tokens of others. Where they were for anybody, they are for this cluster and for Pipelines now.
async fn token_issuer(cluster: &Cluster, issuer: &str, rule: &Value, found: &mut Found) {
    let text = |name: &str| rule.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut known = TokenIssuer {
        issuer: issuer.to_owned(),
        audiences: setting("", rule.get("audiences").unwrap_or(&Value::Null)).parts(),
        jwks: text("jwks"),
        jwks_uri: text("jwksUri"),
    };
    if known.audiences.is_empty() {
        known.audiences = vec![issuer.to_owned(), PIPELINES.to_owned()];
    }
    if known.jwks.is_none() && cluster.issuer().await.as_deref() == Some(issuer) {
        known.jwks = cluster.keys().await;
    }
    found.settings.push(Setting::new("m2m_issuer", issuer));
    found.token_issuers.push(known);
}
