//! The Kubeflow Pipelines SDK itself, through the gateway.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use kfwasm_rig::{Gateway, UserAgent};
use serde_json::{Value, json};

use crate::bearer::with_key_server;
use crate::stage::{SESSION, Shown, alice_at, stage};
use crate::token_issuer::{ROBOT, TokenIssuer};

/// Where `cargo xtask test` says that the SDK is installed.
const SDK: &str = "KFWASM_TEST_KFP";

/// What the SDK gets to know with this credential.
fn call(gateway: &Gateway, credential: (&str, &str)) -> Value {
    let sdk = env::var_os(SDK).expect("run by cargo xtask test, which installs the SDK");
    let home = tempfile::tempdir().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("kfp/calls.py");
    let output = Command::new("python3")
        .arg(script)
        .env("PYTHONPATH", sdk)
        .env("HOME", home.path())
        .env("KFP_HOST", format!("{}/pipeline", gateway.address()))
        .env(credential.0, credential.1)
        .output()
        .expect("python3");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn experiments_of(user: &str) -> Value {
    json!({ "multiUser": true, "experiments": [format!("of {user}")] })
}

#[test]
fn the_sdk_calls_with_the_cookie_of_a_session() -> Shown {
    let rig = stage()?;
    let browser = alice_at(&rig)?;
    let session = browser.cookie(&rig.at("/"), SESSION).expect("a session");
    let cookies = format!("{SESSION}={session}");

    let seen = call(&rig.gateway, ("KFP_COOKIES", &cookies));

    assert_eq!(seen, experiments_of("alice@example.com"));
    Ok(())
}

#[test]
fn the_sdk_calls_with_an_existing_token() -> Shown {
    let issuer = TokenIssuer::start();
    let own = with_key_server(&issuer)?;
    let gateway = own.start()?;

    let seen = call(&gateway, ("KFP_TOKEN", &issuer.token()));

    assert_eq!(seen, experiments_of(ROBOT));
    Ok(())
}

#[test]
fn the_sdk_calls_with_the_token_that_a_cluster_projects_into_a_volume() -> Shown {
    let issuer = TokenIssuer::start();
    let own = with_key_server(&issuer)?;
    let gateway = own.start()?;
    let volume = tempfile::tempdir().expect("a folder");
    let file = volume.path().join("token");
    fs::write(&file, issuer.token()).expect("a file");

    let seen = call(&gateway, ("KFP_TOKEN_FILE", &file.to_string_lossy()));

    assert_eq!(seen, experiments_of(ROBOT));
    Ok(())
}

#[test]
fn without_a_good_credential_the_sdk_gets_an_error_and_no_sign_in_page() -> Shown {
    let (issuer, stranger) = (TokenIssuer::start(), TokenIssuer::start());
    let own = with_key_server(&issuer)?;
    let gateway = own.start()?;
    let forged = stranger.sign(&issuer.claims());
    let made_up = format!("{SESSION}=made-up");
    for credential in [("KFP_TOKEN", forged.as_str()), ("KFP_COOKIES", &made_up)] {
        let seen = call(&gateway, credential);
        assert_eq!(seen["status"], 401, "{seen}");
    }
    assert!(own.upstream.received().is_empty());
    assert_eq!(UserAgent::new().visit(&gateway.address())?.status, 302);
    Ok(())
}
