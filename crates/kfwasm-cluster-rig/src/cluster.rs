use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kfwasm_rig::{Process, RigError, wait_until};
use serde_json::Value;
use tempfile::TempDir;

use crate::api_server::ApiServer;
use crate::credentials::Credentials;
use crate::definitions::Definitions;
use crate::programs::Programs;
use crate::{Api, controller_manager, etcd, kubeconfig};

const PATIENCE: Duration = Duration::from_secs(60);

/// A running control plane. It ends when this value is dropped.
#[derive(Debug)]
pub struct Cluster {
    api: Api,
    kubeconfig: PathBuf,
    programs: Programs,
    // In the order in which they end: each needs the next.
    _controllers: Process,
    api_server: Option<ApiServer>,
    etcd: Process,
    etcd_url: String,
    credentials: Credentials,
    folder: TempDir,
}

impl Cluster {
    /// Starts everything and waits until the API server is ready and the namespace `default` can hold pods.
    ///
    /// # Errors
    /// A program is missing, or ended at once.
    pub fn start(programs: &Programs) -> Result<Self, RigError> {
        Self::start_with(programs, None)
    }

    /// Starts one with the custom resources of this version of Istio, of cert-manager and of the Gateway API.
    ///
    /// # Errors
    /// As for [`Cluster::start`], and when a definition cannot be read or is refused.
    pub fn with_custom_resources(programs: &Programs, istio: &str) -> Result<Self, RigError> {
        let definitions = Definitions::of(istio, || Self::start(programs)?.define(istio))?;
        let cluster = Self::start_with(programs, Some(&definitions))?;
        definitions.wait(&cluster.api)?;
        Ok(cluster)
    }

    /// Ends with what it has stored once custom resources are defined in it.
    fn define(mut self, istio: &str) -> Result<Definitions, RigError> {
        let definitions = Definitions::apply(&self.api, &self.programs.crds, istio)?;
        self.etcd.stop();
        definitions.stored_in(&etcd::data(self.folder.path()))
    }

    fn start_with(
        programs: &Programs,
        definitions: Option<&Definitions>,
    ) -> Result<Self, RigError> {
        let temporary = tempfile::tempdir().map_err(RigError::io("create a temporary folder"))?;
        let folder = temporary.path();
        let credentials = Credentials::make(folder)?;
        if let Some(definitions) = definitions {
            definitions.store(&etcd::data(folder))?;
        }
        let (etcd, etcd_url) = etcd::start(programs, folder)?;
        let mut api_server = ApiServer::start(programs, folder, &etcd_url, &credentials)?;
        let file = folder.join("kubeconfig");
        let api = reach(&mut api_server, &credentials, &file)?;
        let controllers = controller_manager::start(programs, folder, &file, &credentials)?;
        let cluster = Self {
            api,
            kubeconfig: file,
            programs: programs.clone(),
            _controllers: controllers,
            api_server: Some(api_server),
            etcd,
            etcd_url,
            credentials,
            folder: temporary,
        };
        cluster.wait_for("/api/v1/namespaces/default/serviceaccounts/default")?;
        Ok(cluster)
    }

    /// Ends the API server, does something without it, and starts it anew at the same address with what it had.
    ///
    /// # Errors
    /// It did not start again.
    pub fn restart_api_server(&mut self, without: impl FnOnce()) -> Result<(), RigError> {
        let Some(ended) = self.api_server.take() else {
            return Err(RigError::unexpected("the API server", "that it runs"));
        };
        let port = ended.stop();
        without();
        let folder = self.folder.path();
        let mut server = ApiServer::start_at(
            port,
            &self.programs,
            folder,
            &self.etcd_url,
            &self.credentials,
        )?;
        server.wait_until(|| self.api.text("/readyz").is_ok())?;
        self.api_server = Some(server);
        Ok(())
    }

    /// Its API, as a member of `system:masters`.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.api
    }

    pub(crate) fn programs(&self) -> &Programs {
        &self.programs
    }

    /// Where everything that it writes is.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file that `KUBECONFIG` is to name.
    #[must_use]
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// Waits until there is something at this path.
    ///
    /// # Errors
    /// [`RigError::TimedOut`]
    pub fn wait_for(&self, path: &str) -> Result<Value, RigError> {
        wait_until(path, PATIENCE, || self.api.get(path).ok())
    }
}

/// The API, once the server has made its certificate and says that it is ready.
fn reach(server: &mut ApiServer, credentials: &Credentials, file: &Path) -> Result<Api, RigError> {
    let (url, certificate) = (server.url(), server.certificate());
    server.wait_until(|| fs::read(&certificate).is_ok_and(|pem| !pem.is_empty()))?;
    let mut api = None;
    server.wait_until(|| {
        let connected = connect(&url, &certificate, credentials, file).ok();
        api = connected.filter(|api: &Api| api.text("/readyz").is_ok());
        api.is_some()
    })?;
    api.ok_or_else(|| RigError::unexpected("the API server", "that it is ready, and did not"))
}

fn connect(
    url: &str,
    certificate: &Path,
    credentials: &Credentials,
    file: &Path,
) -> Result<Api, RigError> {
    let pem = fs::read(certificate).map_err(RigError::io("read the API server's certificate"))?;
    let document = kubeconfig::kubeconfig(url, &pem, &credentials.token);
    kubeconfig::write(file, &document)?;
    Api::connect(file)
}
