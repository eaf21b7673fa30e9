use crate::read::elements::Elements;
use crate::read::object::Object;
use crate::refusal::Refusal;

choice_type! {
    /// An algorithm that may sign ID tokens (RFC 7518 §3.1, RFC 8037 §3.1): asymmetric ones only.
    SigningAlgorithm {
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        RS256 = "RS256",
        /// RSASSA-PKCS1-v1_5 with SHA-384.
        RS384 = "RS384",
        /// RSASSA-PKCS1-v1_5 with SHA-512.
        RS512 = "RS512",
        /// RSASSA-PSS with SHA-256.
        PS256 = "PS256",
        /// RSASSA-PSS with SHA-384.
        PS384 = "PS384",
        /// RSASSA-PSS with SHA-512.
        PS512 = "PS512",
        /// ECDSA on P-256 with SHA-256.
        ES256 = "ES256",
        /// ECDSA on P-384 with SHA-384.
        ES384 = "ES384",
        /// ECDSA on P-521 with SHA-512.
        ES512 = "ES512",
        /// Ed25519.
        EdDSA = "EdDSA",
    }
}

impl SigningAlgorithm {
    /// Reads an algorithm, with an advice of its own for those that verify nothing.
    pub(crate) fn parse_asymmetric(text: &str) -> Result<Self, Refusal> {
        const USE: &str =
            "name the asymmetric algorithm that the provider signs with, such as RS256";
        if text.eq_ignore_ascii_case("none") {
            return Err(Refusal::of(
                "\"none\" means tokens without a signature, which anyone can write",
                USE,
            ));
        }
        if text.starts_with("HS") {
            return Err(Refusal::quoting(
                text,
                "signs with the client secret, so that whoever knows it can write tokens",
                USE,
            ));
        }
        Self::parse(text)
    }
}

pub(crate) const DEFAULT: [&str; 1] = ["RS256"];
pub(crate) const MOST: usize = 10;

/// Reads the algorithms that tokens may be signed with.
pub(crate) fn read_list(object: &mut Object<'_>, name: &'static str) -> Elements<SigningAlgorithm> {
    let parse = &SigningAlgorithm::parse_asymmetric;
    object.list(name, &DEFAULT, 1..=MOST, parse)
}
