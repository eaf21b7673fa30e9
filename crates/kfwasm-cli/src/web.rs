//! HTTP to what is not the cluster: gateways and registries.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Duration;

use reqwest::{Certificate, Client, Response, redirect};
use serde_json::Value;

use crate::failure::Failure;

const LARGEST: usize = 64 * 1024;

/// A client for that place: it trusts the system's authorities and those in that file, and follows no redirect.
pub(crate) fn client(
    place: &str,
    authority: Option<&Path>,
    limit: Duration,
) -> Result<Client, Failure> {
    // The first call counts; a later one finds a provider, the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .redirect(redirect::Policy::none())
        .timeout(limit)
        .user_agent(concat!("kfwasm/", env!("CARGO_PKG_VERSION")));
    // What goes over http is for this machine alone, and no proxy's business.
    if place.starts_with("http://") {
        builder = builder.no_proxy();
    }
    if let Some(file) = authority {
        builder = builder.tls_certs_merge(certificates(file)?);
    }
    builder.build().map_err(|error| {
        Failure::failed(
            format!("TLS cannot be used here: {}", causes(&error)),
            "install the certificates of the usual authorities (ca-certificates), or name yours with --certificate-authority",
        )
    })
}

fn certificates(file: &Path) -> Result<Vec<Certificate>, Failure> {
    let refuse = |why: String| {
        Failure::usage(
            format!("--certificate-authority {}: {why}", file.display()),
            "name a file with the authority's certificate in PEM",
        )
    };
    let bytes = fs::read(file).map_err(|error| refuse(error.to_string()))?;
    let found = Certificate::from_pem_bundle(&bytes).map_err(|error| refuse(causes(&error)))?;
    if found.is_empty() {
        return Err(refuse("there is no certificate in it".to_owned()));
    }
    Ok(found)
}

/// A body of bounded size, as JSON.
pub(crate) async fn json(mut answer: Response) -> Option<Value> {
    let mut bytes = Vec::new();
    while let Some(part) = answer.chunk().await.ok()? {
        bytes.extend_from_slice(&part);
        if bytes.len() > LARGEST {
            return None;
        }
    }
    serde_json::from_slice(&bytes).ok()
}

/// What came from outside, fit for a terminal: no control characters, not much of it.
pub(crate) fn printable(text: &str) -> String {
    without_controls(text).chars().take(200).collect()
}

/// The same of a text that is short by itself.
pub(crate) fn without_controls(text: &str) -> String {
    text.chars().filter(|it| !it.is_control()).collect()
}

/// Why there was no answer.
pub(crate) fn unreachable(place: &str, error: &reqwest::Error) -> Failure {
    let words = causes(error);
    let advice = if words.contains("certificate") || words.contains("UnknownIssuer") {
        "if an authority of your own signed its certificate, name that one's with --certificate-authority FILE"
    } else if error.is_timeout() {
        "it did not answer in time: check the address, and the proxy (HTTPS_PROXY)"
    } else {
        "check the address, and the proxy (HTTPS_PROXY)"
    };
    Failure::failed(format!("{place} cannot be reached: {words}"), advice)
}

/// What lies below the client's own words, which repeat the address.
fn causes(error: &reqwest::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if words.last().is_none_or(|last| !last.contains(&said)) {
            words.push(said);
        }
        source = cause.source();
    }
    words.last().cloned().unwrap_or_else(|| error.to_string())
}
