//! Microsoft Entra ID for many tenants.

use kfwasm_config::{Config, IssuerRule, SigningAlgorithm};
use kfwasm_oidc::excerpt::Excerpt;
use kfwasm_oidc::id_token::IdTokenExpectations;
use kfwasm_oidc::id_token::IdTokenFault::{self, *};
use kfwasm_oidc::jose::{JwkSet, JwsFault, RustCryptoVerifier, TrustedKeys};
use serde_json::json;

use super::draft::{
    CLIENT_ID, CLOCK_SKEW, Draft, KEY_ID, NOW, jwk_of, key_set_of, provider_key, with,
};

const CONTOSO: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const FABRIKAM: &str = "11111111-2222-3333-4444-555555555555";
const STRANGER: &str = "deadbeef-0000-0000-0000-000000000000";
const TEMPLATE: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";

fn issuer_of(tenant: &str) -> String {
    TEMPLATE.replace("{tenantid}", tenant)
}

fn rule(issuer: &str) -> IssuerRule {
    let config = json!({
        "publicHosts": ["kubeflow.example.com"],
        "providers": [{"issuer": issuer, "tenants": [CONTOSO, FABRIKAM], "clientId": CLIENT_ID}],
    });
    let config = Config::from_json(config.to_string().as_bytes()).unwrap();
    IssuerRule::of(&config.providers[0])
}

/// A token of `tenant` from its own issuer.
fn token_of(tenant: &str) -> Draft {
    let mut draft = Draft::valid();
    draft.claim("iss", json!(issuer_of(tenant)));
    draft.claim("tid", json!(tenant));
    draft
}

/// The provider's key, bound to an issuer as Entra does.
fn keys_of(issuer: &str) -> JwkSet {
    key_set_of(&[with(
        with(jwk_of(&provider_key()), "kid", KEY_ID),
        "issuer",
        issuer,
    )])
}

fn verify(draft: &Draft, issuer: &IssuerRule, keys: &JwkSet) -> Result<(), IdTokenFault> {
    let expectations = IdTokenExpectations {
        issuer,
        client_id: CLIENT_ID,
        keys: TrustedKeys {
            keys,
            algorithms: &[SigningAlgorithm::ES256],
        },
        clock_skew: CLOCK_SKEW,
        nonce: None,
        access_token: None,
        max_age: None,
    };
    expectations
        .verify(draft.sign().as_bytes(), NOW, &mut RustCryptoVerifier)
        .map(drop)
}

#[test]
fn the_allowed_tenants_are_let_in_however_the_issuer_is_written() {
    for issuer in [
        TEMPLATE,
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/organizations/v2.0",
    ] {
        for tenant in [CONTOSO, FABRIKAM] {
            let verified = verify(&token_of(tenant), &rule(issuer), &keys_of(TEMPLATE));
            assert_eq!(verified, Ok(()), "{issuer} {tenant}");
        }
    }
}

#[test]
fn a_tenant_that_nobody_allowed_is_refused() {
    let fault = verify(&token_of(STRANGER), &rule(TEMPLATE), &keys_of(TEMPLATE));

    assert_eq!(fault, Err(Tenant(Excerpt::of(STRANGER))));
}

/// What is wrong, how a valid token is made so, and the fault that must come of it.
type Case = (&'static str, fn(&mut Draft), IdTokenFault);

#[test]
fn a_tenant_cannot_pass_for_another() {
    let cases: [Case; 5] = [
        (
            "no tenant",
            |it| it.remove_claim("tid"),
            ClaimMissing("tid"),
        ),
        (
            "a tenant that is no string",
            |it| it.claim("tid", json!([CONTOSO])),
            ClaimMalformed("tid"),
        ),
        (
            "the tenant of another issuer",
            |it| it.claim("tid", json!(FABRIKAM)),
            Issuer(Excerpt::of(&issuer_of(CONTOSO))),
        ),
        (
            "the issuer of another tenant",
            |it| it.claim("iss", json!(issuer_of(STRANGER))),
            Issuer(Excerpt::of(&issuer_of(STRANGER))),
        ),
        (
            "the template itself",
            |it| {
                it.claim("iss", json!(TEMPLATE));
                it.claim("tid", json!("{tenantid}"));
            },
            Tenant(Excerpt::of("{tenantid}")),
        ),
    ];

    for (what, corrupt, fault) in cases {
        let mut draft = token_of(CONTOSO);
        corrupt(&mut draft);
        assert_eq!(
            verify(&draft, &rule(TEMPLATE), &keys_of(TEMPLATE)),
            Err(fault),
            "{what}"
        );
    }
}

#[test]
fn a_key_of_one_tenant_does_not_sign_for_another() {
    let fault = verify(
        &token_of(CONTOSO),
        &rule(TEMPLATE),
        &keys_of(&issuer_of(FABRIKAM)),
    );

    assert_eq!(fault, Err(Jws(JwsFault::KeyOfAnotherIssuer)));
}

#[test]
fn the_issuer_of_one_tenant_needs_no_list() {
    let exact = IssuerRule::Exact(issuer_of(CONTOSO));

    assert_eq!(
        verify(&token_of(CONTOSO), &exact, &keys_of(TEMPLATE)),
        Ok(())
    );
    assert_eq!(
        verify(&token_of(FABRIKAM), &exact, &keys_of(TEMPLATE)),
        Err(Issuer(Excerpt::of(&issuer_of(FABRIKAM))))
    );
}
