use std::net::TcpStream;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use url::Url;

use crate::exchange::{connect, converse};
use crate::{Response, RigError};

/// How a browser reaches others: by plain http alone, unless it trusts an authority.
#[derive(Clone, Debug, Default)]
pub(super) struct Network {
    secure: Option<Arc<ClientConfig>>,
}

impl Network {
    /// One that trusts these certificate authorities, in PEM.
    pub(super) fn trusting(authorities: &str) -> Result<Self, RigError> {
        let refused = |reason: String| RigError::unexpected("the certificate authority", reason);
        let mut trusted = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(authorities.as_bytes()) {
            let certificate = certificate.map_err(|error| refused(error.to_string()))?;
            let added = trusted.add(certificate);
            added.map_err(|error| refused(error.to_string()))?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| refused(error.to_string()))?
            .with_root_certificates(trusted)
            .with_no_client_auth();
        Ok(Self {
            secure: Some(Arc::new(config)),
        })
    }

    /// Sends the bytes to that address, and reads one response. By https every name is this machine: nothing here
    /// leaves it, and the certificate says who answers.
    pub(super) fn exchange(&self, address: &Url, request: &[u8]) -> Result<Response, RigError> {
        let bad = |reason: &str| RigError::BadAddress {
            address: address.to_string(),
            reason: reason.to_owned(),
        };
        let host = address.host_str().ok_or_else(|| bad("it has no host"))?;
        let port = address
            .port_or_known_default()
            .ok_or_else(|| bad("it has no port"))?;
        match (address.scheme(), &self.secure) {
            ("http", _) => {
                let authority = format!("{host}:{port}");
                converse(&authority, &mut connect(&authority)?, request)
            }
            ("https", Some(config)) => {
                let stream = connect(&format!("127.0.0.1:{port}"))?;
                converse(host, &mut secured(config, host, stream)?, request)
            }
            _ => Err(bad("only http:// is spoken here")),
        }
    }
}

fn secured(
    config: &Arc<ClientConfig>,
    host: &str,
    stream: TcpStream,
) -> Result<StreamOwned<ClientConnection, TcpStream>, RigError> {
    let refused = |reason: String| RigError::unexpected(host, reason);
    let name = ServerName::try_from(host.to_owned()).map_err(|error| refused(error.to_string()))?;
    let connection = ClientConnection::new(Arc::clone(config), name);
    let connection = connection.map_err(|error| refused(error.to_string()))?;
    Ok(StreamOwned::new(connection, stream))
}
