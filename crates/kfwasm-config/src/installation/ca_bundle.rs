use crate::refusal::Refusal;

/// Certificates of authorities, in PEM (RFC 7468 §5), by which a server's own is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaBundle(String);

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
const PRIVATE_KEY: &str = "PRIVATE KEY-----";
/// Bytes. The Kubernetes object that holds it is read by everybody who may list Issuers.
const LONGEST: usize = 64 * 1024;
const ADVICE: &str = "write the authorities' certificates in PEM, as a block of text (|)";

impl CaBundle {
    /// Reads one certificate or several. What stands between them is passed over (RFC 7468 §2).
    ///
    /// # Errors
    /// When there is none, one that is broken off, or a private key beside them.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.contains(PRIVATE_KEY) {
            return Err(Refusal::of(
                "holds a private key",
                "write certificates alone, and take that key for known to others",
            ));
        }
        if text.len() > LONGEST {
            return Err(Refusal::of("is longer than 65,536 bytes", ADVICE));
        }
        let mut certificates = text.split(BEGIN).skip(1).peekable();
        if certificates.peek().is_none() {
            return Err(Refusal::of("has no certificate in PEM", ADVICE));
        }
        if !certificates.all(is_whole) {
            return Err(Refusal::of("has a certificate that is not whole", ADVICE));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether base64 comes, and then the end (RFC 7468 §3).
fn is_whole(after_begin: &str) -> bool {
    let content = after_begin.split_once(END).map(|(content, _)| content);
    content.is_some_and(|it| !it.trim().is_empty() && it.bytes().all(is_base64_or_space))
}

const fn is_base64_or_space(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=') || byte.is_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::CaBundle;

    const WHOLE: &str = "-----BEGIN CERTIFICATE-----\nMIIB+/AA\n-----END CERTIFICATE-----\n";

    #[test]
    fn one_certificate_or_several_are_taken_with_what_stands_between_them() {
        for text in [
            WHOLE.to_owned(),
            format!("# the company's\n{WHOLE}# and the old one\n{WHOLE}"),
            WHOLE.replace('\n', "\r\n"),
        ] {
            assert_eq!(CaBundle::parse(&text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        for (text, wanted) in [
            ("/etc/ssl/ca.pem", "has no certificate in PEM"),
            ("", "has no certificate in PEM"),
            (
                WHOLE.trim_end_matches("-----END CERTIFICATE-----\n"),
                "not whole",
            ),
            (&WHOLE.replace("MIIB", "MI%B"), "not whole"),
            (&WHOLE.replace("MIIB+/AA", ""), "not whole"),
            (
                &format!("{WHOLE}{}", WHOLE.replace("END", "BEGIN")),
                "not whole",
            ),
            (
                &format!("{WHOLE}-----BEGIN EC PRIVATE KEY-----"),
                "holds a private key",
            ),
            (&WHOLE.repeat(2000), "longer than"),
        ] {
            let refusal = CaBundle::parse(text).unwrap_err().to_string();
            assert!(refusal.contains(wanted), "{text}: {refusal}");
            assert!(!refusal.contains("MIIB"), "{refusal}");
        }
    }
}
