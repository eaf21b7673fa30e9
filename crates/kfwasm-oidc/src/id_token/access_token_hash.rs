//! The hash that binds an access token to an ID token.

use kfwasm_config::SigningAlgorithm;
use subtle::ConstantTimeEq as _;

use crate::jose::{base64url, digest};

/// Whether `hash` is the `at_hash` of `access_token` (OIDC Core §3.1.3.8): the left half of its
/// digest, by the hash function of the algorithm that signed the ID token, in base64url.
pub(super) fn matches(hash: &str, algorithm: SigningAlgorithm, access_token: &[u8]) -> bool {
    let digest = digest(algorithm, access_token);
    let left_half = digest.get(..digest.len() / 2).unwrap_or_default();
    let expected = base64url::encode(left_half);
    expected.as_bytes().ct_eq(hash.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::{SigningAlgorithm, matches};

    /// OIDC Core §A.3 gives this access token and this hash for RS256.
    #[test]
    fn the_example_of_the_specification_matches() {
        let token = b"jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";

        assert!(matches(
            "77QmUPtjPfzWtF2AnpK9RQ",
            SigningAlgorithm::RS256,
            token
        ));
        assert!(!matches(
            "77QmUPtjPfzWtF2AnpK9RA",
            SigningAlgorithm::RS256,
            token
        ));
        assert!(!matches(
            "77QmUPtjPfzWtF2AnpK9RQ",
            SigningAlgorithm::RS512,
            token
        ));
        assert!(!matches("", SigningAlgorithm::RS256, token));
    }
}
