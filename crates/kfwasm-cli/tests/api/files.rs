//! Files that are not what they should be.

use std::fs;

use crate::operator::Operator;
use crate::server::World;

const BASE: &str = "istio/oidc-authservice/base";

#[test]
fn a_module_that_is_too_large_is_refused() {
    let mut operator = Operator::at(World::default());
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    module.resize(1_000_001, 0);
    fs::write(operator.folder().join("large.wasm"), module).unwrap();
    let made = "--host ml.example.com --issuer https://id.example.com --client-id kubeflow";
    operator.run(&format!("kfwasm build ml {made} --module large.wasm"));
    Operator::is_recorded([operator], "large-module");
}

#[test]
fn what_kfctl_has_not_written_is_not_taken_over() {
    let mut operator = Operator::at(World::default());
    for (name, text) in [
        ("torn", "spec: [".to_owned()),
        ("large", " ".repeat((1 << 20) + 1)),
    ] {
        let folder = operator.folder().join(name).join(BASE);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("statefulset.yaml"), text).unwrap();
        operator.run(&format!("kfwasm migrate ml --from {name}"));
    }
    Operator::is_recorded([operator], "not-kfctls");
}

#[test]
fn a_secret_that_stands_in_the_statefulset_is_left_there() {
    let mut operator = Operator::at(World::default());
    let folder = operator.folder().join("kf").join(BASE);
    fs::create_dir_all(&folder).unwrap();
    let env = "[{name: OIDC_PROVIDER, value: 'https://id.example.com'}, {name: CLIENT_ID, value: kubeflow}, \
               {name: REDIRECT_URL, value: 'https://ml.example.com/login/oidc'}, {name: CLIENT_SECRET, value: in-clear}]";
    let text = format!("spec: {{template: {{spec: {{containers: [{{env: {env}}}]}}}}}}\n");
    fs::write(folder.join("statefulset.yaml"), text).unwrap();
    operator.run("kfwasm migrate ml --from kf");
    Operator::is_recorded([operator], "secret-in-clear");
}

#[test]
fn what_was_built_of_another_kfwasm_yaml_is_not_applied() {
    let mut operator = Operator::at(World::default());
    fs::write(operator.folder().join("module.wasm"), b"\0asm\x01\0\0\0").unwrap();
    let made = "--host ml.example.com --issuer https://id.example.com --client-id kubeflow";
    operator.run(&format!("kfwasm build ml {made} --module module.wasm"));
    let settings = operator.folder().join("ml/kfwasm.yaml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replace("ml.example.com", "kf.example.com")).unwrap();
    operator.run("kfwasm apply ml");
    // As shells complete the name.
    operator.run("kfwasm build ml/ --module module.wasm");
    operator.run("kfwasm build --file ml --module module.wasm");
    Operator::is_recorded([operator], "built-of-another");
}
