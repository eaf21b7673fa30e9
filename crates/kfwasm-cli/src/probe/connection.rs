use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::Request;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

use super::{Answer, Target};

const PATIENCE: Duration = Duration::from_secs(5);

/// As whom the gateway is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A person who opens a page.
    Navigation,
    /// A script of a page.
    Script,
    /// A script that says that it is somebody.
    Forger,
    /// A script that wants a WebSocket.
    WebSocket,
}

/// Nobody has that name.
const FORGED: &str = "kfwasm-doctor@invalid";

/// A discovery document is a few KiB.
const MOST_BYTES: usize = 64 * 1024;

/// Asks without a session, for the status and the headers alone.
///
/// # Errors
/// In words, when nothing comes back.
pub(crate) async fn ask(target: &Target, asked: Asked, identity: &str) -> Result<Answer, String> {
    in_time(target, send(target, request(target, asked, identity)?, 0)).await
}

/// Asks for a document.
///
/// # Errors
/// In words, when nothing comes back.
pub(crate) async fn fetch(target: &Target) -> Result<Answer, String> {
    let request = request(target, Asked::Script, "")?;
    in_time(target, send(target, request, MOST_BYTES)).await
}

async fn in_time(
    target: &Target,
    asking: impl Future<Output = Result<Answer, String>>,
) -> Result<Answer, String> {
    let at = &target.address;
    let answered = timeout(PATIENCE, asking).await;
    answered.unwrap_or_else(|_| Err(format!("{at} did not answer in {} s", PATIENCE.as_secs())))
}

async fn send(target: &Target, request: Request<String>, limit: usize) -> Result<Answer, String> {
    let at = &target.address;
    let tcp = TcpStream::connect(at).await;
    let tcp = tcp.map_err(|error| format!("{at} cannot be reached: {error}"))?;
    if !target.tls {
        return exchange(tcp, request, limit).await;
    }
    let tls = secure(tcp, target).await?;
    let (_, session) = tls.get_ref();
    let shown = session.peer_certificates().and_then(|chain| chain.first());
    let certificate = shown.map(|certificate| certificate.to_vec());
    let answer = exchange(tls, request, limit).await?;
    Ok(Answer {
        certificate,
        ..answer
    })
}

fn request(target: &Target, asked: Asked, identity: &str) -> Result<Request<String>, String> {
    let mut request = Request::get(&target.path).header("host", &target.authority);
    request = match asked {
        Asked::Navigation => request
            .header("accept", "text/html")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-dest", "document"),
        Asked::Script => request.header("accept", "application/json"),
        Asked::Forger => request
            .header("accept", "application/json")
            .header(identity, FORGED),
        Asked::WebSocket => request
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "a2Z3YXNtIGRvY3RvciE="),
    };
    request
        .body(String::new())
        .map_err(|error| error.to_string())
}

/// The answer, with at most so many bytes of its body.
async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<String>,
    limit: usize,
) -> Result<Answer, String> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(no_http)?;
    let talking = async {
        let response = sender.send_request(request).await.map_err(no_http)?;
        let (head, body) = response.into_parts();
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            certificate: None,
            body: read(body, limit).await?,
        })
    };
    tokio::pin!(talking);
    tokio::select! {
        answer = &mut talking => answer,
        ended = connection => match ended {
            Ok(()) => talking.await,
            Err(error) => Err(no_http(error)),
        },
    }
}

async fn read(body: Incoming, limit: usize) -> Result<Vec<u8>, String> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let read = Limited::new(body, limit).collect().await;
    let read = read.map_err(|error| format!("the answer broke off: {error}"))?;
    Ok(read.to_bytes().to_vec())
}

fn no_http(error: hyper::Error) -> String {
    format!("it does not speak HTTP: {error}")
}

async fn secure(tcp: TcpStream, target: &Target) -> Result<TlsStream<TcpStream>, String> {
    let at = &target.address;
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Looking(provider)))
        .with_no_client_auth();
    let name = ServerName::try_from(target.host().to_owned());
    let name = name.map_err(|error| format!("{}: {error}", target.host()))?;
    let connected = TlsConnector::from(Arc::new(config))
        .connect(name, tcp)
        .await;
    connected.map_err(|error| format!("{at} does not speak TLS: {error}"))
}

/// Takes every certificate whose key the gateway has: it is looked at, and no secret is sent to it.
#[derive(Debug)]
struct Looking(Arc<CryptoProvider>);

impl ServerCertVerifier for Looking {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests;
