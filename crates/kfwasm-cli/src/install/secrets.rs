use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::failure::Failure;
use crate::module::sha256_of;
use crate::object::Object;
use crate::settings::Settings;

/// Says in the gateway's pods which secrets they were started with: other ones restart them.
const ANNOTATION: &str = "/spec/template/metadata/annotations/kfwasm.io~1secrets";
const KEY_BYTES: usize = 32;

/// Where secrets that the cluster does not have yet are read from.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecretFiles(BTreeMap<String, PathBuf>);

impl SecretFiles {
    /// Reads `NAME=FILE`.
    pub(crate) fn parse(given: &[String]) -> Result<Self, Failure> {
        let pair = |text: &String| {
            let (name, file) = text.split_once('=').ok_or_else(|| {
                Failure::usage(
                    format!("--secret {text:?} is not NAME=FILE"),
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
        // The key ring in it is random, so that the digest tells nothing of the other secrets.
        let digest = sha256_of(&Value::Object(data.clone()).to_string());
        let digest = digest.get(..16).unwrap_or_default().to_owned();
        let filled = |object: Object| match object.text("/kind") {
            "Secret" if object.text("/metadata/name") == "kfwasm" => {
                object.with("/data", data.clone())
            }
            "Deployment" => object.with(ANNOTATION, digest.as_str()),
            _ => object,
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
        if let Some(file) = self.0.get(name) {
            let bytes = fs::read_to_string(file).map_err(|error| {
                Failure::usage(
                    format!("--secret {name}: {}: {error}", file.display()),
                    "name a file that holds the secret and nothing else",
                )
            })?;
            return Ok(Some(BASE64_STANDARD.encode(bytes.trim_end())));
        }
        if let Some(value) = env::var_os(name) {
            return Ok(Some(BASE64_STANDARD.encode(value.as_encoded_bytes())));
        }
        let kept = live.and_then(|live| live.get("/data")?.get(name)?.as_str().map(str::to_owned));
        if kept.is_some() || name != settings.session_keys() {
            return Ok(kept);
        }
        new_key().map(|key| Some(BASE64_STANDARD.encode(key)))
    }
}

/// A key for the key ring, as the filter reads it.
pub(crate) fn new_key() -> Result<String, Failure> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|error| {
        Failure::failed(
            format!("no random numbers: {error}"),
            "ask the administrator of this machine",
        )
    })?;
    Ok(BASE64_STANDARD.encode(key))
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
