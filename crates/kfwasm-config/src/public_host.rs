use crate::authority;
use crate::refusal::Refusal;

text_type! {
    /// A host as browsers name this gateway: `kubeflow.example.com`, or with a port that is not the
    /// scheme's own, `localhost:8080`. In lower case.
    PublicHost,
    pattern "^[a-z0-9.:\\[\\]_-]+$",
    longest 259
}

impl PublicHost {
    /// Reads `host` or `host:port`.
    ///
    /// # Errors
    /// Says which rule it breaks.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |message, advice| Err(Refusal::quoting(text, message, advice));
        if text.contains("://") || text.contains('/') {
            return refuse(
                "is more than a host",
                "write the host alone, such as kubeflow.example.com",
            );
        }
        if text.contains('*') {
            return refuse(
                "has a wildcard",
                "name every host: an open list lets others receive the sign-in",
            );
        }
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return refuse(
                "has upper-case letters",
                "write it in lower case, as browsers send it",
            );
        }
        match authority::split(text) {
            Ok((_, Some(80 | 443))) => refuse(
                "names a scheme's own port",
                "leave the port out, as browsers do",
            ),
            Ok(_) if Self::fits(text) => Ok(Self(text.to_owned())),
            Ok(_) => refuse("is longer than a host name can be", "write a DNS name"),
            Err(error) => Err(error.refusal(text)),
        }
    }
}
