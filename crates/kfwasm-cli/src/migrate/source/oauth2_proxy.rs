use std::collections::BTreeMap;

use serde_json::Value;

use super::super::{Predecessor, Setting};
use super::workload::{Held, Workload, is_secret_of_oauth2_proxy};
use super::{Found, alpha_config, config_file, policies};
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::object::ObjectId;

const NAME: &str = "oauth2-proxy";
const PREFIX: &str = "OAUTH2_PROXY_";
/// Options that the configuration file has in the plural, and the command line and the environment may not.
const PLURALS: [&str; 8] = [
    "email_domain",
    "upstream",
    "skip_auth_route",
    "api_route",
    "allowed_group",
    "extra_jwt_issuer",
    "cookie_domain",
    "whitelist_domain",
];

/// The Deployment of oauth2-proxy, with its configuration file, its alpha configuration, its environment and its
/// arguments, and what Istio is told of it.
pub(super) async fn find(cluster: &Cluster, namespace: &str) -> Result<Option<Found>, Failure> {
    for place in [NAME, namespace] {
        let id = ObjectId::of("apps/v1", "Deployment", place, NAME);
        if let Some(object) = cluster.get(&id).await? {
            let workload = Workload::new(cluster, object, is_secret_of_oauth2_proxy);
            let mut found = read(&workload, id.to_string()).await?;
            policies::read(cluster, namespace, &mut found).await?;
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The file first, then the environment, then the arguments: what comes later counts.
async fn read(workload: &Workload<'_>, place: String) -> Result<Found, Failure> {
    let mut found = Found::new(Predecessor::Oauth2Proxy, place);
    let arguments = arguments(workload);
    let mut options = BTreeMap::new();
    for (option, parse) in [
        ("config", config_file::settings as fn(&str) -> _),
        ("alpha_config", alpha_config::settings),
    ] {
        let Some(argument) = arguments.iter().find(|argument| argument.name == option) else {
            continue;
        };
        let Some(text) = workload.mounted(&argument.text()).await? else {
            continue;
        };
        let settings = parse(&text).map_err(|error| {
            let file = argument.text();
            Failure::failed(
                format!("{file} of {}: {error}", found.place),
                "correct it where oauth2-proxy gets it from, then run the same command again",
            )
        })?;
        insert(&mut options, settings);
    }
    for variable in workload.variables().await? {
        let Some(name) = variable.name.strip_prefix(PREFIX) else {
            continue;
        };
        let name = plural(name.to_lowercase());
        match variable.value {
            Held::Text(value) => insert(&mut options, [Setting::new(name, value)]),
            Held::Secret {
                place,
                is_published,
            } if name == "client_secret" => {
                found.secret = Some(place);
                found.is_published = is_published;
            }
            Held::Secret { .. } => {}
        }
    }
    insert(&mut options, arguments);
    found.settings = options.into_values().collect();
    Ok(found)
}

/// A secret among them is neither kept nor shown.
fn insert(options: &mut BTreeMap<String, Setting>, settings: impl IntoIterator<Item = Setting>) {
    for setting in settings {
        if !is_secret_of_oauth2_proxy(&setting.name) && !setting.is_empty() {
            options.insert(setting.name.clone(), setting);
        }
    }
}

fn plural(name: String) -> String {
    match PLURALS.contains(&name.as_str()) {
        true => name + "s",
        false => name,
    }
}

/// `--name=value`, with those of the same name as one list.
fn arguments(workload: &Workload<'_>) -> Vec<Setting> {
    let list = workload
        .container()
        .and_then(|container| container.get("args")?.as_array());
    let mut settings: Vec<Setting> = Vec::new();
    for argument in list.into_iter().flatten().filter_map(Value::as_str) {
        let argument = argument.trim_start_matches('-');
        let (name, value) = argument.split_once('=').unwrap_or((argument, "true"));
        let name = plural(name.replace('-', "_"));
        match settings.iter_mut().find(|known| known.name == name) {
            Some(known) => known.values.push(value.to_owned()),
            None => settings.push(Setting::new(name, value)),
        }
    }
    settings
}
