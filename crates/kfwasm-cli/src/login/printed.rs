use std::path::Path;

use clap::ValueEnum;
use serde_json::Value;

use super::{Origin, Session};

/// What is printed for other programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Print {
    /// Three lines of Python that make a client of the Kubeflow Pipelines SDK; the secret is not in them.
    Kfp,
    /// The session as `name=value`, for `kfp.Client(cookies=…)`.
    Cookie,
    /// The session as a header, for `curl --header @-`.
    Header,
}

/// The text, with a line's end.
pub(crate) fn printed(
    print: Print,
    origin: &Origin,
    session: &Session,
    authority: Option<&Path>,
) -> String {
    match print {
        Print::Kfp => python(origin, authority),
        Print::Cookie => format!("{}\n", session.expose_cookie()),
        Print::Header => format!("Cookie: {}\n", session.expose_cookie()),
    }
}

/// The lines ask kfwasm for the cookie when they run, so that they can stand in a notebook that others read.
fn python(origin: &Origin, authority: Option<&Path>) -> String {
    let authority = authority.map(|file| text(&file.to_string_lossy()));
    let option = authority.as_ref().map_or_else(String::new, |file| {
        format!(", \"--certificate-authority\", {file}")
    });
    let argument = authority.map_or_else(String::new, |file| format!(", ssl_ca_cert={file}"));
    let (gateway, host) = (text(origin.as_str()), text(&origin.at("/pipeline")));
    format!(
        "import subprocess, kfp\n\
         cookies = subprocess.check_output([\"kfwasm\", \"login\", {gateway}, \"--print\", \"cookie\"{option}], text=True).strip()\n\
         client = kfp.Client(host={host}, cookies=cookies{argument})\n"
    )
}

/// A string of Python; JSON's are such.
fn text(text: &str) -> String {
    Value::from(text).to_string()
}
