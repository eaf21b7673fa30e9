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
    with_home(registry, home.path()).output().unwrap()
}

fn with_home(registry: &Registry, home: &Path) -> Command {
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
    command
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
        let image = format!("{}/team/kfwasm", registry.authority);
        let digest = String::from_utf8_lossy(&pushed.stdout).trim().to_owned();
        let wanted = format!(
            "Pushed {image}:1. In kfwasm.yaml:\n  module:\n    url: oci://{image}@{digest}\n"
        );
        assert_eq!(said(&pushed), wanted);
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
    let missing = with_home(&registry, home.path()).output().unwrap();
    let wanted = "error: docker-credential-test: No such file or directory (os error 2)\n    install it, or correct credsStore and \
                  credHelpers in Docker's config.json\n";
    assert_eq!(said(&missing), wanted);

    let path =
        std::env::join_paths([home.path(), Path::new("/usr/bin"), Path::new("/bin")]).unwrap();
    let mut command = with_home(&registry, home.path());
    let pushed = command.env("PATH", &path).output().unwrap();
    assert_eq!(pushed.status.code(), Some(0), "{}", said(&pushed));

    fs::write(&helper, "#!/bin/sh\necho nothing\n").unwrap();
    let confused = command.output().unwrap();
    let wanted = "error: docker-credential-test: its answer is not JSON\n    install it, or correct credsStore and credHelpers in \
                  Docker's config.json\n";
    assert_eq!(said(&confused), wanted);
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
            "error: REGISTRY/team/kfwasm:1 has stored something else: sha256:00\n    ask whoever runs the registry, or what stands in \
             front of it; do not use what is stored\n",
        ),
        (
            Way::Nowhere,
            json!({"auth": PASSWORD}),
            "error: REGISTRY does not say where to upload\n    ask whoever runs the registry, or what stands in front of it\n",
        ),
        (
            Way::NoAddress,
            json!({"auth": PASSWORD}),
            "error: REGISTRY gives no token: where tokens are is no address\n    ask whoever runs the registry, or what stands in front of it\n",
        ),
        (
            Way::Malformed,
            json!({"auth": PASSWORD}),
            "error: the token of REGISTRY is malformed\n    ask whoever runs the registry, or what stands in front of it\n",
        ),
        (
            Way::Unknown,
            json!({"auth": PASSWORD}),
            "error: REGISTRY does not take an upload (404 Not Found)\n    check the name; some registries want the repository created first\n",
        ),
        (
            Way::Busy,
            json!({"auth": PASSWORD}),
            "error: REGISTRY does not take the manifest (503 Service Unavailable)\n    the same command begins again, and skips what is there\n",
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
