use std::env;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::SecretString;
use serde_json::Value;

use crate::failure::Failure;

/// What somebody has signed in to a registry with.
#[derive(Debug)]
pub(super) enum Credentials {
    Password {
        name: String,
        password: SecretString,
    },
    /// A refresh token, as `az acr login` gets one.
    IdentityToken(SecretString),
}

/// The user name by which a credential helper says that the secret is an identity token.
const TOKEN: &str = "<token>";

impl Credentials {
    /// Those that `docker login`, `az acr login` and their like have left for this registry.
    pub(super) fn of(registry: &str) -> Result<Option<Self>, Failure> {
        for file in files() {
            let Ok(text) = fs::read_to_string(&file) else {
                continue;
            };
            let config: Value = serde_json::from_str(&text).map_err(|error| {
                Failure::failed(
                    format!("{}: {error}", file.display()),
                    "correct it, or sign in to the registry again",
                )
            })?;
            if let Some(found) = Self::in_config(&config, key(registry))? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn in_config(config: &Value, registry: &str) -> Result<Option<Self>, Failure> {
        let helper = config.get("credHelpers").and_then(|it| it.get(registry));
        let helper = helper.or_else(|| config.get("credsStore"));
        if let Some(helper) = helper.and_then(Value::as_str) {
            let kept = from_helper(helper, registry)?;
            if kept.is_some() {
                return Ok(kept);
            }
        }
        let entry = config.get("auths").and_then(|auths| auths.get(registry));
        Ok(entry.and_then(Self::in_entry))
    }

    fn in_entry(entry: &Value) -> Option<Self> {
        let text = |name: &str| entry.get(name)?.as_str().filter(|text| !text.is_empty());
        if let Some(token) = text("identitytoken") {
            return Some(Self::IdentityToken(token.into()));
        }
        let decoded = BASE64_STANDARD.decode(text("auth")?).ok()?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (name, password) = decoded.split_once(':')?;
        Some(Self::Password {
            name: name.to_owned(),
            password: password.trim_end_matches('\0').into(),
        })
    }
}

/// Where Docker and Podman keep them.
fn files() -> Vec<PathBuf> {
    let named = |variable: &str| {
        env::var_os(variable)
            .filter(|it| !it.is_empty())
            .map(PathBuf::from)
    };
    let docker =
        named("DOCKER_CONFIG").or_else(|| env::home_dir().map(|home| home.join(".docker")));
    let podman = named("XDG_RUNTIME_DIR").map(|folder| folder.join("containers/auth.json"));
    let docker = docker.map(|folder| folder.join("config.json"));
    [named("REGISTRY_AUTH_FILE"), docker, podman]
        .into_iter()
        .flatten()
        .collect()
}

/// The name of a registry in those files.
fn key(registry: &str) -> &str {
    match registry {
        "docker.io" => "https://index.docker.io/v1/",
        other => other,
    }
}

/// Asks a program such as docker-credential-desktop, by Docker's protocol. One that knows nothing fails.
fn from_helper(helper: &str, registry: &str) -> Result<Option<Credentials>, Failure> {
    let program = format!("docker-credential-{helper}");
    let fault = |why: String| {
        Failure::failed(
            format!("{program}: {why}"),
            "install it, or correct credsStore and credHelpers in Docker's config.json",
        )
    };
    let child = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = child.map_err(|error| fault(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        let _ = stdin.write_all(registry.as_bytes());
    }
    let output = child
        .wait_with_output()
        .map_err(|error| fault(error.to_string()))?;
    if !output.status.success() {
        return Ok(None);
    }
    let answer: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| fault("its answer is not JSON".to_owned()))?;
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    let (Some(name), Some(secret)) = (text("Username"), text("Secret")) else {
        return Ok(None);
    };
    Ok(Some(match name {
        TOKEN => Credentials::IdentityToken(secret.into()),
        name => Credentials::Password {
            name: name.to_owned(),
            password: secret.into(),
        },
    }))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;
    use serde_json::json;

    use super::Credentials;

    fn found(config: serde_json::Value) -> Option<String> {
        let found = Credentials::in_config(&config, "registry.example.com").unwrap()?;
        assert!(!format!("{found:?}").contains("s3cr"));
        Some(match found {
            Credentials::Password { name, password } => {
                format!("{name} {}", password.expose_secret())
            }
            Credentials::IdentityToken(token) => token.expose_secret().to_owned(),
        })
    }

    #[test]
    fn a_sign_in_to_the_registry_is_found_and_not_shown() {
        let auth = "cm9ib3Q6czNjcjpldA=="; // robot:s3cr:et
        let signed_in = json!({"auths": {"registry.example.com": {"auth": auth}}});
        assert_eq!(found(signed_in).as_deref(), Some("robot s3cr:et"));
        let by_token =
            json!({"auths": {"registry.example.com": {"auth": auth, "identitytoken": "s3cr"}}});
        assert_eq!(found(by_token).as_deref(), Some("s3cr"));
    }

    #[test]
    fn a_sign_in_elsewhere_is_not_used() {
        assert_eq!(
            found(json!({"auths": {"other.example.com": {"auth": "YTpi"}}})),
            None
        );
        assert_eq!(
            found(json!({"auths": {"registry.example.com": {"auth": "?"}}})),
            None
        );
        assert_eq!(found(json!([])), None);
    }
}
