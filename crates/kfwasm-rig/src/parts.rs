use std::env;
use std::path::PathBuf;

use crate::RigError;

/// Where the parts are that `cargo xtask` makes or fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Envoy's program.
    pub envoy: PathBuf,
    /// The Wasm module.
    pub module: PathBuf,
    /// The folder with `provider.mjs` and its installed packages.
    pub provider: PathBuf,
}

impl Parts {
    /// The environment variable that names Envoy's program.
    pub const ENVOY: &str = "KFWASM_RIG_ENVOY";
    /// The environment variable that names the Wasm module.
    pub const MODULE: &str = "KFWASM_RIG_MODULE";
    /// The environment variable that names the provider's folder.
    pub const PROVIDER: &str = "KFWASM_RIG_PROVIDER";

    /// As `cargo xtask test` says in the environment.
    ///
    /// # Errors
    /// [`RigError::PartMissing`] for the first variable that is unset or names nothing that exists.
    pub fn from_environment() -> Result<Self, RigError> {
        Ok(Self {
            envoy: existing_part("Envoy", Self::ENVOY)?,
            module: existing_part("the Wasm module", Self::MODULE)?,
            provider: existing_part("the OpenID provider", Self::PROVIDER)?,
        })
    }

    /// The variables and values that [`Parts::from_environment`] reads.
    #[must_use]
    pub fn to_environment(&self) -> [(&'static str, PathBuf); 3] {
        [
            (Self::ENVOY, self.envoy.clone()),
            (Self::MODULE, self.module.clone()),
            (Self::PROVIDER, self.provider.clone()),
        ]
    }
}

/// What a variable of the environment names, a file or a folder.
///
/// # Errors
/// [`RigError::PartMissing`] when it is unset, or names nothing that exists.
pub fn existing_part(what: &'static str, variable: &str) -> Result<PathBuf, RigError> {
    let path = env::var_os(variable).map(PathBuf::from);
    match path {
        Some(path) if path.exists() => Ok(path),
        Some(path) => Err(missing(
            what,
            format!("{variable} names {}, which does not exist", path.display()),
        )),
        None => Err(missing(what, format!("{variable} is not set"))),
    }
}

fn missing(what: &'static str, reason: String) -> RigError {
    RigError::PartMissing { what, reason }
}
