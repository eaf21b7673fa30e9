use std::path::Path;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, WWW_AUTHENTICATE};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};

use super::artifact::{MANIFEST, digest};
use super::challenge::Challenge;
use super::credentials::Credentials;
use super::{Artifact, Reference};
use crate::failure::Failure;
use crate::web;

const TIME: Duration = Duration::from_secs(120);
/// What to do about a registry that does not keep to the rules.
const FAULTY: &str = "ask whoever runs the registry, or what stands in front of it";
const BYTES: &str = "application/octet-stream";

/// A repository of a registry, and what we are let in with.
pub(crate) struct Registry {
    client: Client,
    reference: Reference,
    base: Url,
    credentials: Option<Credentials>,
    /// The value of the Authorization header, once the registry has asked for one.
    authorization: Option<SecretString>,
}

impl Registry {
    pub(crate) fn new(
        reference: Reference,
        plain_http: bool,
        authority: Option<&Path>,
    ) -> Result<Self, Failure> {
        let scheme = if plain_http { "http" } else { "https" };
        let base = format!(
            "{scheme}://{}/v2/{}/",
            reference.host(),
            reference.repository
        );
        let base = Url::parse(&base).map_err(|error| {
            Failure::usage(
                format!("{reference}: {error}"),
                "correct the registry's host",
            )
        })?;
        Ok(Self {
            client: web::client(base.as_str(), authority, TIME)?,
            credentials: Credentials::of(&reference.registry)?,
            authorization: None,
            reference,
            base,
        })
    }

    /// Brings the blobs, then the manifest that names them (OCI Distribution Specification, "Push").
    pub(crate) async fn push(&mut self, artifact: &Artifact) -> Result<(), Failure> {
        for blob in &artifact.blobs {
            self.blob(blob).await?;
        }
        let place = self.place(&format!("manifests/{}", self.reference.tag))?;
        let put = self.client.put(place).header(CONTENT_TYPE, MANIFEST);
        let answer = self.send(put.body(artifact.manifest.clone())).await?;
        let answer = self
            .must_be(answer, StatusCode::CREATED, "the manifest")
            .await?;
        match header(answer.headers(), "docker-content-digest") {
            Some(other) if other != artifact.digest() => Err(Failure::failed(
                format!(
                    "{} has stored something else: {}",
                    self.reference,
                    web::printable(other)
                ),
                format!("{FAULTY}; do not use what is stored"),
            )),
            _ => Ok(()),
        }
    }

    /// Brings a blob, unless it is there: in one piece, by POST then PUT.
    async fn blob(&mut self, blob: &[u8]) -> Result<(), Failure> {
        let digest = digest(blob);
        let place = self.place(&format!("blobs/{digest}"))?;
        let there = self.send(self.client.head(place)).await?.status();
        // One that keeps its blobs elsewhere points there.
        if there.is_success() || there.is_redirection() {
            return Ok(());
        }
        let place = self.place("blobs/uploads/")?;
        let begun = self.send(self.client.post(place.clone())).await?;
        let begun = self
            .must_be(begun, StatusCode::ACCEPTED, "an upload")
            .await?;
        let upload = header(begun.headers(), LOCATION.as_str());
        let mut upload = upload.and_then(|it| place.join(it).ok()).ok_or_else(|| {
            Failure::failed(
                format!("{} does not say where to upload", self.reference.registry),
                FAULTY,
            )
        })?;
        upload.query_pairs_mut().append_pair("digest", &digest);
        let put = self.client.put(upload).header(CONTENT_TYPE, BYTES);
        let put = self.send(put.body(blob.to_vec())).await?;
        self.must_be(put, StatusCode::CREATED, "the module").await?;
        Ok(())
    }

    fn place(&self, path: &str) -> Result<Url, Failure> {
        let place = self.base.join(path);
        place.map_err(|error| Failure::usage(format!("{}: {error}", self.reference), ""))
    }

    /// Sends a request, a second time when the registry asks who we are.
    async fn send(&mut self, request: RequestBuilder) -> Result<Response, Failure> {
        let again = request.try_clone();
        let answer = self.once(request).await?;
        let (StatusCode::UNAUTHORIZED, Some(again)) = (answer.status(), again) else {
            return Ok(answer);
        };
        let challenge = header(answer.headers(), WWW_AUTHENTICATE.as_str());
        let Some(challenge) = challenge.and_then(Challenge::parse) else {
            return Ok(answer);
        };
        match self.answer_to(&challenge).await? {
            Some(authorization) => self.authorization = Some(authorization),
            None => return Ok(answer),
        }
        self.once(again).await
    }

    async fn once(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let unreachable = |error| web::unreachable(&self.reference.registry, &error);
        let mut request = request.build().map_err(unreachable)?;
        // An upload may lead elsewhere, which has no business with it.
        let is_there = request.url().origin() == self.base.origin();
        if let Some(authorization) = self.authorization.as_ref().filter(|_| is_there) {
            let value = authorization.expose_secret().parse();
            let mut value: reqwest::header::HeaderValue = value.map_err(|_| {
                Failure::failed(
                    format!("the token of {} is malformed", self.reference.registry),
                    FAULTY,
                )
            })?;
            value.set_sensitive(true);
            request.headers_mut().insert("authorization", value);
        }
        self.client.execute(request).await.map_err(unreachable)
    }

    /// What the Authorization header has to say.
    async fn answer_to(&self, challenge: &Challenge) -> Result<Option<SecretString>, Failure> {
        match (challenge, &self.credentials) {
            (Challenge::Basic, Some(Credentials::Password { name, password })) => {
                Ok(Some(basic(name, password)))
            }
            (Challenge::Basic, _) => Ok(None),
            (Challenge::Bearer { realm, wishes }, _) => self.token(realm, wishes).await,
        }
    }

    /// Gets a token (Docker Registry Token Authentication): by GET, or by a refresh token as OAuth 2.0 has it.
    async fn token(
        &self,
        realm: &str,
        wishes: &[(&'static str, String)],
    ) -> Result<Option<SecretString>, Failure> {
        let mut place =
            Url::parse(realm).map_err(|_| self.no_token("where tokens are is no address"))?;
        if place.scheme() != "https" && place.scheme() != self.base.scheme() {
            return Err(self.no_token("it wants the password sent in clear"));
        }
        let request = match &self.credentials {
            Some(Credentials::IdentityToken(token)) => {
                let body = form_urlencoded::Serializer::new(String::new())
                    .append_pair("grant_type", "refresh_token")
                    .append_pair("refresh_token", token.expose_secret())
                    .extend_pairs(wishes)
                    .finish();
                let post = self.client.post(place);
                post.header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(body)
            }
            credentials => {
                place.query_pairs_mut().extend_pairs(wishes);
                let get = self.client.get(place);
                match credentials {
                    Some(Credentials::Password { name, password }) => {
                        get.basic_auth(name, Some(password.expose_secret()))
                    }
                    _ => get,
                }
            }
        };
        let answer = request.send().await;
        let answer = answer.map_err(|error| web::unreachable(&self.reference.registry, &error))?;
        if !answer.status().is_success() {
            return Ok(None);
        }
        let body = web::json(answer).await.unwrap_or_default();
        let token = ["token", "access_token"]
            .into_iter()
            .find_map(|name| body.get(name)?.as_str());
        Ok(token.map(|token| format!("Bearer {token}").into()))
    }

    fn no_token(&self, why: &str) -> Failure {
        Failure::failed(
            format!("{} gives no token: {why}", self.reference.registry),
            FAULTY,
        )
    }

    async fn must_be(
        &self,
        answer: Response,
        wanted: StatusCode,
        what: &str,
    ) -> Result<Response, Failure> {
        let status = answer.status();
        if status == wanted {
            return Ok(answer);
        }
        let said = web::json(answer).await;
        let said = said
            .as_ref()
            .and_then(|body| body.pointer("/errors/0/message")?.as_str());
        let said = said.map_or_else(String::new, |said| format!(": {}", web::printable(said)));
        let registry = &self.reference.registry;
        Err(Failure::failed(
            format!("{registry} does not take {what} ({status}){said}"),
            advice(status, registry),
        ))
    }
}

fn advice(status: StatusCode, registry: &str) -> String {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => format!(
            "sign in with an account that may push: `docker login {registry}`, or `az acr login` for Azure's"
        ),
        StatusCode::NOT_FOUND => {
            "check the name; some registries want the repository created first".to_owned()
        }
        _ => "the same command begins again, and skips what is there".to_owned(),
    }
}

fn basic(name: &str, password: &SecretString) -> SecretString {
    use base64::Engine as _;
    let pair = format!("{name}:{}", password.expose_secret());
    format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(pair)).into()
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
