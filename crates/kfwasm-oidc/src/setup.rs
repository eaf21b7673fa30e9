//! From a configuration and the secrets that it names to a relying party.

use std::rc::Rc;

use kfwasm_config::{Config, EnvName, Problem, Provider};
use zeroize::Zeroizing;

use crate::bearer::{BearerTokens, Failures, TrustedIssuer};
use crate::cookies::CookieNames;
use crate::directory::Directory;
use crate::key_ring::KeyRing;
use crate::page::Look;
use crate::programs::UsedCodes;
use crate::provider::{ClientAssertionSigner, ClientCredential, ProviderFault};
use crate::refresh::Leases;
use crate::relying_party::RelyingParty;
use crate::secret::Secret;
use crate::session::{Lifetime, ProviderLogouts, SessionCache};
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
        let keys = keys.map(Rc::new);
        let directory = provider
            .zip(keys.as_ref())
            .and_then(|(it, keys)| directory(it, keys, &mut problems));
        let bearers = keys.as_ref().map(|it| bearers(&config, it, &mut problems));
        match (keys, directory, credential, bearers) {
            (Some(keys), Some(directory), Some(credential), Some(bearers))
                if problems.is_empty() =>
            {
                Ok(Self::assemble(config, keys, directory, credential, bearers))
            }
            _ => Err(problems),
        }
    }

    fn assemble(
        config: Config,
        keys: Rc<KeyRing>,
        directory: Directory,
        credential: ClientCredential,
        bearers: BearerTokens,
    ) -> Self {
        let registration = directory.registration();
        let max_age = directory.provider().authorization_parameters.get("max_age");
        Self {
            max_age: max_age.and_then(|seconds| seconds.parse().ok()),
            directory,
            bearers,
            used_codes: UsedCodes::new(Rc::clone(&keys), &registration),
            logouts: ProviderLogouts::new(Rc::clone(&keys), &registration),
            logout_failures: Failures::default(),
            unsigned_logouts: Failures::default(),
            keys,
            credential,
            sessions: SessionCache::new(),
            leases: Leases::default(),
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

/// What is known of a provider: nothing yet, but for keys that are configured.
fn directory(
    provider: Provider,
    keys: &Rc<KeyRing>,
    problems: &mut Vec<Problem>,
) -> Option<Directory> {
    Directory::new(provider, Rc::clone(keys))
        .map_err(|fault| problems.push(key_set_problem("providers[0].jwks".to_owned(), &fault)))
        .ok()
}

fn bearers(config: &Config, keys: &Rc<KeyRing>, problems: &mut Vec<Problem>) -> BearerTokens {
    let mut issuers = Vec::new();
    for (index, issuer) in config.bearer.issuers.iter().enumerate() {
        match TrustedIssuer::new(issuer.clone(), &config.identity, keys) {
            Ok(issuer) => issuers.push(issuer),
            Err(fault) => {
                let path = ["bearer.issuers[", &index.to_string(), "].jwks"].concat();
                problems.push(key_set_problem(path, &fault));
            }
        }
    }
    BearerTokens::new(issuers)
}

fn key_set_problem(path: String, fault: &ProviderFault) -> Problem {
    Problem {
        path,
        message: fault.to_string(),
        advice: "write the JSON document that the issuer publishes as its key set (RFC 7517 §5)"
            .to_owned(),
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
