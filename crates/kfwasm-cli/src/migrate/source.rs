//! Where the settings of a predecessor are: in the directory of Kubeflow's kfctl instructions, or in a cluster.

mod alpha_config;
mod authservice;
mod config_file;
mod kfctl;
mod oauth2_proxy;
mod policies;
mod surroundings;
mod workload;

use std::path::Path;

use super::translate::bearer::TokenIssuer;
use super::{Draft, Predecessor, SecretPlace, Setting};
use crate::cluster::Cluster;
use crate::failure::Failure;
pub(crate) use surroundings::Surroundings;

/// What was found of a predecessor.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) predecessor: Predecessor,
    /// Where, in words.
    pub(crate) place: String,
    pub(crate) settings: Vec<Setting>,
    pub(crate) secret: Option<SecretPlace>,
    /// Whether the client secret is the one that everybody knows.
    pub(crate) is_published: bool,
    token_issuers: Vec<TokenIssuer>,
}

impl Found {
    fn new(predecessor: Predecessor, place: impl Into<String>) -> Self {
        Self {
            predecessor,
            place: place.into(),
            settings: Vec::new(),
            secret: None,
            is_published: false,
            token_issuers: Vec::new(),
        }
    }

    /// A kfwasm.yaml in the making. The host that somebody has said counts more than the one that was found.
    pub(crate) fn draft(&self, host: Option<String>) -> Draft {
        let mut draft = Draft::of_host(host);
        draft.token_issuers.clone_from(&self.token_issuers);
        draft.secret.clone_from(&self.secret);
        self.predecessor.translate(&self.settings, &mut draft);
        draft
    }
}

/// What `kfctl build` has left in a directory, with the edits of Kubeflow's instructions for Azure.
pub(crate) fn from_directory(directory: &Path) -> Result<Found, Failure> {
    kfctl::find(directory)
}

/// What runs in a cluster now.
pub(crate) async fn from_cluster(cluster: &Cluster, namespace: &str) -> Result<Found, Failure> {
    let authservice = authservice::find(cluster, namespace).await?;
    let oauth2_proxy = oauth2_proxy::find(cluster, namespace).await?;
    match (authservice, oauth2_proxy) {
        (Some(found), None) | (None, Some(found)) => Ok(found),
        (Some(_), Some(_)) => Err(Failure::failed(
            "both oidc-authservice and oauth2-proxy are in the cluster",
            "remove the one that is not in use, then run the same command again",
        )),
        (None, None) => Err(Failure::not_ready(
            format!(
                "neither StatefulSet authservice in {namespace} nor Deployment oauth2-proxy is in the cluster"
            ),
            "name the directory of kfctl with --from, or begin with `kfwasm build`",
        )),
    }
}
