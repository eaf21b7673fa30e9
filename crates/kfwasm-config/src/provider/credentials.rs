use super::client_assertion::ClientAssertionSigningAlgorithm;
use super::client_authentication::ClientAuthenticationMethod;
use super::private_key_header::{parse_key_id, parse_thumbprint};
use crate::env_name::EnvName;
use crate::read::field::Field;
use crate::read::object::Object;

/// The part of a provider that says how the client authenticates.
pub(super) struct Credentials {
    pub(super) method: Field<ClientAuthenticationMethod>,
    pub(super) secret: Field<EnvName>,
    pub(super) key: Field<EnvName>,
    pub(super) key_id: Field<String>,
    pub(super) thumbprint: Field<String>,
    pub(super) algorithm: Option<ClientAssertionSigningAlgorithm>,
}

pub(super) const ALGORITHM: &str = "RS256";

impl Credentials {
    pub(super) fn read(object: &mut Object<'_>) -> Self {
        let about_key = [
            "privateKeyId",
            "certificateThumbprint",
            "clientAssertionSigningAlgorithm",
        ]
        .into_iter()
        .filter(|name| object.has(name))
        .collect();
        let credentials = Self {
            method: object.optional("clientAuthentication", &ClientAuthenticationMethod::parse),
            secret: EnvName::read(object, "clientSecret"),
            key: EnvName::read(object, "privateKey"),
            key_id: object.optional("privateKeyId", &parse_key_id),
            thumbprint: object.optional("certificateThumbprint", &parse_thumbprint),
            algorithm: object.or_default(
                "clientAssertionSigningAlgorithm",
                ALGORITHM,
                &ClientAssertionSigningAlgorithm::parse,
            ),
        };
        credentials.refuse_contradictions(object, about_key);
        credentials
    }

    fn refuse_contradictions(&self, object: &mut Object<'_>, about_key: Vec<&'static str>) {
        match &self.method {
            Field::Read(method) => self.refuse_unfit(object, *method),
            Field::Absent if !self.secret.is_absent() && !self.key.is_absent() => object.refuse(
                "clientAuthentication",
                "is missing, and both clientSecret and privateKey are there",
                "remove one of the two, or write which method is meant",
            ),
            Field::Absent | Field::Unreadable => {}
        }
        if self.key.is_absent() {
            for name in about_key {
                object.refuse(
                    name,
                    "describes a privateKey that is not there",
                    "add privateKey, or remove this",
                );
            }
        }
    }

    /// A method with its own credential and no other (OIDC Core §9).
    fn refuse_unfit(&self, object: &mut Object<'_>, method: ClientAuthenticationMethod) {
        let (needs_secret, needs_key) = match method {
            ClientAuthenticationMethod::ClientSecretBasic
            | ClientAuthenticationMethod::ClientSecretPost => (true, false),
            ClientAuthenticationMethod::PrivateKeyJwt => (false, true),
            ClientAuthenticationMethod::None => (false, false),
        };
        let written = [
            ("clientSecret", needs_secret, !self.secret.is_absent()),
            ("privateKey", needs_key, !self.key.is_absent()),
        ];
        for (name, needed, is_there) in written {
            if needed && !is_there {
                object.refuse(
                    name,
                    "is missing, and clientAuthentication needs it",
                    "write {env: NAME}",
                );
            }
            if is_there && !needed {
                object.refuse(
                    name,
                    "is not used by this clientAuthentication",
                    "remove it, or write another clientAuthentication",
                );
            }
        }
    }
}
