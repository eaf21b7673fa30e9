use crate::endpoint_url::EndpointUrl;
use crate::provider::tenant_id::TenantId;
use crate::read::object::Object;
use crate::refusal::Refusal;
use crate::scheme::Scheme;
use crate::url_error::UrlError;

/// The issuer identifier of a provider (OIDC Discovery §3): a URL without query and fragment.
///
/// Compared as written, to the last slash. Microsoft Entra's multi-tenant issuer may be written
/// with the literal `{tenantid}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(
        from = "String",
        into = "String",
        extend("format" = "uri-template", "pattern" = "^https?://[^?#]+$", "maxLength" = 2048)
    )
)]
pub struct Issuer(EndpointUrl);

/// Stands for the tenant in the issuers that Microsoft Entra ID publishes for many tenants.
pub(super) const PLACEHOLDER: &str = "{tenantid}";

/// Where Microsoft Entra ID issues tokens, in all its national clouds.
const ENTRA_HOSTS: [&str; 6] = [
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
    "login.windows.net",
    "sts.windows.net",
];

/// The first path segment of an Entra issuer that stands for many tenants.
const ENTRA_MANY_TENANTS: [&str; 3] = ["common", "organizations", "consumers"];

impl Issuer {
    /// Reads an issuer; plain http only when `insecure_http`.
    ///
    /// # Errors
    /// Which rule it breaks.
    pub fn parse(text: &str, insecure_http: bool) -> Result<Self, UrlError> {
        if text.contains('?') {
            return Err(UrlError::Query);
        }
        EndpointUrl::parse_template(text, PLACEHOLDER, insecure_http).map(Self)
    }

    /// The issuer as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// `https`, or `http` where that was allowed.
    pub fn scheme(&self) -> Scheme {
        self.0.scheme()
    }

    /// `host[:port]` as it was written.
    pub fn authority(&self) -> &str {
        self.0.authority()
    }

    /// The host in lower case, without port.
    pub fn host(&self) -> &str {
        self.0.host()
    }

    /// The port, written or meant by the scheme.
    pub fn port(&self) -> u16 {
        self.0.port()
    }

    /// The path, beginning with `/`; it still contains `{tenantid}` when the issuer does.
    pub fn path_and_query(&self) -> &str {
        self.0.path_and_query()
    }

    /// Whether the issuer contains the literal `{tenantid}`.
    pub fn is_template(&self) -> bool {
        self.as_str().contains(PLACEHOLDER)
    }

    /// The issuer with the tenant in place of `{tenantid}`; the issuer itself when it is no
    /// template.
    pub fn for_tenant(&self, tenant: &TenantId) -> String {
        self.with_segment(tenant.as_str())
    }

    /// The issuer with this path segment in place of `{tenantid}`.
    pub(super) fn with_segment(&self, segment: &str) -> String {
        self.as_str().replace(PLACEHOLDER, segment)
    }

    /// Whether tokens of many tenants come from this issuer, so that the operator must say which of
    /// them are let in.
    pub fn has_many_tenants(&self) -> bool {
        self.is_template() || self.is_entra_for_many()
    }

    /// Whether it is Microsoft Entra ID, in any of its clouds.
    pub fn is_entra(&self) -> bool {
        ENTRA_HOSTS.contains(&self.host())
    }

    fn is_entra_for_many(&self) -> bool {
        let first = self.path_and_query().split('/').nth(1).unwrap_or_default();
        self.is_entra()
            && ENTRA_MANY_TENANTS
                .iter()
                .any(|name| first.eq_ignore_ascii_case(name))
    }
}

/// What is often written in the place of an issuer, and what to do about it.
fn misunderstood(issuer: &Issuer) -> Option<(&'static str, &'static str)> {
    let path = issuer.path_and_query().trim_end_matches('/');
    if path.ends_with("/.well-known/openid-configuration") {
        return Some((
            "is the address of a discovery document",
            "leave out /.well-known/openid-configuration",
        ));
    }
    let is_sign_in = issuer.is_entra() && issuer.host().starts_with("login.");
    (is_sign_in && !path.ends_with("/v2.0")).then_some((
        "is no issuer of Microsoft Entra ID",
        "write it with /v2.0 at its end, as in https://login.microsoftonline.com/TENANT/v2.0",
    ))
}

/// Reads the issuer. One of plain http is refused, yet handed on, so that what else depends on it
/// is checked as well.
pub(crate) fn read(object: &mut Object<'_>, insecure_http: bool) -> Option<Issuer> {
    const ADVICE: &str =
        "write it as the provider's discovery document does, such as https://login.example.com";
    let issuer = object.required("issuer", ADVICE, &|text| {
        let issuer = Issuer::parse(text, true).map_err(|error| error.refusal(text))?;
        match misunderstood(&issuer) {
            Some((what, advice)) => Err(Refusal::quoting(text, what, advice)),
            None => Ok(issuer),
        }
    })?;
    refuse_plain_http(object, &issuer, insecure_http);
    Some(issuer)
}

pub(crate) fn refuse_plain_http(object: &mut Object<'_>, issuer: &Issuer, insecure_http: bool) {
    if issuer.scheme() == Scheme::Http && !insecure_http {
        let refusal = UrlError::PlainHttp.refusal(issuer.as_str());
        object.refuse_at(object.path_of("issuer"), refusal);
    }
}
