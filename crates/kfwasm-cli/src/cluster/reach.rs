//! The way to a cluster: by the kubeconfig, or from inside a pod.

use std::error::Error;

use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};

use super::fault::innermost;
use crate::failure::Failure;

/// A client of a cluster that answers, and how people tell that cluster from others.
pub(crate) struct Reached {
    pub(crate) client: Client,
    /// The context, where there is one, and the server's address.
    pub(crate) name: String,
}

/// The cluster of that context, or of the current one.
pub(crate) async fn reach(context: Option<&str>) -> Result<Reached, Failure> {
    let options = KubeConfigOptions {
        context: context.map(str::to_owned),
        ..KubeConfigOptions::default()
    };
    let (config, context) = match Config::from_kubeconfig(&options).await {
        Ok(config) => (config, context.map(str::to_owned).or_else(current)),
        Err(error) if context.is_some() => return Err(no_config(&error)),
        Err(error) => (Config::incluster().map_err(|_| no_config(&error))?, None),
    };
    let address = config.cluster_url.to_string();
    // A client tries again for five minutes and says nothing, where a server has too much to do. Whether there is a way
    // in at all, somebody wants to know at once.
    let mut impatient = config.clone();
    impatient.default_retry = false;
    let [impatient, client] =
        [impatient, config].map(|it| Client::try_from(it).map_err(|error| no_client(&error)));
    let version = impatient?.apiserver_version().await;
    version.map_err(|error| no_answer(&address, &error))?;
    Ok(Reached {
        client: client?,
        name: name(context.as_deref(), &address),
    })
}

fn current() -> Option<String> {
    Kubeconfig::read().ok()?.current_context
}

fn name(context: Option<&str>, address: &str) -> String {
    let address = address.trim_end_matches('/');
    match context {
        Some(context) => format!("the cluster of the context {context} ({address})"),
        None => format!("the cluster at {address}"),
    }
}

fn no_config(error: &KubeconfigError) -> Failure {
    let (what, advice) = match error {
        KubeconfigError::LoadContext(name) => (
            format!("the kubeconfig has no context {name:?}{}", others()),
            "name one of its contexts with --context",
        ),
        error => (
            first_line(&error.to_string()),
            "choose one with --context, or set KUBECONFIG",
        ),
    };
    Failure::not_ready(format!("no cluster: {what}"), advice)
}

/// The lines of the file that the parser's words go on with may hold a token.
fn first_line(words: &str) -> String {
    words.lines().next().unwrap_or_default().to_owned()
}

/// The contexts that there are.
fn others() -> String {
    let contexts = Kubeconfig::read().map(|file| file.contexts);
    let names: Vec<String> = contexts
        .into_iter()
        .flatten()
        .map(|context| context.name)
        .collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(", but {}", names.join(", ")),
    }
}

fn no_client(error: &dyn Error) -> Failure {
    Failure::not_ready(
        format!("the kubeconfig cannot be used: {}", innermost(error)),
        "try `kubectl get namespaces`, which uses the same file",
    )
}

fn no_answer(address: &str, error: &kube::Error) -> Failure {
    match error {
        kube::Error::Api(status) if matches!(status.code, 401 | 403) => Failure::not_ready(
            format!(
                "the cluster at {address} does not let you in: {}",
                status.message
            ),
            "sign in to it again, as kubectl asks you to, or choose another with --context",
        ),
        kube::Error::Api(status) => Failure::not_ready(
            format!("the cluster at {address} is not ready: {}", status.message),
            "wait until it is, or choose another with --context",
        ),
        error => Failure::not_ready(
            format!(
                "the cluster at {address} does not answer: {}",
                innermost(error)
            ),
            "check that it runs and that this machine reaches it, or choose another with --context",
        ),
    }
}
