//! The steps of OIDC Core §3.1.3.7.

use core::fmt;

use kfwasm_config::{IssuerRule, Provider, SigningAlgorithm};
use subtle::ConstantTimeEq as _;

use super::access_token_hash;
use super::claims::IdTokenClaims;
use super::fault::IdTokenFault;
use crate::excerpt::Excerpt;
use crate::jose::{CompactJws, JoseHeader, JwkSet, SignatureVerifier, TrustedKeys};
use crate::time::UnixTime;

/// What an ID token must agree with to be believed.
#[derive(Clone, Copy)]
pub struct IdTokenExpectations<'a> {
    /// The issuer, or for many tenants the rule, that `iss` must meet.
    pub issuer: &'a IssuerRule,
    /// Our `client_id`, which `aud` must name.
    pub client_id: &'a str,
    /// The provider's keys, and the algorithms that the operator allows.
    pub keys: TrustedKeys<'a>,
    /// How far the clocks of provider and gateway may differ, in seconds.
    pub clock_skew: u64,
    /// The nonce that the authorization request carried; `None` where none was sent.
    pub nonce: Option<&'a str>,
    /// The access token that came with this token; `None` where none did.
    pub access_token: Option<&'a [u8]>,
    /// The `max_age` that the authorization request asked for, in seconds; `None` where it asked for none.
    pub max_age: Option<u64>,
}

impl fmt::Debug for IdTokenExpectations<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdTokenExpectations([redacted])")
    }
}

/// The claims of an ID token that has passed every step of OIDC Core §3.1.3.7.
///
/// [`IdTokenExpectations::verify`] is the only way to get one.
#[derive(Clone, Debug)]
pub struct VerifiedIdToken(IdTokenClaims);

impl VerifiedIdToken {
    /// What the token says.
    #[must_use]
    pub fn claims(&self) -> &IdTokenClaims {
        &self.0
    }
}

impl<'a> IdTokenExpectations<'a> {
    /// What is expected of every token of a provider, with the keys that it has now.
    pub(crate) fn of(provider: &'a Provider, issuer: &'a IssuerRule, keys: &'a JwkSet) -> Self {
        Self {
            issuer,
            client_id: provider.client_id.as_str(),
            keys: TrustedKeys {
                keys,
                algorithms: &provider.id_token_signing_algorithms,
            },
            clock_skew: provider.clock_skew.as_secs(),
            nonce: None,
            access_token: None,
            max_age: None,
        }
    }
}

impl IdTokenExpectations<'_> {
    /// Takes `token` through the steps of OIDC Core §3.1.3.7, in their order.
    ///
    /// # Errors
    /// The first rule that the token breaks. [`IdTokenFault::is_key_not_found`] tells the one case in
    /// which to fetch the provider's keys and try again.
    pub fn verify(
        &self,
        token: &[u8],
        now: UnixTime,
        verifier: &mut dyn SignatureVerifier,
    ) -> Result<VerifiedIdToken, IdTokenFault> {
        // 1. "If the ID Token is encrypted, decrypt it": kfwasm registers no encryption key, so there
        //    is nothing to decrypt with, and an encrypted token is refused for its five parts.
        let jws = CompactJws::parse(token)?;
        check_media_type(jws.header())?;
        let claims = IdTokenClaims::parse(jws.unverified_payload())?;

        // 2. "The Issuer Identifier for the OpenID Provider MUST exactly match the value of the iss
        //    (issuer) Claim."
        self.issuer
            .admit(&claims.issuer, claims.tenant.as_deref())?;

        self.check_audience(&claims)?;
        self.check_authorized_party(&claims)?;
        let algorithm = self.check_signature(&jws, &claims, verifier)?;
        check_times(&claims, self.clock_skew, now)?;
        self.check_nonce(&claims)?;

        // 12. "If the acr Claim was requested, the Client SHOULD check that the asserted Claim Value
        //     is appropriate": kfwasm requests none by itself. An `acr_values` that the operator adds
        //     to the request is a voluntary claim (OIDC Core §3.1.2.1), so nothing is checked.

        self.check_authentication_time(&claims, now)?;
        self.check_access_token_hash(&claims, algorithm)?;
        Ok(VerifiedIdToken(claims))
    }

    /// 3. "The Client MUST validate that the aud (audience) Claim contains its client_id value [...]
    ///    The ID Token MUST be rejected if the ID Token does not list the Client as a valid audience,
    ///    or if it contains additional audiences not trusted by the Client."
    ///
    /// A further audience is trusted only when the provider says by `azp` that the token was issued to
    /// us all the same.
    pub(super) fn check_audience(&self, claims: &IdTokenClaims) -> Result<(), IdTokenFault> {
        if !claims.audience.iter().any(|name| name == self.client_id) {
            return Err(IdTokenFault::Audience(Excerpt::of(
                &claims.audience.join(" "),
            )));
        }
        let others = claims.audience.iter().any(|name| name != self.client_id);
        if others && claims.authorized_party.is_none() {
            return Err(IdTokenFault::AuthorizedPartyMissing);
        }
        Ok(())
    }

    /// 4. "If the implementation is using extensions [...] that result in the azp (authorized party)
    ///    Claim being present, it SHOULD validate the azp value as specified by those extensions":
    ///    kfwasm uses none.
    /// 5. "when an azp (authorized party) Claim is present, the Client SHOULD verify that its client_id
    ///    is the Claim Value."
    pub(super) fn check_authorized_party(
        &self,
        claims: &IdTokenClaims,
    ) -> Result<(), IdTokenFault> {
        match &claims.authorized_party {
            Some(party) if party != self.client_id => Err(IdTokenFault::AuthorizedParty),
            _ => Ok(()),
        }
    }

    /// 6. "If the ID Token is received via direct communication between the Client and the Token
    ///    Endpoint [...], the TLS server validation MAY be used to validate the issuer in place of
    ///    checking the token signature": not used. In a gateway TLS ends in another component, which
    ///    may be configured otherwise, so the signature is checked always. "The Client MUST use the keys
    ///    provided by the Issuer": none that the token brings along.
    /// 7. "The alg value SHOULD be the default of RS256 or the algorithm sent by the Client in the
    ///    id_token_signed_response_alg parameter during Registration": it must be one that the operator
    ///    allows, and that is asked before any key is looked at.
    /// 8. "If the JWT alg Header Parameter uses a MAC based algorithm [...], the octets of [...] the
    ///    client_secret [...] are used as the key": never; such a token is refused.
    pub(super) fn check_signature(
        &self,
        jws: &CompactJws<'_>,
        claims: &IdTokenClaims,
        verifier: &mut dyn SignatureVerifier,
    ) -> Result<SigningAlgorithm, IdTokenFault> {
        let tenant = claims.tenant.as_deref();
        Ok(self.keys.verify(jws, &claims.issuer, tenant, verifier)?)
    }

    /// 11. "If a nonce value was sent in the Authentication Request, a nonce Claim MUST be present and
    ///     its value checked to verify that it is the same value as the one that was sent".
    fn check_nonce(&self, claims: &IdTokenClaims) -> Result<(), IdTokenFault> {
        let Some(sent) = self.nonce else {
            return Ok(());
        };
        let nonce = claims
            .nonce
            .as_deref()
            .ok_or(IdTokenFault::ClaimMissing("nonce"))?;
        if bool::from(sent.as_bytes().ct_eq(nonce.as_bytes())) {
            Ok(())
        } else {
            Err(IdTokenFault::Nonce)
        }
    }

    /// 13. "If the auth_time Claim was requested, either through a specific request for this Claim or by
    ///     using the max_age parameter, the Client SHOULD check the auth_time Claim value and request
    ///     re-authentication if it determines too much time has elapsed since the last End-User
    ///     authentication."
    fn check_authentication_time(
        &self,
        claims: &IdTokenClaims,
        now: UnixTime,
    ) -> Result<(), IdTokenFault> {
        let Some(max_age) = self.max_age else {
            return Ok(());
        };
        let authenticated_at = claims
            .authenticated_at
            .ok_or(IdTokenFault::ClaimMissing("auth_time"))?;
        if authenticated_at.plus(max_age).plus(self.clock_skew) < now {
            return Err(IdTokenFault::AuthenticationTooOld(
                now.seconds_since(authenticated_at),
            ));
        }
        Ok(())
    }

    /// OIDC Core §3.1.3.8: when the token has an `at_hash`, it must be the access token's.
    fn check_access_token_hash(
        &self,
        claims: &IdTokenClaims,
        algorithm: SigningAlgorithm,
    ) -> Result<(), IdTokenFault> {
        match (&claims.access_token_hash, self.access_token) {
            (Some(hash), Some(token)) if !access_token_hash::matches(hash, algorithm, token) => {
                Err(IdTokenFault::AccessTokenHash)
            }
            _ => Ok(()),
        }
    }
}

/// 9. "The current time MUST be before the time represented by the exp Claim."
/// 10. "The iat Claim can be used to reject tokens that were issued too far away from the current
///     time [...]. The acceptable range is Client specific": not in the future. How old is not asked,
///     because the nonce of step 11 lives no longer than its sign-in.
///
/// And, from RFC 7519 §4.1.5, the current time must not be before `nbf`. The clocks may differ by
/// the configured skew.
pub(crate) fn check_times(
    claims: &IdTokenClaims,
    clock_skew: u64,
    now: UnixTime,
) -> Result<(), IdTokenFault> {
    let (earliest, latest) = (now.minus(clock_skew), now.plus(clock_skew));
    if claims.expiry <= earliest {
        return Err(IdTokenFault::Expired(now.seconds_since(claims.expiry)));
    }
    if claims.issued_at > latest {
        return Err(IdTokenFault::IssuedInFuture(
            claims.issued_at.seconds_since(now),
        ));
    }
    match claims.not_before {
        Some(begin) if begin > latest => Err(IdTokenFault::NotYetValid(begin.seconds_since(now))),
        _ => Ok(()),
    }
}

/// RFC 8725 §3.11: a token of another kind says so in `typ`, such as `at+jwt` (RFC 9068 §2.1) or
/// `logout+jwt` (Back-Channel Logout §2.4), and must not pass as an ID token. Most providers leave it
/// out or write `JWT`; media types ignore case, and `application/` may stand in front (RFC 7515
/// §4.1.9).
fn check_media_type(header: &JoseHeader) -> Result<(), IdTokenFault> {
    match header.media_type() {
        None => Ok(()),
        Some(name) if name.eq_ignore_ascii_case("JWT") => Ok(()),
        Some(name) if name.eq_ignore_ascii_case("application/jwt") => Ok(()),
        Some(name) => Err(IdTokenFault::MediaType(Excerpt::of(name))),
    }
}
