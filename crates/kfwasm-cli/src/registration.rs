//! What is to be registered at the providers, and the command that does it.

use kfwasm_config::{Config, Provider};

use crate::cluster::Cluster;
use crate::doctor::{Mark, redirect_uri};
use crate::settings::Settings;

/// Tells the redirect URIs (RFC 6749 §3.1.2), and how they are registered where that is one command.
pub(crate) fn tell(settings: &Settings) {
    eprint!("{}", needed(&settings.installation.plugin));
}

/// Says where the redirect URI leads, where that is to another gateway or to nowhere.
pub(crate) async fn tell_where_it_leads(cluster: &Cluster, settings: &Settings) {
    let finding = redirect_uri(cluster, settings).await;
    if finding.mark == Mark::Wrong {
        eprintln!("attention {}\n    {}", finding.what, finding.advice);
    }
}

/// The redirect URIs to register, by provider.
fn needed(config: &Config) -> String {
    config.providers.iter().map(|it| of(it, config)).collect()
}

fn of(provider: &Provider, config: &Config) -> String {
    let all = config.redirect_uris();
    let its = all.iter().filter(|it| it.provider.name == provider.name);
    let uris: Vec<&str> = its.map(|it| it.uri.as_str()).collect();
    let issuer = provider.issuer.as_str();
    let lines: String = uris.iter().map(|uri| format!("  {uri}\n")).collect();
    format!(
        "Redirect URIs to register at {issuer}:\n{lines}{}",
        command(provider, &uris)
    )
}

/// Azure's own, where the provider is Microsoft Entra ID.
fn command(provider: &Provider, uris: &[&str]) -> String {
    if !provider.issuer.is_entra() {
        return String::new();
    }
    let uris: Vec<String> = uris.iter().map(|uri| for_a_shell(uri)).collect();
    let (id, uris) = (for_a_shell(provider.client_id.as_str()), uris.join(" "));
    format!(
        "This command registers them, in the place of those that are there:\n  az ad app update --id {id} --web-redirect-uris {uris}\n"
    )
}

/// In quotes where a shell would not take it as it stands: the brackets of an IPv6 address are a pattern to it, and a client
/// id may be of any characters (RFC 6749 appendix A.1), and come from what signed people in before.
fn for_a_shell(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-._:/@".contains(it);
    match word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needed(providers: &str) -> String {
        let text = format!(
            r#"{{"publicHosts": ["ml.example.com", "203.0.113.7"], "providers": [{providers}]}}"#
        );
        super::needed(&Config::from_json(text.as_bytes()).unwrap())
    }

    #[test]
    fn each_provider_has_redirect_uris_of_its_own() {
        let said = needed(
            r#"{"name": "staff", "issuer": "https://id.example.com", "clientId": "kubeflow", "clientSecret": {"env": "A"}},
               {"name": "partners", "issuer": "https://partners.example.com", "clientId": "kf", "clientSecret": {"env": "B"}, "hosts": ["ml.example.com"]}"#,
        );
        assert_eq!(
            said,
            "Redirect URIs to register at https://id.example.com:\n  \
             https://ml.example.com/authservice/oidc/callback\n  \
             https://203.0.113.7/authservice/oidc/callback\n\
             Redirect URIs to register at https://partners.example.com:\n  \
             https://ml.example.com/authservice/oidc/callback/partners\n"
        );
    }

    #[test]
    fn at_entra_the_command_is_given_that_registers_them() {
        let issuer = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
        let said = needed(&format!(
            r#"{{"issuer": "{issuer}", "clientId": "6731de76", "clientSecret": {{"env": "A"}}}}"#
        ));
        let command = "  az ad app update --id 6731de76 --web-redirect-uris \
             https://ml.example.com/authservice/oidc/callback https://203.0.113.7/authservice/oidc/callback\n";
        assert!(said.ends_with(command), "{said}");
    }

    #[test]
    fn a_shell_takes_the_brackets_of_an_address_for_what_they_are() {
        let uri = "https://[2001:db8::7]/authservice/oidc/callback";
        assert_eq!(for_a_shell(uri), format!("'{uri}'"));
        let uri = "https://ml.example.com/authservice/oidc/callback";
        assert_eq!(for_a_shell(uri), uri);
    }

    #[test]
    fn a_shell_runs_nothing_that_a_client_id_says() {
        let issuer = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
        let said = needed(&format!(
            r#"{{"issuer": "{issuer}", "clientId": "a; 'b' $(id)", "clientSecret": {{"env": "A"}}}}"#
        ));
        let id = r"--id 'a; '\''b'\'' $(id)' --web";
        assert!(said.contains(id), "{said}");
    }
}
