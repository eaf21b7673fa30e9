use super::super::{Draft, Setting};

const ISSUER: &str = "providers[0].issuer";
const INSECURE: &str = "providers[0].insecureHttp";
const AUTHORIZATION: &str = "providers[0].authorizationEndpoint";
const SCOPES: &str = "providers[0].scopes";

/// The issuer, which everything else is discovered from.
pub(crate) fn issuer(draft: &mut Draft, setting: &Setting) {
    let issuer = setting.text();
    if issuer.starts_with("http://") {
        draft.put(INSECURE, true.into());
    }
    draft.take(setting, ISSUER, issuer);
}

/// The tenant of Microsoft Entra ID, whose issuer follows from it.
pub(crate) fn tenant(draft: &mut Draft, setting: &Setting) {
    let issuer = format!("https://login.microsoftonline.com/{}/v2.0", setting.text());
    let why = "the issuer of that tenant";
    draft.change(setting, ISSUER, issuer, why);
}

pub(crate) fn client_id(draft: &mut Draft, setting: &Setting) {
    draft.take(setting, "providers[0].clientId", setting.text());
}

/// Where browsers sign in. A path alone is one on this gateway.
pub(crate) fn authorization_endpoint(draft: &mut Draft, setting: &Setting) {
    let url = setting.text();
    if !url.starts_with('/') {
        return draft.take(setting, AUTHORIZATION, url);
    }
    let Some(host) = draft.host.clone() else {
        let why = "it is a path on this gateway, whose host is not known: say --host";
        return draft.leave(setting, why);
    };
    let why = "with the host, which a redirect of the filter needs";
    draft.change(setting, AUTHORIZATION, format!("https://{host}{url}"), why);
}

/// The token endpoint, which the filter itself calls.
pub(crate) fn token_endpoint(draft: &mut Draft, setting: &Setting) {
    endpoint(draft, setting, "providers[0].tokenEndpoint");
}

/// Where the signing keys are.
pub(crate) fn jwks_uri(draft: &mut Draft, setting: &Setting) {
    endpoint(draft, setting, "providers[0].jwksUri");
}

/// The userinfo endpoint.
pub(crate) fn userinfo_endpoint(draft: &mut Draft, setting: &Setting) {
    endpoint(draft, setting, "providers[0].userinfoEndpoint");
}

fn endpoint(draft: &mut Draft, setting: &Setting, place: &'static str) {
    let url = setting.text();
    if url.starts_with("http://") {
        draft.put(INSECURE, true.into());
    }
    draft.take(setting, place, url);
}

/// The scopes. Spaces and commas separate them, whatever was documented.
pub(crate) fn scopes(draft: &mut Draft, setting: &Setting) {
    let mut scopes = setting.parts();
    let had = scopes.len();
    // Entra refuses a sign-in that asks for a scope that it does not know; groups come by the registration's claims.
    if is_entra(draft.text(ISSUER)) {
        scopes.retain(|scope| scope != "groups");
    }
    let without_groups = scopes.len() != had;
    let has_openid = scopes.iter().any(|scope| scope == "openid");
    if !has_openid {
        scopes.insert(0, "openid".to_owned());
    }
    match (without_groups, has_openid) {
        (true, _) => draft.change(
            setting,
            SCOPES,
            scopes,
            "without groups, which Microsoft Entra ID knows as a claim of the registration and not as a scope",
        ),
        (false, false) => draft.change(setting, SCOPES, scopes, "with openid, which was implied"),
        (false, true) => draft.take(setting, SCOPES, scopes),
    }
}

/// `none` was there to keep oauth2-proxy from sending something of its own.
pub(crate) fn prompt(draft: &mut Draft, setting: &Setting) {
    match setting.text().as_str() {
        "none" => draft.drop(setting, "nothing is sent unless it is asked for"),
        _ => authorization_parameter(draft, setting, "prompt"),
    }
}

pub(crate) fn acr_values(draft: &mut Draft, setting: &Setting) {
    authorization_parameter(draft, setting, "acr_values");
}

fn authorization_parameter(draft: &mut Draft, setting: &Setting, name: &str) {
    let place = format!("providers[0].authorizationParameters.{name}");
    draft.take(setting, &place, setting.text());
}

fn is_entra(issuer: &str) -> bool {
    let host = issuer.strip_prefix("https://").unwrap_or_default();
    host.starts_with("login.microsoftonline.") || host.starts_with("sts.windows.net")
}
