//! `kfwasm push` to a real registry: what is there afterwards is what Istio's agent takes.

use std::fs;
use std::process::{Command, Output};

use kfwasm_rig::{Registry, RigError};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::programs::{kfwasm, registry};

type Shown = Result<(), RigError>;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn push(registry: &Registry, configuration: &TempDir) -> Output {
    let image = format!("{}/team/kfwasm:1", registry.authority());
    let mut command: Command = kfwasm();
    command
        .args(["push", &image])
        .env("DOCKER_CONFIG", configuration.path());
    command
        .env_remove("REGISTRY_AUTH_FILE")
        .env_remove("XDG_RUNTIME_DIR");
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Two layers, one of them the module as it is: `pkg/wasm/imagefetcher.go` of Istio reads that and nothing less.
#[test]
fn what_is_pushed_has_the_form_that_istio_takes() -> Shown {
    let (registry, nobody) = (Registry::start(&registry())?, TempDir::new().unwrap());
    let pushed = push(&registry, &nobody);
    assert_eq!(pushed.status.code(), Some(0), "{}", said(&pushed));
    let digest = String::from_utf8_lossy(&pushed.stdout).trim().to_owned();
    let url = format!(
        "    url: oci://{}/team/kfwasm@{digest}\n",
        registry.authority()
    );
    assert!(said(&pushed).ends_with(&url), "{}", said(&pushed));

    for reference in ["1", &digest] {
        let found = registry.get(&format!("/v2/team/kfwasm/manifests/{reference}"), MANIFEST)?;
        assert_eq!(
            (found.status, found.header("content-type")),
            (200, Some(MANIFEST.to_owned()))
        );
        assert_eq!(found.header("docker-content-digest"), Some(digest.clone()));
        let manifest: Value = serde_json::from_slice(&found.body).unwrap();
        let layers = manifest["layers"].as_array().unwrap();
        assert_eq!(layers.len(), 2);
        let module = layers
            .iter()
            .find(|it| it["mediaType"] == "application/vnd.module.wasm.content.layer.v1+wasm");
        let module = module.unwrap()["digest"].as_str().unwrap().to_owned();
        let blob = registry.get(&format!("/v2/team/kfwasm/blobs/{module}"), "*/*")?;
        assert!(blob.body.starts_with(b"\0asm") && blob.body.len() > 100_000);
    }

    let again = push(&registry, &nobody);
    assert_eq!(
        String::from_utf8_lossy(&again.stdout).trim(),
        digest,
        "the same module is the same image"
    );
    Ok(())
}

#[test]
fn a_registry_that_asks_for_a_password_gets_the_one_of_docker_login() -> Shown {
    let (registry, home) = (
        Registry::start_with_password(&registry())?,
        TempDir::new().unwrap(),
    );
    let nobody = push(&registry, &home);
    assert_eq!(nobody.status.code(), Some(1));
    let advice = format!(
        "sign in with an account that may push: `docker login {}`",
        registry.authority()
    );
    assert!(said(&nobody).contains(&advice), "{}", said(&nobody));

    for (auth, code) in [("cm9ib3Q6d3Jvbmc=", 1), ("cm9ib3Q6d29yZA==", 0)] {
        let config = json!({"auths": {registry.authority(): {"auth": auth}}});
        fs::write(home.path().join("config.json"), config.to_string()).unwrap();
        let pushed = push(&registry, &home);
        assert_eq!(pushed.status.code(), Some(code), "{}", said(&pushed));
        assert!(
            !said(&pushed).contains("word") && !said(&pushed).contains("wrong"),
            "{}",
            said(&pushed)
        );
    }
    Ok(())
}
