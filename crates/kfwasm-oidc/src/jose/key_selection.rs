//! Which key of a set may have made a signature.

use kfwasm_config::SigningAlgorithm;

use super::algorithm;
use super::fault::JwsFault;
use super::jwk::Jwk;
use super::jwk_set::JwkSet;
use super::jws::CompactJws;
use super::signature::SignatureVerifier;
use crate::excerpt::Excerpt;

/// Most signature checks that one token may cost.
const MOST_ATTEMPTS: usize = 8;

/// The keys whose signatures are believed, and by which algorithms.
#[derive(Clone, Copy, Debug)]
pub struct TrustedKeys<'a> {
    /// The provider's keys.
    pub keys: &'a JwkSet,
    /// The algorithms that the operator allows; the token has no say in it (RFC 8725 §3.1).
    pub algorithms: &'a [SigningAlgorithm],
}

impl TrustedKeys<'_> {
    /// The algorithm of `token`, when the operator allows it (RFC 8725 §3.2).
    ///
    /// # Errors
    /// The algorithm is none, symmetric, unknown or not allowed.
    pub fn allowed_algorithm(&self, token: &CompactJws<'_>) -> Result<SigningAlgorithm, JwsFault> {
        let name = token.header().algorithm();
        if name.eq_ignore_ascii_case("none") {
            return Err(JwsFault::Unsigned);
        }
        if matches!(name, "HS256" | "HS384" | "HS512") {
            return Err(JwsFault::Symmetric);
        }
        algorithm::named(name)
            .filter(|known| self.algorithms.contains(known))
            .ok_or_else(|| JwsFault::AlgorithmNotAllowed(Excerpt::of(name)))
    }

    /// Checks the signature of `token` for `issuer`, as the token names it, and the tenant in it.
    ///
    /// With a `kid`, only keys of that name are tried; without one, each that fits. Never more than 8.
    ///
    /// # Errors
    /// [`JwsFault::KeyNotFound`] when the set has no key that could have signed, which newer keys may
    /// cure; anything else is final.
    pub fn verify(
        &self,
        token: &CompactJws<'_>,
        issuer: &str,
        tenant: Option<&str>,
        verifier: &mut dyn SignatureVerifier,
    ) -> Result<SigningAlgorithm, JwsFault> {
        let algorithm = self.allowed_algorithm(token)?;
        let candidates = match token.header().key_id() {
            Some(key_id) => self.named_candidates(key_id, algorithm, issuer, tenant)?,
            None => self.candidates(|key| key.fits(algorithm) && key.signs_for(issuer, tenant)),
        };
        let signed = candidates.iter().take(MOST_ATTEMPTS).any(|key| {
            let (signed, signature) = (token.signed(), token.signature());
            let verdict = verifier.verify(algorithm, key.public_key(), signed, signature);
            verdict.is_good
        });
        match token.header().key_id() {
            _ if signed => Ok(algorithm),
            Some(_) => Err(JwsFault::Signature),
            // It may have been signed by a key that has appeared since.
            None => Err(JwsFault::KeyNotFound),
        }
    }

    /// The keys called `key_id`, narrowed down by one rule after the other, so that the fault says
    /// which rule left none.
    fn named_candidates(
        &self,
        key_id: &str,
        algorithm: SigningAlgorithm,
        issuer: &str,
        tenant: Option<&str>,
    ) -> Result<Vec<&Jwk>, JwsFault> {
        let mut keys = self.candidates(|key| key.key_id() == Some(key_id));
        if keys.is_empty() {
            return Err(JwsFault::KeyNotFound);
        }
        keys.retain(|key| key.fits(algorithm));
        if keys.is_empty() {
            return Err(JwsFault::KeyDoesNotFit);
        }
        keys.retain(|key| key.signs_for(issuer, tenant));
        if keys.is_empty() {
            return Err(JwsFault::KeyOfAnotherIssuer);
        }
        Ok(keys)
    }

    fn candidates(&self, admits: impl Fn(&Jwk) -> bool) -> Vec<&Jwk> {
        self.keys.keys().iter().filter(|key| admits(key)).collect()
    }
}
