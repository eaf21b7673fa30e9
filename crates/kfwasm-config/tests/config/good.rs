use kfwasm_config::{
    ClientAssertionSigningAlgorithm, ClientAuthenticationMethod, Method, OnTokenExpiry, PathMatch,
    ReturnTo, SigningAlgorithm,
};
use serde_json::json;

use crate::sample::{good, read};

#[test]
fn a_short_configuration_has_the_defaults_that_are_documented() {
    let config = read(&good());
    let provider = &config.providers[0];
    assert_eq!(provider.name.as_str(), "default");
    assert_eq!(
        texts(&provider.scopes, |scope| scope.as_str()),
        ["openid", "profile", "email"]
    );
    assert_eq!(
        provider.id_token_signing_algorithms,
        [SigningAlgorithm::RS256]
    );
    assert_eq!(
        (provider.clock_skew.as_secs(), provider.timeout.as_millis()),
        (60, 5_000)
    );
    assert_eq!(provider.client_authentication, None);
    assert_eq!(config.callback.path.as_str(), "/authservice/oidc/callback");
    assert_eq!(
        texts(&config.callback.aliases, |path| path.as_str()),
        ["/login/oidc", "/oauth2/callback"]
    );
    assert_eq!(
        texts(&config.sign_out.paths, |path| path.as_str()),
        ["/logout", "/authservice/logout", "/oauth2/sign_out"]
    );
    assert_eq!(config.session.cookie_name.as_str(), "authservice_session");
    assert_eq!(config.session.keys.as_str(), "KFWASM_SESSION_KEYS");
    assert_eq!(config.session.idle.as_secs(), 24 * 3_600);
    assert_eq!(config.session.absolute.as_secs(), 7 * 24 * 3_600);
    assert_eq!(config.session.on_token_expiry, OnTokenExpiry::Keep);
    assert_eq!(config.identity.header.as_str(), "kubeflow-userid");
    assert_eq!(config.identity.groups_header.as_str(), "kubeflow-groups");
    assert_eq!(
        texts(&config.identity.claims, |claim| claim.as_str()),
        ["email", "preferred_username", "upn"]
    );
    assert_eq!(
        texts(&config.api_paths, |path| path.as_str()),
        ["/ml_metadata"]
    );
    assert!(config.acme_challenges && !config.insecure_http);
}

#[test]
fn every_field_of_a_provider_is_read() {
    let mut document = good();
    document["providers"][0] = json!({
        "name": "entra",
        "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0",
        "tenants": ["72F988BF-86F1-41AF-91AB-2D7CD011DB47"],
        "clientId": "kubeflow",
        "clientAuthentication": "private_key_jwt",
        "privateKey": {"env": "KEY"},
        "privateKeyId": "1",
        "certificateThumbprint": "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg",
        "clientAssertionSigningAlgorithm": "PS256",
        "scopes": ["openid", "api://kubeflow/.default"],
        "authorizationParameters": {"prompt": "login", "claims": "{\"id_token\": {}}"},
        "authorizationEndpoint": "https://a.example/authorize?p=b2c",
        "tokenEndpoint": "https://b.example:8443",
        "jwksUri": "https://c.example/keys",
        "userinfoEndpoint": "https://[2001:db8::1]/userinfo",
        "endSessionEndpoint": "https://e.example/end",
        "idTokenSigningAlgorithms": ["ES256", "EdDSA"],
        "clockSkew": "0s",
        "timeout": "30s",
    });
    let provider = &read(&document).providers[0];
    assert_eq!(provider.name.as_str(), "entra");
    assert!(provider.issuer.is_template());
    let tenant = &provider.tenants[0];
    assert_eq!(tenant.as_str(), "72f988bf-86f1-41af-91ab-2d7cd011db47");
    assert_eq!(
        provider.issuer.for_tenant(tenant),
        "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0"
    );
    assert_eq!(
        provider.client_authentication,
        Some(ClientAuthenticationMethod::PrivateKeyJwt)
    );
    assert_eq!(provider.private_key.as_ref().unwrap().as_str(), "KEY");
    assert_eq!(provider.private_key_id.as_deref(), Some("1"));
    assert_eq!(provider.certificate_thumbprint.as_ref().unwrap().len(), 43);
    assert_eq!(
        provider.client_assertion_signing_algorithm,
        ClientAssertionSigningAlgorithm::PS256
    );
    assert_eq!(
        texts(&provider.scopes, |scope| scope.as_str()),
        ["openid", "api://kubeflow/.default"]
    );
    assert_eq!(
        provider.authorization_parameters["claims"],
        "{\"id_token\": {}}"
    );
    let endpoints = [
        &provider.authorization_endpoint,
        &provider.token_endpoint,
        &provider.jwks_uri,
        &provider.userinfo_endpoint,
        &provider.end_session_endpoint,
    ];
    assert_eq!(
        endpoints.map(|endpoint| endpoint.as_ref().unwrap().host().to_owned()),
        [
            "a.example",
            "b.example",
            "c.example",
            "[2001:db8::1]",
            "e.example"
        ]
    );
    assert_eq!(
        provider.id_token_signing_algorithms,
        [SigningAlgorithm::ES256, SigningAlgorithm::EdDSA]
    );
}

#[test]
fn every_other_field_is_read() {
    let mut document = good();
    document["plainHttp"] = json!("accept");
    document["callback"] = json!({"path": "/login/oidc", "aliases": []});
    document["signOut"] = json!({"paths": ["/bye"], "returnTo": "https://example.com/"});
    document["session"] = json!({"cookieName": "__Host-s", "keys": {"env": "K"}, "idle": "1h30m",
        "absolute": "400d", "onTokenExpiry": "end"});
    document["identity"] = json!({"claims": ["sub"], "header": "X-User", "prefix": "oidc:",
        "groupsClaim": "roles", "groupsHeader": "X-Groups"});
    document["skip"] = json!([{"suffix": ".css", "hosts": ["localhost:8080"], "methods": ["GET"]}]);
    document["acmeChallenges"] = json!(false);
    document["apiPaths"] = json!([]);
    let config = read(&document);
    assert_eq!(config.callback.path.as_str(), "/login/oidc");
    assert!(config.callback.aliases.is_empty() && config.api_paths.is_empty());
    assert!(matches!(config.sign_out.return_to, Some(ReturnTo::Url(_))));
    assert_eq!(config.session.idle.as_secs(), 5_400);
    assert_eq!(config.session.on_token_expiry, OnTokenExpiry::End);
    assert_eq!(config.identity.header.as_str(), "x-user");
    assert_eq!(config.identity.prefix, "oidc:");
    assert!(matches!(&config.skip[0].path, PathMatch::Suffix(suffix) if suffix.as_str() == ".css"));
    assert_eq!(config.skip[0].hosts[0].as_str(), "localhost:8080");
    assert_eq!(config.skip[0].methods, [Method::Get]);
    assert!(!config.acme_challenges);
}

#[test]
fn a_default_alias_that_is_made_the_callback_path_is_no_alias_any_more() {
    let mut document = good();
    document["callback"] = json!({"path": "/oauth2/callback"});
    let config = read(&document);
    assert_eq!(
        texts(&config.callback.aliases, |path| path.as_str()),
        ["/login/oidc"]
    );
}

fn texts<T>(values: &[T], text: impl Fn(&T) -> &str) -> Vec<&str> {
    values.iter().map(text).collect()
}
