use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use hkdf::Hkdf;
use kfwasm_seal::Cipher;
use serde_json::json;
use sha2::Sha256;

use super::refresh::{NEAR_THE_END, SESSION, TOKENS, ending, refreshes, stage_with};
use crate::support::browser::Browser;
use crate::support::clock::MINUTE;
use crate::support::request::Request;
use crate::support::stage::{ALICE, OLD_KEY, Stage, config};

/// Sealed with [`OLD_KEY`] when records of version 1 were made first, at the time when stories begin: a module that does not
/// read it has changed that version instead of making another.
const VERSION_1: &str = "AdcDUzQY2NYJlHxrgrlgdwSuQNMxcDjnCSOFFN4NoW0mxhYXOC6HZAH1fDd71Ued18xmF6jVbZY-C_qcXxKxyzp9nc3YEzKR2WThse0sUcouEZlIJ3BYTQ8hSLwVg69jDl8ts2M31tKqL7UHGkE4scTSdGglCMLCYdm_RoYRJHXwvNruhYpj4iSGGMM0_ZTrQUguLb2AzqPxV_RLSxcTCfBkLVPjFuvs5A";

/// Versions of records that this module does not know.
const OTHER_VERSIONS: [u8; 3] = [0, 2, 255];

/// What was sealed under a name for a purpose, with another version in its record and nothing else changed.
fn in_version(version: u8, purpose: &str, name: &str, sealed: &str) -> String {
    let sealed = BASE64URL.decode(sealed).unwrap();
    // The layout's version, the identifier of the key, and the nonce.
    let (head, ciphertext) = sealed.split_at(1 + 4 + 24);
    let nonce = head[5..].try_into().unwrap();
    let cipher = cipher(purpose);
    let mut record = cipher.open(&nonce, name.as_bytes(), ciphertext).unwrap();
    record[0] = version;
    let ciphertext = cipher.seal(&nonce, name.as_bytes(), &record).unwrap();
    BASE64URL.encode([head, &ciphertext].concat())
}

fn cipher(purpose: &str) -> Cipher {
    let keys = kfwasm_config::session_keys(OLD_KEY.as_bytes()).unwrap();
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, &keys[0])
        .expand(purpose.as_bytes(), &mut key)
        .unwrap();
    Cipher::new(&key)
}

/// The browser's session, as a module that writes records of this version would have sealed it.
fn session_in_version(version: u8, browser: &Browser) -> String {
    let session = browser.session_cookie();
    in_version(version, "kfwasm v1 session", SESSION, &session)
}

#[test]
fn a_session_that_was_sealed_in_version_1_goes_on() {
    let stage = Stage::new();
    let request =
        Request::script("GET", "/pipeline/x").with("cookie", [SESSION, "=", VERSION_1].concat());

    let response = stage.gateway.handle(&request);

    assert_eq!(response.user(), ALICE);
    assert_eq!(
        response.upstream.unwrap().text("kubeflow-groups"),
        "data-science,0f8fad5b-d9cb-469f-a165-70867728950e"
    );
}

#[test]
fn whoever_has_a_session_of_another_version_signs_in_again() {
    let stage = Stage::new();
    for version in OTHER_VERSIONS {
        let mut browser = stage.signed_in();
        browser.plant(SESSION, &session_in_version(1, &browser));
        assert!(browser.is_signed_in());

        browser.plant(SESSION, &session_in_version(version, &browser));

        assert_eq!(browser.fetch("/pipeline/x").status, 401, "{version}");
        assert_eq!(browser.open("/pipeline/x").status, 302, "{version}");
        // The provider knows her, and asks nothing.
        assert_eq!(browser.go("/pipeline/x").user(), ALICE, "{version}");
    }
}

/// Without its tokens a session is not refreshed: it ends when it said, and no later.
#[test]
fn tokens_of_another_version_are_none() {
    for version in OTHER_VERSIONS.into_iter().chain([1]) {
        let stage = stage_with(ending());
        let mut browser = stage.signed_in();
        let tokens = browser.jar.named(TOKENS).remove(0).value;
        let sealed = tokens.strip_prefix("1.").unwrap();
        let (purpose, name) = ("kfwasm v1 session tokens", "authservice_session_tokens");
        let other = in_version(version, purpose, name, sealed);
        browser.plant(TOKENS, &["1.", &other].concat());

        stage.pass(NEAR_THE_END);
        assert!(browser.is_signed_in());

        let is_known = version == 1;
        assert_eq!(refreshes(&stage), usize::from(is_known), "{version}");
        stage.pass(6 * MINUTE);
        assert_eq!(browser.is_signed_in(), is_known, "{version}");
    }
}

/// An older module meets a configuration with a field that it does not know: refused, with the name of the field, so that
/// a gateway keeps the configuration that it has (tests/e2e/configuration.rs) and never guesses.
#[test]
fn a_configuration_of_a_newer_version_is_refused_by_name() {
    let mut newer = config(json!({"session": {"fromTheFuture": true}}));
    newer["andThis"] = json!(1);

    let problems = kfwasm_config::Config::from_json(newer.to_string().as_bytes()).unwrap_err();

    let paths: Vec<_> = problems.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["session.fromTheFuture", "andThis"]);
}

#[test]
fn a_session_that_was_sealed_now_is_read_by_a_module_that_starts_later() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    stage.gateway.restart(&config(json!({})), OLD_KEY);

    assert!(browser.is_signed_in());
}
