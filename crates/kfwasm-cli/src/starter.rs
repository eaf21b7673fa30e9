//! The first kfwasm.yaml, from flags or from answers.

mod host;
mod istio;
mod load_balancer;
mod malformed;
mod otherwise;
mod provider;
mod template;

use clap::Args;
use kfwasm_config::PublicHost;
use kfwasm_config::installation::SubjectName;

use crate::answer;
use crate::failure::Failure;
pub(crate) use load_balancer::{LoadBalancer, address_of};

/// What a new kfwasm.yaml is made of. Whatever is missing is asked for when there is a terminal.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "To make a new kfwasm.yaml")]
pub(crate) struct StarterArgs {
    /// The host (or IP address) by which browsers reach the gateway. Without it, `kfwasm install` takes the address of the
    /// gateway's load balancer.
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Option<String>,
    /// The Microsoft Entra tenant whose people sign in.
    #[arg(long, value_name = "ID", conflicts_with = "issuer")]
    pub(crate) tenant: Option<String>,
    /// The issuer of any other OpenID provider.
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,
    /// The client id of the registration at the provider.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// The day in which the client secret ends, such as 2027-05-28.
    #[arg(long, value_name = "DAY")]
    pub(crate) client_secret_expires: Option<String>,
    /// Where the gateway's certificate comes from: selfSigned, acme, existing or none.
    #[arg(long, value_name = "WORD")]
    pub(crate) certificate: Option<String>,
    /// The Secret with the certificate, in the gateway's namespace [default: istio-ingressgateway-certs].
    #[arg(long, value_name = "NAME")]
    pub(crate) certificate_secret: Option<String>,
    /// The mail address that the ACME authority may write to.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) acme_email: Option<String>,
    /// Make the gateway's Service one of type LoadBalancer. Without --host, `kfwasm install` waits for its address first.
    #[arg(long)]
    pub(crate) load_balancer: bool,
    /// Where the gateway gets the module from; without it, from a ConfigMap.
    #[arg(long, value_name = "URL")]
    pub(crate) module_url: Option<String>,
    /// The version of Istio. Without it, `kfwasm install` and `kfwasm migrate` read it in the cluster, and `kfwasm build` takes
    /// 1.30.
    #[arg(long, value_name = "VERSION")]
    pub(crate) istio: Option<String>,
}

const HOST_QUESTION: &str = "Host or IP address of the gateway";

impl StarterArgs {
    /// The text of the file.
    pub(crate) fn text(&self, name: &str) -> Result<String, Failure> {
        let host = self.host()?;
        let answered = Self {
            host: Some(host.clone()),
            ..self.clone()
        };
        Ok(answered.answered()?.filled(name, &host))
    }

    /// The same with an answer to each question but the one for the host.
    pub(crate) fn answered(&self) -> Result<Self, Failure> {
        let issuer = self.provider()?;
        let client_id = self.client_id()?;
        let certificate = self.certificate()?;
        let acme_email = match certificate.as_str() {
            "acme" => Some(self.acme_email()?),
            _ => self.acme_email.clone(),
        };
        Ok(Self {
            tenant: None,
            issuer: Some(issuer),
            client_id: Some(client_id),
            certificate: Some(certificate),
            acme_email,
            ..self.clone()
        })
    }

    fn host(&self) -> Result<String, Failure> {
        if self.host.is_none() && self.load_balancer && !answer::is_somebody_there() {
            return Err(Failure::usage(
                "there is no kfwasm.yaml, and --host is missing to make one: `kfwasm build` asks no cluster for an address",
                "give --host, or let `kfwasm install --load-balancer` make the Service a load balancer, and build with its address",
            ));
        }
        self.asked(&self.host, "--host", HOST_QUESTION)
    }

    fn client_id(&self) -> Result<String, Failure> {
        let question = "Client id of the registration";
        self.asked(&self.client_id, "--client-id", question)
    }

    fn acme_email(&self) -> Result<String, Failure> {
        let question = "Mail address for the ACME authority";
        self.asked(&self.acme_email, "--acme-email", question)
    }

    fn certificate(&self) -> Result<String, Failure> {
        if let Some(word) = &self.certificate {
            return Ok(word.clone());
        }
        if self.acme_email.is_some() {
            return Ok("acme".to_owned());
        }
        // No authority that speaks ACME knows an address in a private network.
        if self.host.as_deref().is_some_and(is_address) || !answer::is_somebody_there() {
            return Ok("selfSigned".to_owned());
        }
        answer::ask(
            "Certificate: selfSigned, acme, existing or none",
            "selfSigned",
        )?
        .ok_or_else(no_answer)
    }

    fn asked(&self, given: &Option<String>, flag: &str, question: &str) -> Result<String, Failure> {
        if let Some(given) = given {
            return Ok(given.clone());
        }
        if !answer::is_somebody_there() {
            return Err(Failure::usage(
                format!("there is no kfwasm.yaml, and {flag} is missing to make one"),
                "give --client-id and --tenant or --issuer (and --host to `build`), or run it at a terminal to be asked",
            ));
        }
        answer::ask(question, "")?.ok_or_else(no_answer)
    }
}

fn is_address(host: &str) -> bool {
    let host = PublicHost::parse(host);
    host.is_ok_and(|host| matches!(SubjectName::of(&host), SubjectName::Address(_)))
}

fn no_answer() -> Failure {
    Failure::usage(
        "there was no answer",
        "give the flags that `kfwasm build --help` lists",
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::settings::Settings;

    #[test]
    fn the_day_in_which_the_client_secret_ends_is_written_and_agrees() {
        let args = |day: &str| StarterArgs {
            host: Some("ml.example.com".to_owned()),
            issuer: Some("https://id.example.com".to_owned()),
            client_id: Some("kubeflow".to_owned()),
            client_secret_expires: Some(day.to_owned()),
            ..StarterArgs::default()
        };
        let made = args("2027-05-28");
        let settings = Settings::parse(&made.text("ml").unwrap()).unwrap();
        let written = settings.installation.client_secret_expires.unwrap();
        assert_eq!(written.date().to_string(), "2027-05-28");
        let file = Path::new("kfwasm.yaml");
        assert!(made.agree_with(&settings, file).is_ok());
        assert!(args("2027-05-29").agree_with(&settings, file).is_err());
    }
}
