use std::path::Path;
use std::process::Command;

use kfwasm_rig::{Process, RigError, free_port};

use crate::credentials::Credentials;
use crate::programs::Programs;

/// What a cluster does by itself, as far as the tests need it.
const CONTROLLERS: &str = "--controllers=deployment-controller,replicaset-controller,statefulset-controller,\
    namespace-controller,serviceaccount-controller,garbage-collector-controller,endpointslice-controller,resourcequota-controller";

/// Starts the controllers. What they do shows at the API server.
pub(crate) fn start(
    programs: &Programs,
    folder: &Path,
    kubeconfig: &Path,
    credentials: &Credentials,
) -> Result<Process, RigError> {
    let key = credentials.service_account_key.display();
    let mut command = Command::new(&programs.controller_manager);
    command
        .arg(format!("--kubeconfig={}", kubeconfig.display()))
        .arg(format!("--service-account-private-key-file={key}"))
        .arg(format!("--secure-port={}", free_port()?))
        .args(["--bind-address=127.0.0.1", "--leader-elect=false"])
        .arg(format!(
            "--cert-dir={}",
            folder.join("controllers").display()
        ))
        .arg(CONTROLLERS);
    let advice = "run `cargo xtask test cluster`, which builds it";
    Process::start(command, folder.join("controllers.log"), advice)
}
