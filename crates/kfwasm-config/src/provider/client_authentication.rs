choice_type! {
    /// How kfwasm proves to the token endpoint that it is the client (OIDC Core §9).
    ClientAuthenticationMethod {
        /// The secret in an `Authorization: Basic` header.
        ClientSecretBasic = "client_secret_basic",
        /// The secret in the body of the request.
        ClientSecretPost = "client_secret_post",
        /// An assertion signed with the client's private key (RFC 7523 §2.2).
        PrivateKeyJwt = "private_key_jwt",
        /// Not at all: a public client, protected by PKCE alone.
        None = "none",
    }
}
