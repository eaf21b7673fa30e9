//! What is to be registered at the provider, and the command that does it.

use kfwasm_config::Provider;

use crate::cluster::Cluster;
use crate::doctor::{Mark, redirect_uri};
use crate::settings::Settings;

/// Tells the redirect URIs (RFC 6749 §3.1.2), and how they are registered where that is one command.
pub(crate) fn tell(settings: &Settings) {
    eprintln!("Redirect URIs to register at the provider:");
    for uri in settings.redirect_uris() {
        eprintln!("  {uri}");
    }
    let commands = commands(settings);
    if !commands.is_empty() {
        eprintln!("At Microsoft Entra ID this registers them, in place of those that are there:");
    }
    for command in commands {
        eprintln!("  {command}");
    }
}

/// Says where the redirect URI leads, where that is to another gateway or to nowhere.
pub(crate) async fn tell_where_it_leads(cluster: &Cluster, settings: &Settings) {
    let finding = redirect_uri(cluster, settings).await;
    if finding.mark == Mark::Wrong {
        eprintln!("attention {}\n    {}", finding.what, finding.advice);
    }
}

/// Azure's own, for each provider that is Microsoft Entra ID.
fn commands(settings: &Settings) -> Vec<String> {
    let providers = settings.installation.plugin.providers.iter();
    let entra = providers.filter(|provider| provider.issuer.is_entra());
    entra.map(|provider| command(settings, provider)).collect()
}

fn command(settings: &Settings, provider: &Provider) -> String {
    let hosts = settings.installation.plugin.public_hosts.iter();
    let served = hosts.filter(|host| provider.serves(host.as_str()));
    let uris: Vec<_> = served.map(|host| settings.redirect_uri(host)).collect();
    let id = provider.client_id.as_str();
    format!(
        "az ad app update --id {id} --web-redirect-uris {}",
        uris.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands_of(providers: &str) -> Vec<String> {
        let text = format!(
            "name: ml\nplugin:\n  publicHosts: [a.example.com, b.example.com]\n  providers: [{providers}]\n"
        );
        commands(&Settings::parse(&text).unwrap())
    }

    #[test]
    fn each_registration_at_entra_has_a_command_with_the_hosts_that_it_serves() {
        let entra = "{issuer: \"https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0\", \
            clientId: one, clientSecret: {env: SECRET}, hosts: [b.example.com]}";
        let other = "{name: other, issuer: \"https://id.example.com\", clientId: two, clientSecret: {env: OTHER}}";
        assert_eq!(
            commands_of(&format!("{entra}, {other}")),
            [
                "az ad app update --id one --web-redirect-uris https://b.example.com/authservice/oidc/callback"
            ]
        );
    }

    #[test]
    fn of_another_provider_nobody_knows_the_command() {
        let other =
            "{issuer: \"https://id.example.com\", clientId: two, clientSecret: {env: OTHER}}";
        assert_eq!(commands_of(other), Vec::<String>::new());
    }
}
