choice_type! {
    /// The algorithm that signs client assertions for `private_key_jwt` (RFC 7518 §3.1).
    ClientAssertionSigningAlgorithm {
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        RS256 = "RS256",
        /// RSASSA-PSS with SHA-256.
        PS256 = "PS256",
        /// ECDSA on P-256 with SHA-256.
        ES256 = "ES256",
    }
}
