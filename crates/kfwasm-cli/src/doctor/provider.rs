use kfwasm_config::{ClaimName, IssuerRule, Provider};
use serde_json::Value;

use super::survey::Answered;
use super::{Finding, Mark, Survey};
use crate::probe::Asked;

/// Each provider is who the configuration says (OIDC Discovery §4.3).
pub(super) fn discovery(survey: &Survey) -> Finding {
    const UNKNOWN: &str = "the plugin's configuration is not known";
    let Some(Ok(config)) = survey.config() else {
        return Finding::unchecked(DISCOVERY, UNKNOWN, "");
    };
    let each = config.providers.iter().zip(&survey.discoveries);
    let findings: Vec<Finding> = each
        .map(|(provider, answer)| of_one(provider, answer, &config.identity.claims))
        .collect();
    let Some(worst) = findings.iter().max_by_key(|finding| gravity(finding.mark)) else {
        return Finding::unchecked(DISCOVERY, UNKNOWN, "");
    };
    match worst.mark {
        Mark::Good => {
            let all: Vec<&str> = findings.iter().map(|it| it.what.as_str()).collect();
            Finding::good(DISCOVERY, all.join("; "))
        }
        _ => worst.clone(),
    }
}

const DISCOVERY: &str = "discovery";

fn gravity(mark: Mark) -> u8 {
    match mark {
        Mark::Good => 0,
        Mark::Unchecked => 1,
        Mark::Doubtful => 2,
        Mark::Wrong => 3,
    }
}

fn of_one(provider: &Provider, answer: &Answered, claims: &[ClaimName]) -> Finding {
    const RULE: &str = DISCOVERY;
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) => return Finding::unchecked(RULE, why, ""),
    };
    let wanted = provider.issuer.as_str();
    let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let named = document.get("issuer").and_then(Value::as_str);
    match (answer.status, named) {
        (200, Some(named)) if IssuerRule::of(provider).is_named_by(named) => {
            by_its_claims(wanted, document.get("claims_supported"), claims)
        }
        (200, Some(named)) => Finding::wrong(
            RULE,
            format!("{wanted} names itself {named}"),
            "write the issuer exactly as the provider names itself",
        ),
        _ if provider.token_endpoint.is_some() => Finding::good(
            RULE,
            format!("{wanted} has none, and its endpoints are written down"),
        ),
        (status, _) => Finding::wrong(
            RULE,
            format!("{wanted} has no discovery document ({status})"),
            "correct the issuer, or write the endpoints down",
        ),
    }
}

/// A provider may list the claims that it has, and need not list all of them (OIDC Discovery §3).
fn by_its_claims(issuer: &str, listed: Option<&Value>, claims: &[ClaimName]) -> Finding {
    let listed = listed.and_then(Value::as_array);
    let lists = |claim: &ClaimName| listed.is_none_or(|all| all.contains(&claim.as_str().into()));
    if claims.iter().any(lists) {
        return Finding::good(DISCOVERY, format!("{issuer} names itself so"));
    }
    let claims: Vec<&str> = claims.iter().map(ClaimName::as_str).collect();
    Finding::doubtful(
        DISCOVERY,
        format!("{issuer} does not say that it has {}", claims.join(" or ")),
        "if nobody gets in, write the claim that names a user there into identity.claims",
    )
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
