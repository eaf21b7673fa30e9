use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use kfwasm_config::{SessionKeysFault, session_keys};
use secrecy::{ExposeSecret as _, SecretSlice};
use serde_json::Value;

use super::demand;
use crate::failure::Failure;
use crate::module::sha256_of;
use crate::object::Object;
use crate::settings::Settings;

/// Says in the gateway's pods which secrets they were started with: other ones restart them.
const ANNOTATION: &str = "/spec/template/metadata/annotations/kfwasm.io~1secrets";
const KEY_BYTES: usize = 32;
/// Bounds of the backstop's secret, as the filter reads it.
const GATE_LENGTHS: std::ops::RangeInclusive<usize> = 32..=256;

/// Where secrets that the cluster does not have yet are read from.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecretFiles(BTreeMap<String, PathBuf>);

impl SecretFiles {
    /// Reads `NAME=FILE`.
    pub(crate) fn parse(given: &[String]) -> Result<Self, Failure> {
        let pair = |text: &String| {
            let (name, file) = text.split_once('=').ok_or_else(|| {
                // It may be the secret itself.
                Failure::usage(
                    "--secret is not NAME=FILE: there is no = in it",
                    "write the name of the environment variable and the file with the secret, never the secret itself",
                )
            })?;
            Ok((name.to_owned(), PathBuf::from(file)))
        };
        Ok(Self(
            given.iter().map(pair).collect::<Result<_, Failure>>()?,
        ))
    }

    /// Fills the Secret: from the files, else from the environment, else what the cluster has. The key ring is made.
    pub(crate) fn fill(
        &self,
        objects: Vec<Object>,
        live: Option<&Object>,
        settings: &Settings,
    ) -> Result<Vec<Object>, Failure> {
        self.refuse_what_is_not_named(settings)?;
        let mut data = serde_json::Map::new();
        let mut missing = Vec::new();
        for name in settings.environment() {
            match self.value(&name, live, settings)? {
                Some(encoded) => {
                    data.insert(name, Value::from(encoded));
                }
                None => missing.push(name),
            }
        }
        if !missing.is_empty() {
            return Err(unknown(&missing));
        }
        let gate = gate(&data, settings)?;
        // The key ring in it is random, so that the digest tells nothing of the other secrets.
        let digest = sha256_of(&Value::Object(data.clone()).to_string());
        let digest = digest.get(..16).unwrap_or_default().to_owned();
        let filled = |object: Object| match object.text("/kind") {
            "Secret" if object.text("/metadata/name") == "kfwasm" => {
                object.with("/data", data.clone())
            }
            "Deployment" => object.with(ANNOTATION, digest.as_str()),
            _ => match &gate {
                Some(gate) if demand::is_demand(&object) => demand::demanding(object, gate),
                _ => object,
            },
        };
        Ok(objects.into_iter().map(filled).collect())
    }

    /// The secret in base64.
    fn value(
        &self,
        name: &str,
        live: Option<&Object>,
        settings: &Settings,
    ) -> Result<Option<String>, Failure> {
        if let Some(given) = self.given(name)? {
            return given.checked(name, settings).map(Some);
        }
        let kept = live.and_then(|live| live.get("/data")?.get(name)?.as_str().map(str::to_owned));
        match name {
            _ if kept.is_some() => Ok(kept),
            name if name == settings.session_keys() => {
                new_key().map(|key| Some(BASE64_STANDARD.encode(key)))
            }
            name if settings.gate() == Some(name) => random()
                .map(|secret| Some(BASE64_STANDARD.encode(BASE64_URL_SAFE_NO_PAD.encode(secret)))),
            _ => Ok(None),
        }
    }

    /// What somebody hands over, in a file or in the environment.
    fn given(&self, name: &str) -> Result<Option<Given>, Failure> {
        if let Some(file) = self.0.get(name) {
            let text = fs::read_to_string(file).map_err(|error| {
                Failure::usage(
                    format!("--secret {name}: cannot read {}: {error}", file.display()),
                    "name a file that holds the secret and nothing else",
                )
            })?;
            return Ok(Some(Given {
                value: text.trim_end().as_bytes().to_vec().into(),
                whence: format!("--secret {name}: {}", file.display()),
            }));
        }
        Ok(env::var_os(name).map(|value| Given {
            value: value.as_encoded_bytes().to_vec().into(),
            whence: format!("{name} of the environment"),
        }))
    }

    fn refuse_what_is_not_named(&self, settings: &Settings) -> Result<(), Failure> {
        let names = settings.environment();
        let Some(other) = self.0.keys().find(|it| !names.contains(*it)) else {
            return Ok(());
        };
        let names: Vec<String> = names.into_iter().collect();
        Err(Failure::usage(
            format!("--secret {other}: kfwasm.yaml names no such secret; nothing was changed"),
            format!("it names {}", names.join(", ")),
        ))
    }
}

/// A secret that is handed over, and where it was found.
struct Given {
    value: SecretSlice<u8>,
    whence: String,
}

impl Given {
    /// In base64; what the filter would refuse is refused before anything is changed.
    fn checked(&self, name: &str, settings: &Settings) -> Result<String, Failure> {
        let (value, whence) = (self.value.expose_secret(), &self.whence);
        if value.iter().all(u8::is_ascii_whitespace) {
            return Err(Failure::usage(
                format!("{whence} is empty; nothing was changed"),
                "did the command that wrote it fail? Hand over the secret; what the cluster has stays where none is given",
            ));
        }
        if name == settings.session_keys() {
            session_keys(value).map_err(|fault| no_keys(whence, fault))?;
        }
        Ok(BASE64_STANDARD.encode(value))
    }
}

fn no_keys(whence: &str, fault: SessionKeysFault) -> Failure {
    Failure::usage(
        format!("{whence} cannot seal sessions: {fault}; nothing was changed"),
        "give keys of 32 bytes in base64, as from `openssl rand -base64 32`, or none: then kfwasm makes one",
    )
}

/// The value of the backstop's header, where there is one.
fn gate(
    data: &serde_json::Map<String, Value>,
    settings: &Settings,
) -> Result<Option<String>, Failure> {
    let Some(name) = settings.gate() else {
        return Ok(None);
    };
    let encoded = data.get(name).and_then(Value::as_str).unwrap_or_default();
    let value = BASE64_STANDARD.decode(encoded).ok();
    let value = value.and_then(|bytes| String::from_utf8(bytes).ok());
    match value.filter(|value| is_gate(value)) {
        Some(value) => Ok(Some(value)),
        None => Err(Failure::usage(
            format!(
                "what {name} holds cannot be the value of the backstop's header; nothing was changed"
            ),
            "give 32 to 256 letters, digits, '-' and '_', as from `openssl rand -hex 32`, or none: then kfwasm makes one",
        )),
    }
}

fn is_gate(value: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    GATE_LENGTHS.contains(&value.len()) && value.bytes().all(fits)
}

/// A key for the key ring, as the filter reads it.
pub(crate) fn new_key() -> Result<String, Failure> {
    random().map(|key| BASE64_STANDARD.encode(key))
}

fn random() -> Result<[u8; KEY_BYTES], Failure> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|error| {
        Failure::failed(
            format!("no random numbers: {error}"),
            "ask the administrator of this machine",
        )
    })?;
    Ok(key)
}

fn unknown(missing: &[String]) -> Failure {
    let names = missing.join(", ");
    let first = missing.first().map_or("NAME", String::as_str);
    Failure::usage(
        format!("no value is known of {names}; nothing was changed"),
        format!(
            "set the environment variable {first}, or give --secret {first}=FILE; the cluster keeps it in the Secret kfwasm"
        ),
    )
}
