//! From a configuration and the secrets that it names to a relying party.

use std::rc::Rc;

use kfwasm_config::{Config, EnvName, Problem, Provider};
use zeroize::Zeroizing;

use crate::cookies::CookieNames;
use crate::directory::Directory;
use crate::key_ring::KeyRing;
use crate::page::Look;
use crate::provider::{ClientAssertionSigner, ClientCredential};
use crate::relying_party::RelyingParty;
use crate::secret::Secret;
use crate::session::{Lifetime, SessionCache};
use crate::set_cookie::SetCookie;

/// Where secrets are: environment variables of the gateway.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

impl RelyingParty {
    /// Puts a relying party together.
    ///
    /// # Errors
    /// Every secret that is missing or unusable, at once; never what is in it.
    pub fn new(config: Config, environment: Environment<'_>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let keys = key_ring(&config, environment, &mut problems);
        let provider = config.providers.first().cloned();
        let credential = provider
            .as_ref()
            .map(|it| credential(it, environment, &mut problems));
        match (keys, provider, credential) {
            (Some(keys), Some(provider), Some(credential)) if problems.is_empty() => {
                Ok(Self::assemble(config, Rc::new(keys), provider, credential))
            }
            _ => Err(problems),
        }
    }

    fn assemble(
        config: Config,
        keys: Rc<KeyRing>,
        provider: Provider,
        credential: ClientCredential,
    ) -> Self {
        let max_age = provider.authorization_parameters.get("max_age");
        Self {
            max_age: max_age.and_then(|seconds| seconds.parse().ok()),
            directory: Directory::new(provider, Rc::clone(&keys)),
            keys,
            credential,
            sessions: SessionCache::new(),
            lifetime: Lifetime::new(&config.session),
            cookie_names: CookieNames::new(&config.session.cookie_name),
            set_cookie: SetCookie {
                secure: !config.insecure_http,
            },
            look: Look::of(&config.brand),
            identity_headers: Rc::new(config.identity.clone()),
            config,
        }
    }
}

fn key_ring(
    config: &Config,
    environment: Environment<'_>,
    problems: &mut Vec<Problem>,
) -> Option<KeyRing> {
    let name = &config.session.keys;
    let text = Zeroizing::new(read("session.keys", name, environment, problems)?);
    match KeyRing::parse(text.as_bytes()) {
        Ok(keys) => Some(keys),
        Err(fault) => {
            problems.push(problem(
                "session.keys",
                name,
                &fault.to_string(),
                "write keys of 32 random bytes or more in base64, separated by commas, as from `openssl rand -base64 32`",
            ));
            None
        }
    }
}

fn credential(
    provider: &Provider,
    environment: Environment<'_>,
    problems: &mut Vec<Problem>,
) -> ClientCredential {
    if let Some(name) = &provider.private_key {
        return private_key(provider, name, environment, problems);
    }
    let Some(name) = &provider.client_secret else {
        return ClientCredential::Public;
    };
    let secret = read("providers[0].clientSecret", name, environment, problems);
    ClientCredential::Secret(Secret::new(secret.unwrap_or_default().into_bytes()))
}

fn private_key(
    provider: &Provider,
    name: &EnvName,
    environment: Environment<'_>,
    problems: &mut Vec<Problem>,
) -> ClientCredential {
    const PATH: &str = "providers[0].privateKey";
    let Some(pem) = read(PATH, name, environment, problems) else {
        return ClientCredential::Public;
    };
    match ClientAssertionSigner::new(provider, &Secret::new(pem.into_bytes())) {
        Ok(signer) => ClientCredential::PrivateKey(Box::new(signer)),
        Err(fault) => {
            problems.push(problem(PATH, name, &fault.to_string(), fault.advice()));
            ClientCredential::Public
        }
    }
}

fn read(
    path: &str,
    name: &EnvName,
    environment: Environment<'_>,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let value = environment(name.as_str()).map(|value| value.trim().to_owned());
    let value = value.filter(|it| !it.is_empty());
    if value.is_none() {
        problems.push(problem(
            path,
            name,
            "is not set, or empty",
            "set it in the gateway's environment from a Secret, pass it on in vmConfig.env with valueFrom: HOST, and restart the gateway",
        ));
    }
    value
}

fn problem(path: &str, name: &EnvName, what: &str, advice: &str) -> Problem {
    Problem {
        path: path.to_owned(),
        message: ["the environment variable ", name.as_str(), " ", what].concat(),
        advice: advice.to_owned(),
    }
}
