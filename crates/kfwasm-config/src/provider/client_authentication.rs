use super::Provider;

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

impl Provider {
    /// The configured method, or the first of `client_secret_basic`, `client_secret_post`,
    /// `private_key_jwt` and `none` that the provider `supports` and the configured credential fits; none, where there is no
    /// such.
    ///
    /// A provider that does not say what it supports (OIDC Discovery §3 then means `client_secret_basic`) is
    /// taken to support what the operator has a credential for.
    pub fn client_authentication(
        &self,
        supported: Option<&[&str]>,
    ) -> Option<ClientAuthenticationMethod> {
        use ClientAuthenticationMethod as Method;
        if let Some(method) = self.client_authentication {
            return Some(method);
        }
        let (secret, key) = (self.client_secret.is_some(), self.private_key.is_some());
        [
            (Method::ClientSecretBasic, secret),
            (Method::ClientSecretPost, secret),
            (Method::PrivateKeyJwt, key),
            (Method::None, !secret && !key),
        ]
        .into_iter()
        .filter(|(_, fits)| *fits)
        .map(|(method, _)| method)
        .find(|method| supported.is_none_or(|names| names.contains(&method.as_str())))
    }
}
