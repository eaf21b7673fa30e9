use std::collections::BTreeMap;

use crate::duration::Duration;
use crate::endpoint_url::EndpointUrl;
use crate::env_name::EnvName;
use crate::identity::{parse_groups_prefix, parse_prefix};
use crate::key_set::KeySet;
use crate::public_host::PublicHost;
use crate::read::object::Object;
use client_assertion::ClientAssertionSigningAlgorithm;
use client_authentication::ClientAuthenticationMethod;
use client_id::ClientId;
use credentials::Credentials;
use endpoints::Endpoints;
use group_overage::GroupOverage;
use issuer::Issuer;
use label::ProviderLabel;
use name::ProviderName;
use scope::Scope;
use signing_algorithm::SigningAlgorithm;
use tenant_id::TenantId;

mod authorization_parameters;
pub(crate) mod client_assertion;
pub(crate) mod client_authentication;
pub(crate) mod client_id;
mod credentials;
mod discovery;
mod endpoints;
pub(crate) mod group_overage;
pub(crate) mod hosts;
pub(crate) mod issuer;
pub(crate) mod issuer_rule;
pub(crate) mod label;
pub(crate) mod name;
pub(crate) mod patience;
mod private_key_header;
pub(crate) mod scope;
pub(crate) mod signing_algorithm;
pub(crate) mod tenant_id;
mod tenants;

/// An OpenID provider, and who kfwasm is to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Provider {
    /// What the provider is called in sessions, logs and metrics, and in the path of its callback. Each has another name: a
    /// session ends with the name of its provider.
    #[cfg_attr(feature = "schema", schemars(extend("default" = NAME)))]
    pub name: ProviderName,
    /// What people read where they choose between several providers. Without it, the host of the issuer.
    pub label: Option<ProviderLabel>,
    /// The public hosts that sign in at this provider, and on which its sessions count; without it, all of them. At most 64.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = hosts::MOST)))]
    pub hosts: Vec<PublicHost>,
    /// What stands in front of the names of its users, instead of `identity.prefix`, as a part of the name that access rules see.
    /// **Without it all providers share one set of names**: whoever one of them calls `alice@example.com` is
    /// `alice@example.com` here, whose account ever that is at another. Give one to each provider that may not speak for the users of the
    /// others. It counts for sign-ins from then on. Visible ASCII, at most 64 bytes.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("pattern" = "^[!-~]*$", "maxLength" = 64))
    )]
    pub prefix: Option<String>,
    /// What stands in front of the names of its groups, so that its `admins` are not those of another: visible ASCII without comma, at
    /// most 64 bytes. Groups with it take more room in the session's cookie, and groups that are GUIDs of Entra need none.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("default" = "", "pattern" = "^[!-+\\--~]*$", "maxLength" = 64))
    )]
    pub groups_prefix: String,
    /// The issuer identifier, exactly as the provider writes it: everything else is discovered
    /// from it (OIDC Discovery §4). One within the cluster has its full name there, such as `dex.auth.svc.cluster.local`.
    pub issuer: Issuer,
    /// The tenants that are let in when the issuer stands for many: needed with `{tenantid}` in
    /// the issuer and with Entra's `common`, `organizations` and `consumers`, refused
    /// otherwise. At most 128.
    #[cfg_attr(
        feature = "schema",
        schemars(default, extend("maxItems" = tenants::MOST))
    )]
    pub tenants: Vec<TenantId>,
    /// The client id of the registration at the provider.
    pub client_id: ClientId,
    /// How kfwasm authenticates to the token endpoint. Without it, chosen from what the provider
    /// supports and what is given here.
    pub client_authentication: Option<ClientAuthenticationMethod>,
    /// The environment variable with the client secret, for `client_secret_basic` and
    /// `client_secret_post`.
    pub client_secret: Option<EnvName>,
    /// The environment variable with the private key (PKCS#8, PEM), for `private_key_jwt`.
    pub private_key: Option<EnvName>,
    /// The `kid` header of client assertions, where the provider knows the key by a name. Visible
    /// ASCII, at most 256 bytes.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("pattern" = "^[!-~]+$", "maxLength" = 256))
    )]
    pub private_key_id: Option<String>,
    /// The `x5t#S256` header of client assertions, where the provider knows the key by its
    /// certificate, as Entra does: the SHA-256 digest of the certificate (DER) in base64url.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("pattern" = "^[A-Za-z0-9_-]{43}$"))
    )]
    pub certificate_thumbprint: Option<String>,
    /// The algorithm that signs client assertions with `privateKey`.
    #[cfg_attr(feature = "schema", schemars(extend("default" = credentials::ALGORITHM)))]
    pub client_assertion_signing_algorithm: ClientAssertionSigningAlgorithm,
    /// The scopes that are asked for; `openid` must be among them. 1 to 32.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("default" = scope::DEFAULT, "minItems" = 1, "maxItems" = scope::MOST))
    )]
    pub scopes: Vec<Scope>,
    /// Extra parameters of the authorization request, such as `prompt`, `domain_hint`,
    /// `acr_values`. Those that kfwasm makes itself (`state`, `nonce`, `redirect_uri` ...) are
    /// refused. At most 32.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub authorization_parameters: BTreeMap<String, String>,
    /// The authorization endpoint, instead of the discovered one.
    pub authorization_endpoint: Option<EndpointUrl>,
    /// The token endpoint, instead of the discovered one.
    pub token_endpoint: Option<EndpointUrl>,
    /// Where the provider's signing keys are, instead of the discovered place.
    pub jwks_uri: Option<EndpointUrl>,
    /// The provider's signing keys themselves, for a gateway that cannot fetch them: the JSON Web Key Set (RFC 7517 §5) as a text.
    /// They are then never fetched; new keys come with a new configuration. At most 64 KiB.
    pub jwks: Option<KeySet>,
    /// The userinfo endpoint, instead of the discovered one.
    pub userinfo_endpoint: Option<EndpointUrl>,
    /// The end session endpoint, instead of the discovered one (RP-Initiated Logout §2.1).
    pub end_session_endpoint: Option<EndpointUrl>,
    /// What becomes of somebody in more groups than a token can list. Without it `graph` where `graphEndpoint` is known, else
    /// `ignore`.
    pub group_overage: Option<GroupOverage>,
    /// Where the groups of somebody are who is in too many for a token (`_claim_names`, `hasgroups`): a URL that answers as
    /// Microsoft Graph's `GET /v1.0/me/transitiveMemberOf` does. For an issuer of Microsoft Entra ID that is known.
    pub graph_endpoint: Option<EndpointUrl>,
    /// The algorithms that an ID token may be signed with. 1 to 10.
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "default" = signing_algorithm::DEFAULT,
            "minItems" = 1,
            "maxItems" = signing_algorithm::MOST
        ))
    )]
    pub id_token_signing_algorithms: Vec<SigningAlgorithm>,
    /// Whether issuer and endpoints may be plain http: for a provider within the cluster, or a
    /// demo.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub insecure_http: bool,
    /// How far the clocks of provider and gateway may differ; 0s to 300s.
    #[cfg_attr(feature = "schema", schemars(extend("default" = patience::CLOCK_SKEW)))]
    pub clock_skew: Duration,
    /// How long each request to the provider may take; 1s to 30s.
    #[cfg_attr(feature = "schema", schemars(extend("default" = patience::TIMEOUT)))]
    pub timeout: Duration,
}

const NAME: &str = "default";

const WRITE_CLIENT_ID: &str = "write the client id of the registration at the provider";

impl Provider {
    /// Whether something of it is discovered, because not everything was written. Of what is not, the issuer is a name and no
    /// place that is asked.
    #[must_use]
    pub fn is_discovered(&self) -> bool {
        let has_keys = self.jwks.is_some() || self.jwks_uri.is_some();
        let has_endpoints = self.authorization_endpoint.is_some() && self.token_endpoint.is_some();
        !has_keys || !has_endpoints || self.client_authentication(None).is_none()
    }

    pub(crate) fn read(mut object: Object<'_>) -> Option<Self> {
        let insecure_http = object.flag("insecureHttp", false);
        // What could not be read must not lead to a second problem.
        let lenient = insecure_http.unwrap_or(true);
        let name = object.or_default("name", NAME, &ProviderName::parse);
        let label = object.optional("label", &ProviderLabel::parse);
        let hosts = object.list("hosts", &[], 1..=hosts::MOST, &PublicHost::parse);
        let prefix = object.optional("prefix", &parse_prefix);
        let groups_prefix = object.or_default("groupsPrefix", "", &parse_groups_prefix);
        let issuer = issuer::read(&mut object, lenient);
        let tenants = tenants::read(&mut object, issuer.as_ref());
        let client_id = object.required("clientId", WRITE_CLIENT_ID, &ClientId::parse);
        let credentials = Credentials::read(&mut object);
        let scopes = scope::read_list(&mut object);
        let authorization_parameters =
            authorization_parameters::read(object.object("authorizationParameters"));
        let endpoints = Endpoints::read(&mut object, lenient);
        let overage = group_overage::read(&mut object, issuer.as_ref(), lenient);
        let algorithms = signing_algorithm::read_list(&mut object, "idTokenSigningAlgorithms");
        let clock_skew = patience::read_clock_skew(&mut object);
        let timeout = patience::read_timeout(&mut object);
        object.finish();
        Some(Self {
            name: name?,
            label: label.into_option(),
            hosts: hosts.whole()?,
            prefix: prefix.into_option(),
            groups_prefix: groups_prefix?,
            issuer: issuer?,
            tenants: tenants.whole()?,
            client_id: client_id?,
            client_authentication: credentials.method.into_option(),
            client_secret: credentials.secret.into_option(),
            private_key: credentials.key.into_option(),
            private_key_id: credentials.key_id.into_option(),
            certificate_thumbprint: credentials.thumbprint.into_option(),
            client_assertion_signing_algorithm: credentials.algorithm?,
            scopes: scopes.whole()?,
            authorization_parameters,
            authorization_endpoint: endpoints.authorization.into_option(),
            token_endpoint: endpoints.token.into_option(),
            jwks_uri: endpoints.keys.uri.into_option(),
            jwks: endpoints.keys.inline.into_option(),
            userinfo_endpoint: endpoints.userinfo.into_option(),
            end_session_endpoint: endpoints.end_session.into_option(),
            group_overage: overage.written,
            graph_endpoint: overage.endpoint,
            id_token_signing_algorithms: algorithms.whole()?,
            insecure_http: insecure_http?,
            clock_skew: clock_skew?,
            timeout: timeout?,
        })
    }

    /// Whether people who come by this public host sign in at this provider.
    pub fn serves(&self, public_host: &str) -> bool {
        self.hosts.is_empty() || self.hosts.iter().any(|it| it.as_str() == public_host)
    }

    /// What people read where they choose between several providers: `label`, or the host of the issuer.
    pub fn label(&self) -> &str {
        let label = self.label.as_ref().map(ProviderLabel::as_str);
        label.unwrap_or_else(|| self.issuer.host())
    }
}
