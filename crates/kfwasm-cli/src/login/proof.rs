use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::failure::Failure;

const BYTES: usize = 32;

/// What shows that whoever redeems the code is who asked for it (RFC 7636 §4.1): 43 characters.
pub(crate) struct CodeVerifier(SecretString);

impl CodeVerifier {
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self(random()?.into()))
    }

    /// The code challenge by S256 (RFC 7636 §4.2).
    pub(crate) fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.expose().as_bytes()))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Ties an answer to this sign-in and no other (RFC 6749 §10.12).
pub(crate) fn state() -> Result<String, Failure> {
    random()
}

fn random() -> Result<String, Failure> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::failed(
            format!("no random numbers: {error}"),
            "ask the administrator of this machine",
        )
    })?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::CodeVerifier;

    /// RFC 7636 appendix B.
    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        let verifier = CodeVerifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into());
        assert_eq!(
            verifier.challenge(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn no_two_verifiers_are_the_same_and_none_is_shown() {
        let [one, other] = [CodeVerifier::new().unwrap(), CodeVerifier::new().unwrap()];
        assert_ne!(one.expose(), other.expose());
        assert_eq!(one.expose().len(), 43);
    }
}
