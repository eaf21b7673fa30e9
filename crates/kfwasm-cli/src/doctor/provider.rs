use serde_json::Value;

use super::{Finding, Survey};
use crate::probe::Asked;

/// The provider is who the configuration says (OIDC Discovery §4.3).
pub(super) fn discovery(survey: &Survey) -> Finding {
    const RULE: &str = "discovery";
    let config = survey.config().and_then(Result::ok);
    let Some(provider) = config.as_ref().and_then(|config| config.providers.first()) else {
        return Finding::unchecked(RULE, "the plugin's configuration is not known", "");
    };
    let answer = match &survey.discovery {
        Ok(answer) => answer,
        Err(why) => return Finding::unchecked(RULE, why, ""),
    };
    let wanted = provider.issuer.as_str();
    let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let named = document.get("issuer").and_then(Value::as_str);
    match (answer.status, named) {
        (200, Some(named)) if named == wanted || is_template(named, wanted) => {
            Finding::good(RULE, format!("{wanted} names itself so"))
        }
        (200, Some(named)) => Finding::wrong(
            RULE,
            format!("{wanted} names itself {named}"),
            "write the issuer exactly as the provider names itself",
        ),
        _ if provider.token_endpoint.is_some() => {
            Finding::good(RULE, "there is none, and the endpoints are written down")
        }
        (status, _) => Finding::wrong(
            RULE,
            format!("{wanted} has no discovery document ({status})"),
            "correct the issuer, or write the endpoints down",
        ),
    }
}

/// Entra names tenants by a template where the issuer stands for many.
fn is_template(named: &str, wanted: &str) -> bool {
    let Some((before, after)) = named.split_once("{tenantid}") else {
        return false;
    };
    wanted.starts_with(before) && wanted.ends_with(after)
}

/// The gateway reaches it: only with the provider's documents can it send a page there.
pub(super) fn from_the_gateway(survey: &Survey) -> Finding {
    const RULE: &str = "provider";
    match survey.answer(Asked::Navigation) {
        None => Finding::unchecked(RULE, "the plugin's configuration is not known", ""),
        Some(Err(why)) => Finding::unchecked(RULE, why, ""),
        Some(Ok(answer)) => match answer.status {
            302 | 303 => Finding::good(RULE, "the gateway knows its endpoints"),
            status @ 500..=599 => Finding::wrong(
                RULE,
                format!("the gateway does not reach it ({status})"),
                "see its ServiceEntry and DestinationRule, NetworkPolicies, and the gateway's log",
            ),
            status => Finding::unchecked(RULE, &format!("the gateway answers {status}"), ""),
        },
    }
}
