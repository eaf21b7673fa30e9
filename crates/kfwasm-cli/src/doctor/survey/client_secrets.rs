//! What each provider says to the client secret that the gateway has.
//!
//! The secret goes to the token endpoint that the provider itself names, and only where the certificate of both is of an
//! authority that this machine trusts, or are on this machine.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use form_urlencoded::{Serializer, byte_serialize};
use kfwasm_config::{
    ClientAuthenticationMethod, Config, EndpointUrl, IssuerRule, Provider, Scheme,
};
use reqwest::Client;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use tokio::task::JoinSet;

use super::from_here::{document, same_from_here};
use super::{Seen, object};
use crate::web;

const TIME: Duration = Duration::from_secs(5);
/// No provider has given it to anybody.
const NO_CODE: &str = "kfwasm-doctor";

/// A provider, and what it said.
pub(crate) struct Tried {
    pub(crate) issuer: String,
    /// What it said, or why it was not asked.
    pub(crate) said: Result<Verdict, String>,
}

/// What a provider thinks of a client secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Taken,
    /// In the provider's own words.
    Refused(String),
}

/// Of those that are to be told one, in the order of the configuration.
pub(super) async fn try_all(config: Option<&Config>, secret: &Seen) -> Vec<Tried> {
    let Some(config) = config else {
        return Vec::new();
    };
    let mut trying = JoinSet::new();
    for (place, provider) in config.providers.iter().enumerate() {
        if let Some(name) = &provider.client_secret {
            let (provider, secret) = (provider.clone(), value(secret, name.as_str()));
            let uris = config.redirect_uris();
            let uri = uris.first().map(|it| it.uri.clone()).unwrap_or_default();
            trying.spawn(async move { (place, tried(&provider, secret, &uri).await) });
        }
    }
    let mut tried = trying.join_all().await;
    tried.sort_by_key(|(place, _)| *place);
    tried.into_iter().map(|(_, tried)| tried).collect()
}

async fn tried(provider: &Provider, secret: Result<SecretString, String>, uri: &str) -> Tried {
    let said = match secret {
        Ok(secret) => say(provider, &secret, uri).await,
        Err(why) => Err(why),
    };
    let issuer = provider.issuer.as_str().to_owned();
    Tried { issuer, said }
}

fn value(secret: &Seen, name: &str) -> Result<SecretString, String> {
    secret.as_ref().map_err(Clone::clone)?;
    let encoded = object(secret).and_then(|it| it.get("data")?.get(name)?.as_str());
    let bytes = encoded.and_then(|it| BASE64_STANDARD.decode(it).ok());
    let text = bytes.and_then(|it| String::from_utf8(it).ok());
    let text = text.filter(|it| !it.is_empty());
    text.map(SecretString::from)
        .ok_or_else(|| format!("there is no {name}"))
}

async fn say(provider: &Provider, secret: &SecretString, uri: &str) -> Result<Verdict, String> {
    let issuer = provider.issuer.as_str();
    let client = web::client(issuer, None, TIME).map_err(|it| it.message().to_owned())?;
    let metadata = metadata(&client, provider).await?;
    let endpoint = token_endpoint(provider, &metadata)?;
    let (authorization, body) = request(provider, &metadata, secret, uri);
    let request = client.post(endpoint.as_str()).body(body);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = match authorization {
        Some(value) => request.header("authorization", value),
        None => request,
    };
    let answer = request.send().await;
    let answer = answer.map_err(|error| unreachable(issuer, &error))?;
    let status = answer.status().as_u16();
    verdict(status, &web::json(answer).await.unwrap_or_default())
}

/// OIDC Discovery §4, from here: what the doctor has seen of it was shown by whoever answered.
async fn metadata(client: &Client, provider: &Provider) -> Result<Value, String> {
    if provider.token_endpoint.is_some() {
        return Ok(Value::Null);
    }
    let url = document(provider)?;
    let answer = client.get(url.as_str()).send().await;
    let answer = answer.map_err(|error| unreachable(provider.issuer.as_str(), &error))?;
    let found = web::json(answer).await.unwrap_or_default();
    let named = found.get("issuer").and_then(Value::as_str);
    match named.is_some_and(|named| IssuerRule::of(provider).is_named_by(named)) {
        true => Ok(found),
        false => Err("the provider does not name itself as it should".to_owned()),
    }
}

fn unreachable(place: &str, error: &reqwest::Error) -> String {
    web::unreachable(place, error).message().to_owned()
}

/// Where the secret goes: to a provider of TLS by TLS alone.
fn token_endpoint(provider: &Provider, metadata: &Value) -> Result<EndpointUrl, String> {
    let in_clear = provider.issuer.scheme() == Scheme::Http;
    let found = metadata.get("token_endpoint").and_then(Value::as_str);
    let found = found.and_then(|url| EndpointUrl::parse(url, in_clear).ok());
    let endpoint = provider.token_endpoint.clone().or(found);
    let endpoint = endpoint.ok_or("the provider names no token endpoint")?;
    same_from_here(&endpoint)?;
    Ok(endpoint)
}

/// A request for a token that the provider refuses after it has looked at the secret, or that gives nobody's (Entra looks
/// at a code before the secret); as header and body.
fn request(
    provider: &Provider,
    metadata: &Value,
    secret: &SecretString,
    uri: &str,
) -> (Option<String>, String) {
    let client_id = provider.client_id.as_str();
    let mut form = Serializer::new(String::new());
    if provider.issuer.is_entra() {
        form.append_pair("grant_type", "client_credentials");
        form.append_pair("scope", &format!("{client_id}/.default"));
    } else {
        form.append_pair("grant_type", "authorization_code");
        form.append_pair("code", NO_CODE)
            .append_pair("redirect_uri", uri);
    }
    if method(provider, metadata) == Some(ClientAuthenticationMethod::ClientSecretPost) {
        form.append_pair("client_id", client_id);
        form.append_pair("client_secret", secret.expose_secret());
        return (None, form.finish());
    }
    (Some(basic(client_id, secret)), form.finish())
}

fn method(provider: &Provider, metadata: &Value) -> Option<ClientAuthenticationMethod> {
    let supported = metadata.get("token_endpoint_auth_methods_supported");
    let supported = supported.and_then(Value::as_array);
    let names = supported.map(|it| it.iter().filter_map(Value::as_str).collect::<Vec<_>>());
    provider.client_authentication(names.as_deref())
}

/// RFC 6749 §2.3.1: each is form-urlencoded, then both are joined as RFC 7617 §2 joins user and password.
fn basic(client_id: &str, secret: &SecretString) -> String {
    let mut credentials: String = byte_serialize(client_id.as_bytes()).collect();
    credentials.push(':');
    credentials.extend(byte_serialize(secret.expose_secret().as_bytes()));
    format!("Basic {}", BASE64_STANDARD.encode(credentials))
}

/// RFC 6749 §5.2. Keycloak says `unauthorized_client` where it is the client that is not authenticated, with 401.
fn verdict(status: u16, body: &Value) -> Result<Verdict, String> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(web::printable);
    let error = text("error").unwrap_or_default();
    match (status, error.as_str()) {
        (200, _) | (_, "invalid_grant" | "invalid_scope") => Ok(Verdict::Taken),
        (401, _) | (_, "invalid_client") => {
            let words = text("error_description").unwrap_or(error);
            Ok(Verdict::Refused(words))
        }
        (_, "") => Err(format!("the provider answers {status}")),
        (_, error) => Err(format!("the provider answers {error}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn provider(issuer: &str) -> Provider {
        let provider = json!({
            "issuer": issuer, "clientId": "kubeflow", "clientSecret": { "env": "SECRET" },
            "insecureHttp": issuer.starts_with("http://"),
        });
        let config = json!({ "publicHosts": ["ml.example.com"], "providers": [provider] });
        let config = Config::from_json(config.to_string().as_bytes()).unwrap();
        config.providers.first().unwrap().clone()
    }

    #[test]
    fn a_secret_goes_in_clear_to_this_machine_alone() {
        let goes = |issuer: &str, endpoint: &str| {
            token_endpoint(&provider(issuer), &json!({ "token_endpoint": endpoint })).is_ok()
        };
        assert!(goes(
            "https://id.example.com",
            "https://id.example.com/token"
        ));
        assert!(!goes(
            "https://id.example.com",
            "http://id.example.com/token"
        ));
        assert!(!goes("https://id.example.com", ""));
        assert!(goes("http://127.0.0.1:8080", "http://127.0.0.1:8080/token"));
        for host in ["dex:5556", "dex.auth:5556", "id.example.com"] {
            let issuer = format!("http://{host}");
            assert!(!goes(&issuer, &format!("{issuer}/token")), "{host}");
        }
        assert!(!goes("http://127.0.0.1:8080", "http://dex:5556/token"));
    }

    #[test]
    fn what_a_provider_says_of_the_client_counts_and_nothing_else() {
        let expired = json!({ "error": "invalid_client", "error_description": "expired" });
        let refused = Ok(Verdict::Refused("expired".to_owned()));
        assert_eq!(verdict(400, &expired), refused);
        for (status, error) in [(401, "unauthorized_client"), (401, "")] {
            let refused = Ok(Verdict::Refused(error.to_owned()));
            assert_eq!(verdict(status, &json!({ "error": error })), refused);
        }
        for (status, error) in [(200, ""), (400, "invalid_grant"), (400, "invalid_scope")] {
            assert_eq!(
                verdict(status, &json!({ "error": error })),
                Ok(Verdict::Taken)
            );
        }
        for (status, error) in [(400, "unauthorized_client"), (503, ""), (404, "")] {
            assert!(verdict(status, &json!({ "error": error })).is_err());
        }
    }

    #[test]
    fn names_and_secrets_of_any_letters_are_one_header() {
        let header = basic("a:b", &SecretString::from("p%:ä ~"));
        let encoded = header.strip_prefix("Basic ").unwrap();
        let decoded = BASE64_STANDARD.decode(encoded).unwrap();
        assert_eq!(decoded, b"a%3Ab:p%25%3A%C3%A4+%7E");
    }
}
