use kfwasm_config::{ClientAuthenticationMethod as Method, EndpointUrl};

use super::{ClientAuthenticationFailure, ClientCredential, Form};
use crate::entropy::predictable::NoEntropy;
use crate::secret::Secret;
use crate::time::UnixTime;

fn secret(text: &str) -> ClientCredential {
    ClientCredential::Secret(Secret::new(text.as_bytes().to_vec()))
}

/// Header and body of a request of the client `a:b`.
fn request(
    method: Method,
    credential: &ClientCredential,
) -> Result<(Option<String>, String), ClientAuthenticationFailure> {
    let endpoint = EndpointUrl::parse("https://login.example.com/token", false).unwrap();
    let mut form = Form::new();
    let text = |secret: Secret| String::from_utf8(secret.expose().to_vec()).unwrap();
    credential
        .authenticate(
            method,
            "a:b",
            &endpoint,
            &mut form,
            UnixTime(0),
            &mut NoEntropy,
        )
        .map(|header| (header.map(text), text(form.into_body())))
}

#[test]
fn basic_encodes_identifier_and_secret_before_it_joins_them() {
    let (header, body) = request(Method::ClientSecretBasic, &secret("p%:ä ~")).unwrap();

    // base64 of "a%3Ab:p%25%3A%C3%A4+%7E"
    assert_eq!(
        header.as_deref(),
        Some("Basic YSUzQWI6cCUyNSUzQSVDMyVBNCslN0U=")
    );
    assert_eq!(body, "");
}

#[test]
fn post_sends_the_secret_in_the_body_and_nowhere_else() {
    let (header, body) = request(Method::ClientSecretPost, &secret("p&q")).unwrap();

    assert_eq!(
        (header, body.as_str()),
        (None, "client_id=a%3Ab&client_secret=p%26q")
    );
}

#[test]
fn a_public_client_sends_its_identifier_alone() {
    let (header, body) = request(Method::None, &ClientCredential::Public).unwrap();

    assert_eq!((header, body.as_str()), (None, "client_id=a%3Ab"));
}

#[test]
fn a_method_without_its_credential_sends_nothing() {
    for (method, credential) in [
        (Method::ClientSecretBasic, ClientCredential::Public),
        (Method::ClientSecretPost, ClientCredential::Public),
        (Method::PrivateKeyJwt, secret("s")),
    ] {
        let failure = ClientAuthenticationFailure::NoCredential(method);
        assert_eq!(request(method, &credential), Err(failure));
    }
}

#[test]
fn no_credential_shows_in_debug_output() {
    assert_eq!(format!("{:?}", secret("hunter2")), "Secret([redacted])");
}
