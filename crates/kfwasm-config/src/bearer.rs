use crate::claim_name::ClaimName;
use crate::duration::Duration;
use crate::endpoint_url::EndpointUrl;
use crate::identity::{Identity, parse_prefix};
use crate::key_set::{self, KeySet};
use crate::provider::Provider;
use crate::provider::client_id::ClientId;
use crate::provider::issuer::{self, Issuer};
use crate::provider::patience;
use crate::provider::signing_algorithm::{self, SigningAlgorithm};
use crate::read::object::Object;

/// Programs that bring a token of their own (`Authorization: Bearer`, RFC 6750 §2.1) instead of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Bearer {
    /// Whose tokens are accepted. Without any, `Authorization` is left to the upstreams. At most 8.
    #[cfg_attr(
        feature = "schema",
        schemars(default, extend("maxItems" = MOST_ISSUERS))
    )]
    pub issuers: Vec<BearerIssuer>,
}

/// An issuer of JSON Web Tokens for programs: a Kubernetes cluster, a CI system, or the provider itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct BearerIssuer {
    /// The `iss` of its tokens, to the last character. Each issuer is written once.
    pub issuer: Issuer,
    /// The audiences that its tokens may have; one of them must be in `aud`. 1 to 16.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("minItems" = 1, "maxItems" = MOST))
    )]
    pub audiences: Vec<ClientId>,
    /// Where its signing keys are. Needed, unless `jwks` is there or the issuer is that of a provider, whose keys are
    /// then used.
    pub jwks_uri: Option<EndpointUrl>,
    /// Its signing keys themselves, as a text: the JSON Web Key Set (RFC 7517 §5), such as `kubectl get --raw
    /// /openid/v1/jwks` prints. At most 64 KiB.
    pub jwks: Option<KeySet>,
    /// The algorithms that its tokens may be signed with. 1 to 10.
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "default" = signing_algorithm::DEFAULT,
            "minItems" = 1,
            "maxItems" = signing_algorithm::MOST
        ))
    )]
    pub signing_algorithms: Vec<SigningAlgorithm>,
    /// The claims that may name the user, instead of those of `identity`; the first one that the token has counts.
    /// Without it `sub`, and those of `identity` for the issuer of a provider. 1 to 16.
    #[cfg_attr(
        feature = "schema",
        schemars(default, extend("minItems" = 1, "maxItems" = MOST))
    )]
    pub claims: Vec<ClaimName>,
    /// What stands in front of the user, instead of `identity.prefix`: it keeps the names of one issuer apart from those of
    /// another, for access rules too, which see it as part of the name. Without it, for the issuer of a provider, that
    /// of the provider. Visible ASCII, at most 64 bytes.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("pattern" = "^[!-~]*$", "maxLength" = 64))
    )]
    pub prefix: Option<String>,
    /// The claim that lists the user's groups. Without it, its users have none. They get the `groupsPrefix` of the provider whose
    /// issuer it is.
    pub groups_claim: Option<ClaimName>,
    /// What stands in front of the names of groups: `groupsPrefix` of the provider with the same issuer; empty for another
    /// issuer.
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub groups_prefix: String,
    /// Whether the token goes on to the upstream, which can then use it elsewhere.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub forward_token: bool,
    /// Whether issuer and `jwksUri` may be plain http.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub insecure_http: bool,
    /// How far the clocks of issuer and gateway may differ; 0s to 300s.
    #[cfg_attr(feature = "schema", schemars(extend("default" = patience::CLOCK_SKEW)))]
    pub clock_skew: Duration,
    /// How long a request for its keys may take; 1s to 30s.
    #[cfg_attr(feature = "schema", schemars(extend("default" = patience::TIMEOUT)))]
    pub timeout: Duration,
}

const MOST_ISSUERS: usize = 8;
const MOST: usize = 16;

impl Bearer {
    pub(crate) fn read(
        mut object: Object<'_>,
        providers: &[Provider],
        identity: Option<&Identity>,
    ) -> Option<Self> {
        let mut issuers: Vec<Option<BearerIssuer>> = Vec::new();
        for (path, fields) in object.objects("issuers", 0..=MOST_ISSUERS) {
            let mut entry = object.object_at(path, fields);
            let issuer = BearerIssuer::read_issuer(&mut entry);
            let is_there = |other: &BearerIssuer| Some(&other.issuer) == issuer.as_ref();
            if issuers.iter().flatten().any(is_there) {
                entry.refuse(
                    "issuer",
                    "is the issuer of an earlier entry",
                    "write each issuer once, with all its audiences",
                );
            }
            issuers.push(BearerIssuer::read(entry, issuer, providers, identity));
        }
        object.finish();
        Some(Self {
            issuers: issuers.into_iter().collect::<Option<_>>()?,
        })
    }
}

impl BearerIssuer {
    fn read_issuer(object: &mut Object<'_>) -> Option<Issuer> {
        // Whether plain http is allowed is asked when the whole entry is read.
        let issuer = issuer::read(object, true)?;
        if issuer.has_many_tenants() {
            object.refuse(
                "issuer",
                "stands for many tenants",
                "write one entry for each tenant, with the issuer that its tokens name",
            );
            return None;
        }
        Some(issuer)
    }

    fn read(
        mut object: Object<'_>,
        issuer: Option<Issuer>,
        providers: &[Provider],
        identity: Option<&Identity>,
    ) -> Option<Self> {
        let insecure_http = object.flag("insecureHttp", false);
        // What could not be read must not lead to a second problem.
        let lenient = insecure_http.unwrap_or(true);
        if let Some(issuer) = &issuer {
            issuer::refuse_plain_http(&mut object, issuer, lenient);
        }
        let is_of = |provider: &&Provider| Some(&provider.issuer) == issuer.as_ref();
        let provider = providers.iter().find(is_of);
        let audiences = read_audiences(&mut object);
        let keys = key_set::read(&mut object, lenient);
        if keys.are_absent() && provider.is_none() && issuer.is_some() {
            refuse_without_keys(&mut object);
        }
        let signing_algorithms = signing_algorithm::read_list(&mut object, "signingAlgorithms");
        let claims = read_claims(&mut object, identity.filter(|_| provider.is_some()));
        let prefix = object.optional("prefix", &parse_prefix);
        let groups_claim = object.optional("groupsClaim", &ClaimName::parse);
        let forward_token = object.flag("forwardToken", false);
        let clock_skew = patience::read_clock_skew(&mut object);
        let timeout = patience::read_timeout(&mut object);
        object.finish();
        Some(Self {
            issuer: issuer?,
            audiences: audiences?,
            jwks_uri: keys.uri.into_option(),
            jwks: keys.inline.into_option(),
            signing_algorithms: signing_algorithms.whole()?,
            claims: claims?,
            prefix: prefix
                .into_option()
                .or_else(|| provider.and_then(|it| it.prefix.clone())),
            groups_prefix: provider.map_or_else(String::new, |it| it.groups_prefix.clone()),
            groups_claim: groups_claim.into_option(),
            forward_token: forward_token?,
            insecure_http: insecure_http?,
            clock_skew: clock_skew?,
            timeout: timeout?,
        })
    }
}

fn refuse_without_keys(object: &mut Object<'_>) {
    object.refuse_whole(
        "has no keys",
        "write jwksUri or jwks: only for the issuer of a provider are they known",
    );
}

fn read_audiences(object: &mut Object<'_>) -> Option<Vec<ClientId>> {
    let audiences = object.list("audiences", &[], 1..=MOST, &ClientId::parse);
    if audiences.is_empty() {
        object.refuse(
            "audiences",
            "is missing",
            "write what stands in aud of the tokens that are meant for this gateway, such as [\"pipelines.kubeflow.org\"]",
        );
    }
    audiences.whole()
}

/// Reads `claims`. Without them those of `identity` count for the issuer of a provider, whose tokens have what its ID tokens
/// have.
fn read_claims(object: &mut Object<'_>, identity: Option<&Identity>) -> Option<Vec<ClaimName>> {
    let claims = object.list("claims", &[], 1..=MOST, &ClaimName::parse);
    match (claims.is_empty(), identity) {
        (false, _) => claims.whole(),
        (true, Some(identity)) => Some(identity.claims.clone()),
        (true, None) => ClaimName::parse("sub").ok().map(|name| vec![name]),
    }
}
