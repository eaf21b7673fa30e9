use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use x509_parser::extensions::GeneralName;
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::survey::object;
use super::{Finding, Survey};
use crate::probe::Asked;

/// cert-manager renews at two thirds of the lifetime: what is left after that is a failure of it.
const SOON: i64 = 14 * 24 * 3600;

/// The certificate that browsers are shown is there.
pub(super) fn present(survey: &Survey) -> Finding {
    const RULE: &str = "certificate";
    let namespace = survey.names.namespace.as_str();
    if let Err(reason) = survey.gateway.as_ref().and(survey.certificate.as_ref()) {
        let advice = "ask for the right to read Gateways and Secrets";
        return Finding::unchecked(RULE, reason, advice);
    }
    if let Some(der) = der(survey) {
        return match X509Certificate::from_der(&der) {
            Ok(_) => Finding::good(RULE, "the Gateway's Secret has a certificate and its key"),
            Err(_) => Finding::wrong(
                RULE,
                "tls.crt of the Gateway's Secret is no certificate",
                "write a certificate in PEM there, or delete the Secret for cert-manager to make it",
            ),
        };
    }
    Finding::wrong(
        RULE,
        format!(
            "Gateway {} names no Secret in {namespace} with tls.crt and tls.key",
            survey.names.resource
        ),
        &format!("`kubectl -n {namespace} describe certificate` says what it waits for"),
    )
}

/// It is valid now, and for some time.
pub(super) fn lifetime(survey: &Survey) -> Finding {
    const RULE: &str = "lifetime";
    let namespace = survey.names.namespace.as_str();
    let advice =
        &format!("`kubectl -n {namespace} describe certificate` says why it is not renewed");
    let of = |certificate: &X509Certificate<'_>| {
        let validity = certificate.validity();
        let (begins, ends) = (
            validity.not_before.timestamp(),
            validity.not_after.timestamp(),
        );
        let now = survey.now.as_second();
        let day = |time| {
            Timestamp::from_second(time)
                .map_or_else(|_| String::new(), |time| time.strftime("%F").to_string())
        };
        match () {
            () if now > ends => {
                Finding::wrong(RULE, format!("it has expired on {}", day(ends)), advice)
            }
            () if now < begins => Finding::wrong(
                RULE,
                format!("it is valid from {} on", day(begins)),
                "see the clock of whoever made it",
            ),
            () if ends - now < SOON => {
                Finding::doubtful(RULE, format!("it expires soon, on {}", day(ends)), advice)
            }
            () => Finding::good(RULE, format!("it is valid until {}", day(ends))),
        }
    };
    judged(RULE, survey, of)
}

/// It is for every host that browsers name.
pub(super) fn names(survey: &Survey) -> Finding {
    const RULE: &str = "names";
    let Some(Ok(config)) = survey.config() else {
        return Finding::unchecked(RULE, "the plugin's configuration is not known", "");
    };
    let of = |certificate: &X509Certificate<'_>| {
        let hosts = config
            .public_hosts
            .iter()
            .map(|host| host_of(host.as_str()));
        let missing: Vec<_> = hosts.filter(|host| !is_for(certificate, host)).collect();
        if missing.is_empty() {
            return Finding::good(RULE, "it is for every public host");
        }
        Finding::wrong(
            RULE,
            format!("it is not for {}", missing.join(", ")),
            "`kfwasm build` and `kfwasm apply` write them into cert-manager's Certificate; one of your own must be made anew with them",
        )
    };
    judged(RULE, survey, of)
}

/// The gateway shows it.
pub(super) fn served(survey: &Survey) -> Finding {
    const RULE: &str = "served";
    let Some(ours) = der(survey) else {
        return Finding::unchecked(RULE, "there is no certificate", "");
    };
    match survey.answer(Asked::Script) {
        None => Finding::unchecked(RULE, "the plugin's configuration is not known", ""),
        Some(Err(why)) => Finding::unchecked(RULE, why, ""),
        Some(Ok(answer)) => match &answer.certificate {
            None => Finding::unchecked(RULE, "the gateway was asked over plain http", ""),
            Some(shown) if *shown == ours => Finding::good(RULE, "the gateway shows it"),
            Some(_) => Finding::wrong(
                RULE,
                "the gateway shows another certificate",
                "see whether something in front of it ends TLS, and istiod's log for the right to read Secrets",
            ),
        },
    }
}

fn judged(
    rule: &'static str,
    survey: &Survey,
    of: impl FnOnce(&X509Certificate<'_>) -> Finding,
) -> Finding {
    let der = der(survey);
    let certificate = der
        .as_deref()
        .and_then(|der| X509Certificate::from_der(der).ok());
    match certificate {
        Some((_, certificate)) => of(&certificate),
        None => Finding::unchecked(rule, "there is no certificate", ""),
    }
}

/// The first certificate of the chain, where its key is there too.
fn der(survey: &Survey) -> Option<Vec<u8>> {
    let secret = object(&survey.certificate)?;
    let data = |key: &str| {
        let encoded = secret.get("data")?.get(key)?.as_str()?;
        BASE64_STANDARD
            .decode(encoded)
            .ok()
            .filter(|bytes| !bytes.is_empty())
    };
    data("tls.key")?;
    let pem = data("tls.crt")?;
    let parsed = parse_x509_pem(&pem);
    Some(parsed.map_or_else(|_| pem.clone(), |(_, pem)| pem.contents))
}

fn host_of(authority: &str) -> &str {
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let host = if is_port { host } else { authority };
    host.trim_start_matches('[').trim_end_matches(']')
}

/// RFC 9525 §6.3: by subjectAltName alone, a wildcard for one label.
fn is_for(certificate: &X509Certificate<'_>, host: &str) -> bool {
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.map(|extension| extension.value.general_names.as_slice());
    names.unwrap_or_default().iter().any(|name| match name {
        GeneralName::DNSName(name) => covers(name, host),
        GeneralName::IPAddress(bytes) => address(bytes) == host.parse().ok(),
        _ => false,
    })
}

fn covers(name: &str, host: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(parent) => host
            .split_once('.')
            .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent)),
        None => name.eq_ignore_ascii_case(host),
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
        .ok()
}

#[cfg(test)]
mod tests;
