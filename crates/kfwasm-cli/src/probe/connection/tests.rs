use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::*;

/// A server with a certificate that nobody has signed; it answers one request, and returns it.
async fn serve_once(listener: TcpListener, acceptor: TlsAcceptor, answer: &str) -> String {
    let (tcp, _) = listener.accept().await.unwrap();
    let mut tls = acceptor.accept(tcp).await.unwrap();
    let mut request = vec![0; 4096];
    let length = tls.read(&mut request).await.unwrap();
    tls.write_all(answer.as_bytes()).await.unwrap();
    tls.shutdown().await.unwrap();
    String::from_utf8_lossy(&request[..length]).into_owned()
}

fn certificate() -> (CertificateDer<'static>, TlsAcceptor) {
    let key = KeyPair::generate().unwrap();
    let parameters = CertificateParams::new(["other.example.com".to_owned()]).unwrap();
    let certificate = parameters.self_signed(&key).unwrap().der().clone();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config.with_single_cert(vec![certificate.clone()], key);
    (certificate, TlsAcceptor::from(Arc::new(config.unwrap())))
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(work)
}

/// Asks such a server.
fn asked(asked: Asked, answer: &'static str) -> (Answer, String, Vec<u8>) {
    block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target {
            address: listener.local_addr().unwrap().to_string(),
            authority: "ml.example.com".to_owned(),
            path: "/".to_owned(),
            tls: true,
        };
        let (certificate, acceptor) = certificate();
        let (answer, request) = tokio::join!(
            ask(&target, asked, "kubeflow-userid"),
            serve_once(listener, acceptor, answer)
        );
        (
            answer.unwrap(),
            request.to_lowercase(),
            certificate.to_vec(),
        )
    })
}

#[test]
fn whatever_certificate_a_gateway_shows_is_told() {
    let answer = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n";
    let (answer, request, certificate) = asked(Asked::Script, answer);
    assert_eq!(answer.status, 401);
    assert_eq!(answer.certificate, Some(certificate));
    assert!(request.contains("host: ml.example.com"), "{request}");
    assert!(!request.contains("kubeflow-userid"), "{request}");
}

#[test]
fn a_forger_sends_the_identity_header() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    let (_, request, _) = asked(Asked::Forger, answer);
    assert!(request.contains("kubeflow-userid: "), "{request}");
}

/// Only the head is waited for: what a gateway says after it may never end.
#[test]
fn an_answer_without_end_is_an_answer() {
    let answer =
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    let (answer, _, _) = asked(Asked::WebSocket, answer);
    assert_eq!(answer.status, 101);
}

#[test]
fn what_is_no_gateway_is_told_in_words() {
    let refusal = block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target {
            address: listener.local_addr().unwrap().to_string(),
            authority: "ml.example.com".to_owned(),
            path: "/".to_owned(),
            tls: true,
        };
        let garbage = async {
            let (mut tcp, _) = listener.accept().await.unwrap();
            tcp.write_all(b"SSH-2.0-no gateway\r\n").await.unwrap();
        };
        let (answer, ()) = tokio::join!(ask(&target, Asked::Script, "kubeflow-userid"), garbage);
        answer.unwrap_err()
    });
    assert!(refusal.contains("does not speak TLS"), "{refusal}");
}
