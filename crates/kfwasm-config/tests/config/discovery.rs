//! What follows from a provider's entry: where its documents are, and whose they may be.

use kfwasm_config::{ForeignIssuer, IssuerRule, Provider};
use serde_json::{Value, json};

use crate::sample::{good, read};

const CONTOSO: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const FABRIKAM: &str = "11111111-2222-3333-4444-555555555555";
const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

const TEMPLATE: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";

/// The provider of the good configuration with another issuer, for these tenants.
fn provider(issuer: &str, tenants: &[&str]) -> Provider {
    let mut document = good();
    document["providers"][0]["issuer"] = issuer.into();
    document["providers"][0]["tenants"] = Value::from(tenants);
    read(&document).providers[0].clone()
}

#[test]
fn the_document_is_below_the_issuer() {
    for issuer in [
        "https://login.example.com/realms/a",
        "https://login.example.com/realms/a/",
    ] {
        let url = provider(issuer, &[]).discovery_url().unwrap();
        assert_eq!(
            url.as_str(),
            "https://login.example.com/realms/a/.well-known/openid-configuration"
        );
    }
}

#[test]
fn a_template_is_asked_at_a_place_that_exists() {
    for (tenants, segment) in [
        (vec![CONTOSO], CONTOSO),
        (vec![CONTOSO, FABRIKAM], "organizations"),
        (vec![CONTOSO, PERSONAL_ACCOUNTS], "common"),
    ] {
        let url = provider(TEMPLATE, &tenants).discovery_url().unwrap();
        assert_eq!(
            url.path_and_query(),
            format!("/{segment}/v2.0/.well-known/openid-configuration")
        );
    }
}

fn rule(issuer: &str) -> IssuerRule {
    IssuerRule::of(&provider(issuer, &[CONTOSO]))
}

#[test]
fn an_issuer_for_many_tenants_is_a_template() {
    for (issuer, template) in [
        (TEMPLATE, TEMPLATE),
        ("https://login.microsoftonline.com/common/v2.0", TEMPLATE),
        (
            "https://login.microsoftonline.us/Organizations/v2.0",
            "https://login.microsoftonline.us/{tenantid}/v2.0",
        ),
        (
            "https://sts.windows.net/{tenantid}/",
            "https://sts.windows.net/{tenantid}/",
        ),
        (
            "https://sts.windows.net/common",
            "https://sts.windows.net/{tenantid}",
        ),
    ] {
        assert_eq!(rule(issuer).as_str(), template);
    }
}

#[test]
fn documents_name_the_template_or_an_allowed_tenant() {
    let rule = rule("https://login.microsoftonline.com/common/v2.0");
    let of = |tenant| format!("https://login.microsoftonline.com/{tenant}/v2.0");

    assert!(rule.is_named_by(&of("{tenantid}")));
    assert!(rule.is_named_by(&of(CONTOSO)));
    assert!(!rule.is_named_by(&of("common")));
    assert!(!rule.is_named_by(&of(FABRIKAM)));
    assert!(!rule.is_named_by("https://evil.example/{tenantid}/v2.0"));
}

#[test]
fn a_single_issuer_is_compared_as_it_is_written() {
    let rule = IssuerRule::of(&provider("https://login.example.com", &[]));

    assert!(rule.is_named_by("https://login.example.com"));
    assert!(!rule.is_named_by("https://login.example.com/"));
}

#[test]
fn a_token_says_of_which_tenant_it_is() {
    let (rule, issuer) = (rule(TEMPLATE), TEMPLATE.replace("{tenantid}", CONTOSO));
    let others = TEMPLATE.replace("{tenantid}", FABRIKAM);

    assert_eq!(rule.admit(&issuer, Some(CONTOSO)), Ok(()));
    assert_eq!(rule.admit(&issuer, None), Err(ForeignIssuer::NoTenant));
    let of_another = rule.admit(&issuer, Some(FABRIKAM));
    assert_eq!(of_another, Err(ForeignIssuer::Issuer(&issuer)));
    let of_a_stranger = rule.admit(&others, Some(FABRIKAM));
    assert_eq!(of_a_stranger, Err(ForeignIssuer::Tenant(FABRIKAM)));
}

/// How the client authenticates where the provider supports these methods.
fn chosen(credential: Value, supported: Option<&[&str]>) -> Option<&'static str> {
    let mut document = good();
    let fields = document["providers"][0].as_object_mut().unwrap();
    fields.remove("clientSecret");
    fields.extend(credential.as_object().unwrap().clone());
    let method = read(&document).providers[0].client_authentication(supported);
    method.map(|it| it.as_str())
}

#[test]
fn the_first_method_that_provider_and_credential_share_is_chosen() {
    let secret = json!({"clientSecret": {"env": "S"}});
    let key = json!({"privateKey": {"env": "K"}});
    let all: &[&str] = &[
        "none",
        "private_key_jwt",
        "client_secret_post",
        "client_secret_basic",
    ];
    let (basic, post) = ("client_secret_basic", "client_secret_post");
    for (credential, supported, method) in [
        (&secret, Some(all), Some(basic)),
        (&secret, Some(&[post]), Some(post)),
        (&secret, None, Some(basic)),
        (&key, Some(all), Some("private_key_jwt")),
        (&key, None, Some("private_key_jwt")),
        (&json!({}), Some(all), Some("none")),
        (&json!({}), None, Some("none")),
        (&json!({}), Some(&[basic, "private_key_jwt"]), None),
    ] {
        assert_eq!(
            chosen(credential.clone(), supported),
            method,
            "{credential} {supported:?}"
        );
    }
}

#[test]
fn a_configured_method_is_taken_whatever_the_provider_says() {
    let configured = json!({
        "clientSecret": {"env": "S"},
        "clientAuthentication": "client_secret_post",
    });
    assert_eq!(
        chosen(configured, Some(&["private_key_jwt"])),
        Some("client_secret_post")
    );
}
