use std::path::Path;
use std::time::Duration;

use clap::Args;
use k8s_openapi::jiff::Timestamp;
use reqwest::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::{Authorization, CLIENT_ID, Origin, Session};
use crate::failure::Failure;
use crate::web;

const TIME: Duration = Duration::from_secs(30);

/// Where the gateway signs programs in: `programs` of its configuration.
#[derive(Args, Clone, Debug)]
pub(crate) struct Paths {
    /// The path where programs ask to be let in, if the gateway has another one.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "/authservice/programs/authorize",
        hide_short_help = true
    )]
    pub(crate) authorize_path: String,
    /// The path where they get their session, if the gateway has another one.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "/authservice/programs/token",
        hide_short_help = true
    )]
    token_path: String,
}

/// The gateway, as an authorization server.
pub(crate) struct Gateway {
    client: reqwest::Client,
    origin: Origin,
    token_endpoint: String,
}

impl Gateway {
    pub(crate) fn new(
        origin: Origin,
        paths: &Paths,
        authority: Option<&Path>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            client: web::client(origin.as_str(), authority, TIME)?,
            token_endpoint: origin.at(&paths.token_path),
            origin,
        })
    }

    /// Makes sure that there is a gateway which can do this, before a browser is opened.
    pub(crate) async fn check(&self) -> Result<(), Failure> {
        let answer = self.client.post(&self.token_endpoint).body("").send().await;
        let answer = answer.map_err(|error| web::unreachable(self.origin.as_str(), &error))?;
        let status = answer.status();
        let known = web::json(answer)
            .await
            .is_some_and(|it| it.get("error").is_some());
        if status == StatusCode::BAD_REQUEST && known {
            return Ok(());
        }
        Err(Failure::failed(
            format!(
                "{} does not sign programs in (it answered {status})",
                self.origin
            ),
            "check the address; the gateway needs kfwasm with `programs` enabled in its configuration",
        ))
    }

    /// Redeems a code (RFC 6749 §4.1.3). It serves once, so this is not tried again.
    pub(crate) async fn session(
        &self,
        asked: &Authorization,
        code: &SecretString,
    ) -> Result<Session, Failure> {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("client_id", CLIENT_ID)
            .append_pair("code", code.expose_secret())
            .append_pair("redirect_uri", &asked.redirect_uri)
            .append_pair("code_verifier", asked.verifier.expose())
            .finish();
        let request = self.client.post(&self.token_endpoint).body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.send().await;
        let answer = answer.map_err(|error| web::unreachable(self.origin.as_str(), &error))?;
        let status = answer.status();
        let body = web::json(answer).await.unwrap_or_default();
        if status != StatusCode::OK {
            return Err(refused(status, &body));
        }
        Session::of_token_response(&body, Timestamp::now()).ok_or_else(|| {
            Failure::failed(
                "the gateway's answer is not a session",
                "the gateway may run another version of kfwasm: compare `kfwasm --version` with `kfwasm status`",
            )
        })
    }
}

/// RFC 6749 §5.2.
fn refused(status: StatusCode, body: &Value) -> Failure {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(web::printable);
    let why = text("error_description").or_else(|| text("error"));
    let why = why.unwrap_or_else(|| format!("it answered {status}"));
    Failure::failed(
        format!("the gateway gave no session: {why}"),
        "a code serves once and for a short time: run the same command to get another",
    )
}
