//! From a configuration and the secrets that it names to a relying party.

use std::rc::Rc;

use kfwasm_config::{Config, EnvName, KeySet, Problem, Provider};
use zeroize::Zeroizing;

use crate::bearer::{BearerTokens, TrustedIssuer};
use crate::cookies::CookieNames;
use crate::directory::Directory;
use crate::gate::Gate;
use crate::jose::JwkSet;
use crate::key_ring::KeyRing;
use crate::own_headers::OwnHeaders;
use crate::page::Look;
use crate::programs::UsedCodes;
use crate::provider::{ClientAssertionSigner, ClientCredential, ProviderFault};
use crate::providers::{Providers, Registration};
use crate::refresh::Leases;
use crate::relying_party::RelyingParty;
use crate::secret::Secret;
use crate::session::{Lifetime, ProviderLogouts, SessionCache};
use crate::set_cookie::SetCookie;
use crate::signature_budget::SignatureBudget;
use crate::skip::SkipRules;

/// Where secrets are: environment variables of the gateway.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

impl RelyingParty {
    /// Puts a relying party together.
    ///
    /// # Errors
    /// Every secret and key set that is missing or unusable, at once; never what is in it.
    pub fn new(config: Config, environment: Environment<'_>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let keys = key_ring(&config, environment, &mut problems).map(Rc::new);
        let credentials = credentials(&config, environment, &mut problems);
        let gate = gate(&config, environment, &mut problems);
        let key_sets = KeySets::of(&config, &mut problems);
        let party = match keys {
            Some(keys) if problems.is_empty() => {
                Self::assemble(config, keys, credentials, gate, key_sets)
            }
            _ => None,
        };
        party.ok_or(problems)
    }

    /// `None` for a configuration without a provider, or with a bearer issuer without keys, which no configuration is.
    fn assemble(
        config: Config,
        keys: Rc<KeyRing>,
        credentials: Vec<ClientCredential>,
        gate: Option<Rc<Gate>>,
        key_sets: KeySets,
    ) -> Option<Self> {
        let providers = providers(&config, credentials, key_sets.providers, &keys)?;
        let bearers = bearers(&config, &providers, key_sets.issuers, &keys)?;
        let registration = providers.registration();
        Some(Self {
            gate,
            providers,
            bearers,
            used_codes: UsedCodes::new(Rc::clone(&keys), &registration),
            logouts: ProviderLogouts::new(Rc::clone(&keys), &registration),
            logout_budget: SignatureBudget::default(),
            keys,
            sessions: SessionCache::new(),
            leases: Leases::default(),
            lifetime: Lifetime::new(&config.session),
            cookie_names: CookieNames::new(&config.session.cookie_name),
            set_cookie: SetCookie {
                secure: !config.insecure_http,
            },
            look: Look::of(&config.brand),
            skip: SkipRules::new(&config),
            own_headers: OwnHeaders::new(&config.identity),
            identity_headers: Rc::new(config.identity.clone()),
            config,
        })
    }
}

/// The keys in the configuration, one entry for each provider and each bearer issuer.
struct KeySets {
    providers: Vec<Option<JwkSet>>,
    issuers: Vec<Option<JwkSet>>,
}

impl KeySets {
    fn of(config: &Config, problems: &mut Vec<Problem>) -> Self {
        let providers = config.providers.iter().map(|it| it.jwks.as_ref());
        let issuers = config.bearer.issuers.iter().map(|it| it.jwks.as_ref());
        Self {
            providers: key_sets("providers", providers, problems),
            issuers: key_sets("bearer.issuers", issuers, problems),
        }
    }
}

fn key_sets<'a>(
    list: &str,
    texts: impl Iterator<Item = Option<&'a KeySet>>,
    problems: &mut Vec<Problem>,
) -> Vec<Option<JwkSet>> {
    let read = |(place, text): (usize, Option<&KeySet>)| {
        JwkSet::parse(text?.as_str().as_bytes())
            .map_err(|fault| problems.push(key_set_problem(&path_of(list, place), &fault)))
            .ok()
    };
    texts.enumerate().map(read).collect()
}

fn key_set_problem(path: &str, fault: &ProviderFault) -> Problem {
    Problem {
        path: [path, ".jwks"].concat(),
        message: fault.to_string(),
        advice: "write the JSON document that the issuer publishes as its key set (RFC 7517 §5)"
            .to_owned(),
    }
}

fn path_of(list: &str, place: usize) -> String {
    [list, "[", &place.to_string(), "]"].concat()
}

/// Who we are to each provider.
fn credentials(
    config: &Config,
    environment: Environment<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<ClientCredential> {
    let providers = config.providers.iter().enumerate();
    providers
        .map(|(place, it)| credential(it, &path_of("providers", place), environment, problems))
        .collect()
}

/// What is known of the providers: nothing yet, but for keys that are configured.
fn providers(
    config: &Config,
    credentials: Vec<ClientCredential>,
    key_sets: Vec<Option<JwkSet>>,
    keys: &Rc<KeyRing>,
) -> Option<Providers> {
    let known = credentials.into_iter().zip(key_sets);
    let registrations = config.providers.iter().zip(known);
    let registrations = registrations.map(|(provider, (credential, key_set))| {
        let directory = Directory::new(provider.clone(), key_set, Rc::clone(keys));
        Registration::new(directory, credential)
    });
    Providers::new(registrations.collect())
}

fn bearers(
    config: &Config,
    providers: &Providers,
    key_sets: Vec<Option<JwkSet>>,
    keys: &Rc<KeyRing>,
) -> Option<BearerTokens> {
    let issuers = config.bearer.issuers.iter().zip(key_sets);
    let issuers = issuers.map(|(issuer, key_set)| {
        let provider = providers.find(|it| it.issuer == issuer.issuer);
        TrustedIssuer::new(issuer.clone(), &config.identity, key_set, provider, keys)
    });
    Some(BearerTokens::new(issuers.collect::<Option<_>>()?))
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

fn gate(
    config: &Config,
    environment: Environment<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Rc<Gate>> {
    const PATH: &str = "backstop.secret";
    let (header, name) = (
        config.backstop.header.clone()?,
        config.backstop.secret.as_ref()?,
    );
    let value = Zeroizing::new(read(PATH, name, environment, problems)?);
    let gate = Gate::new(header, &value);
    if gate.is_none() {
        problems.push(problem(
            PATH,
            name,
            "holds something that cannot be a backstop's secret",
            "write 32 to 256 letters and digits, as from `openssl rand -hex 32`",
        ));
    }
    gate.map(Rc::new)
}

fn credential(
    provider: &Provider,
    path: &str,
    environment: Environment<'_>,
    problems: &mut Vec<Problem>,
) -> ClientCredential {
    if let Some(name) = &provider.private_key {
        return private_key(provider, name, path, environment, problems);
    }
    let Some(name) = &provider.client_secret else {
        return ClientCredential::Public;
    };
    let path = [path, ".clientSecret"].concat();
    let secret = read(&path, name, environment, problems);
    ClientCredential::Secret(Secret::new(secret.unwrap_or_default().into_bytes()))
}

fn private_key(
    provider: &Provider,
    name: &EnvName,
    path: &str,
    environment: Environment<'_>,
    problems: &mut Vec<Problem>,
) -> ClientCredential {
    let path = [path, ".privateKey"].concat();
    let Some(pem) = read(&path, name, environment, problems) else {
        return ClientCredential::Public;
    };
    match ClientAssertionSigner::new(provider, &Secret::new(pem.into_bytes())) {
        Ok(signer) => ClientCredential::PrivateKey(Box::new(signer)),
        Err(fault) => {
            problems.push(problem(&path, name, &fault.to_string(), fault.advice()));
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
