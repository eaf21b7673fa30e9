use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kfwasm_rig::{RigError, session_key};

/// What the API server knows its callers by, made anew for each cluster.
#[derive(Debug)]
pub(crate) struct Credentials {
    /// The bearer token of a member of `system:masters`.
    pub(crate) token: String,
    /// The API server's file of tokens.
    pub(crate) tokens: PathBuf,
    /// The key that signs the tokens of service accounts (PKCS #8 in PEM).
    pub(crate) service_account_key: PathBuf,
    /// Its public half (SubjectPublicKeyInfo in PEM).
    pub(crate) service_account_public: PathBuf,
}

impl Credentials {
    pub(crate) fn make(folder: &Path) -> Result<Self, RigError> {
        let token = URL_SAFE_NO_PAD.encode(session_key()?);
        let tokens = folder.join("tokens.csv");
        write_private(
            &tokens,
            &format!("{token},admin,admin,\"system:masters\"\n"),
        )?;
        let service_account_key = folder.join("service-account.key");
        let service_account_public = folder.join("service-account.pub");
        let key = signing_key()?;
        write_private(&service_account_key, &key.serialize_pem())?;
        write_private(&service_account_public, &key.public_key_pem())?;
        Ok(Self {
            token,
            tokens,
            service_account_key,
            service_account_public,
        })
    }
}

fn signing_key() -> Result<rcgen::KeyPair, RigError> {
    rcgen::KeyPair::generate().map_err(|error| RigError::DidNotStart {
        part: "API server",
        reason: format!("no key for its service accounts: {error}"),
    })
}

/// Writes a file that only its owner can read.
pub(crate) fn write_private(file: &Path, text: &str) -> Result<(), RigError> {
    let doing = || RigError::io(format!("write {}", file.display()));
    let _ = fs::remove_file(file);
    let mut options = OpenOptions::new();
    let mut open = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(doing())?;
    open.write_all(text.as_bytes()).map_err(doing())
}
