use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::registry::{Registry, Way};

const PASSWORD: &str = "cm9ib3Q6d29yZA==";

fn push(registry: &Registry, entry: &Value) -> Output {
    let home = TempDir::new().unwrap();
    let config = json!({"auths": {registry.authority.as_str(): entry}});
    fs::write(home.path().join("config.json"), config.to_string()).unwrap();
    with_home(registry, home.path())
}

fn with_home(registry: &Registry, home: &Path) -> Output {
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/push.in/module.wasm");
    let mut command = Command::new(env!("CARGO_BIN_EXE_kfwasm"));
    command
        .arg("push")
        .arg(format!("{}/team/kfwasm:1", registry.authority))
        .arg("--module")
        .arg(module);
    command
        .env("DOCKER_CONFIG", home)
        .env_remove("REGISTRY_AUTH_FILE")
        .env_remove("XDG_RUNTIME_DIR");
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_password_and_an_identity_token_each_get_a_token_that_goes_nowhere_else() {
    for entry in [
        json!({"auth": PASSWORD}),
        json!({"auth": PASSWORD, "identitytoken": "refresh"}),
    ] {
        let registry = Registry::start(Way::Proper);
        let pushed = push(&registry, &entry);
        assert_eq!(pushed.status.code(), Some(0), "{entry}: {}", said(&pushed));
        assert_eq!(
            *registry.seen_elsewhere.lock().unwrap(),
            ["", ""],
            "two blobs, no credentials"
        );
    }
}

#[test]
#[cfg(unix)]
fn a_credential_helper_is_asked_for_what_it_keeps() {
    use std::os::unix::fs::PermissionsExt as _;
    let (registry, home) = (Registry::start(Way::Proper), TempDir::new().unwrap());
    fs::write(
        home.path().join("config.json"),
        json!({"credsStore": "test"}).to_string(),
    )
    .unwrap();
    let helper = home.path().join("docker-credential-test");
    let script = format!(
        "#!/bin/sh\nread -r asked\ntest \"$1 $asked\" = 'get {}' && echo '{{\"Username\": \"<token>\", \"Secret\": \"refresh\"}}'\n",
        registry.authority
    );
    fs::write(&helper, script).unwrap();
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o755)).unwrap();
    let missing = with_home(&registry, home.path());
    assert!(
        said(&missing).contains("docker-credential-test: "),
        "{}",
        said(&missing)
    );

    let path =
        std::env::join_paths([home.path(), Path::new("/usr/bin"), Path::new("/bin")]).unwrap();
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/push.in/module.wasm");
    let mut command = Command::new(env!("CARGO_BIN_EXE_kfwasm"));
    command
        .arg("push")
        .arg(format!("{}/team/kfwasm:1", registry.authority))
        .arg("--module")
        .arg(module);
    let pushed = command
        .env("DOCKER_CONFIG", home.path())
        .env("PATH", path)
        .output()
        .unwrap();
    assert_eq!(pushed.status.code(), Some(0), "{}", said(&pushed));
}

#[test]
fn each_fault_of_a_registry_is_told() {
    for (way, entry, message) in [
        (
            Way::Proper,
            json!({"auth": "YTpi"}),
            "error: REGISTRY does not take an upload (401 Unauthorized)\n    sign in with an account that may push: `docker login REGISTRY`, \
             or `az acr login` for Azure's\n",
        ),
        (
            Way::Refuses,
            json!({"auth": PASSWORD}),
            "error: REGISTRY does not take the manifest (403 Forbidden): no[2J\n    sign in with an account that may push: `docker login \
             REGISTRY`, or `az acr login` for Azure's\n",
        ),
        (
            Way::OtherDigest,
            json!({"auth": PASSWORD}),
            "error: REGISTRY/team/kfwasm:1 has stored something else: sha256:00\n",
        ),
        (
            Way::Nowhere,
            json!({"auth": PASSWORD}),
            "error: REGISTRY does not say where to upload\n",
        ),
    ] {
        let registry = Registry::start(way);
        let pushed = push(&registry, &entry);
        let wanted = message.replace("REGISTRY", &registry.authority);
        assert_eq!(
            (pushed.status.code(), said(&pushed)),
            (Some(1), wanted),
            "{way:?}"
        );
        assert!(pushed.stdout.is_empty());
    }
}
