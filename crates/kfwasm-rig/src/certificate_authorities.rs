use std::env;
use std::path::PathBuf;

use crate::RigError;

/// Where systems keep the certificate authorities that they trust, as one PEM file.
const PLACES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The system's certificate authorities, or those of `SSL_CERT_FILE`.
pub(crate) fn certificate_authorities() -> Result<PathBuf, RigError> {
    env::var_os("SSL_CERT_FILE")
        .map(PathBuf::from)
        .into_iter()
        .chain(PLACES.map(PathBuf::from))
        .find(|path| path.is_file())
        .ok_or(RigError::ProgramMissing {
            program: "the system's list of certificate authorities".to_owned(),
            advice: "install the package ca-certificates, or name a PEM file in SSL_CERT_FILE",
        })
}
