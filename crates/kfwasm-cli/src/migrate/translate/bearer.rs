use serde_json::{Value, json};

use super::super::{Draft, Setting};

/// An issuer of tokens for programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenIssuer {
    pub(crate) issuer: String,
    pub(crate) audiences: Vec<String>,
    pub(crate) jwks: Option<String>,
    pub(crate) jwks_uri: Option<String>,
}

/// The setting with the issuers that were found in the cluster: `issuer=audience` each, as oauth2-proxy writes them.
pub(crate) fn issuers(draft: &mut Draft, setting: &Setting, known: &[TokenIssuer]) {
    for pair in setting.parts() {
        let one = Setting::new(setting.name.as_str(), pair.as_str());
        let Some((issuer, audience)) = pair.split_once('=') else {
            draft.leave(&one, format!("{pair} is not issuer=audience"));
            continue;
        };
        let found = known.iter().find(|known| known.issuer == issuer);
        let found = found.cloned().unwrap_or_default();
        issuer_of(
            draft,
            &one,
            TokenIssuer {
                issuer: issuer.to_owned(),
                audiences: vec![audience.to_owned()],
                ..found
            },
        );
    }
}

/// Without audiences or keys its tokens cannot be told from those of others.
pub(crate) fn issuer_of(draft: &mut Draft, setting: &Setting, found: TokenIssuer) {
    let issuer = found.issuer.clone();
    if found.audiences.is_empty() {
        let why = format!(
            "the tokens of {issuer} were for anybody: write bearer.issuers with their audiences"
        );
        return draft.leave(setting, why);
    }
    let Some(value) = value(&found) else {
        let why = format!(
            "where the keys of {issuer} are is not known here: write bearer.issuers with jwksUri or jwks"
        );
        return draft.leave(setting, why);
    };
    draft.add("bearer.issuers", value);
    draft.tell_taken(
        setting,
        &format!(
            "bearer.issuers: {issuer} for {}",
            found.audiences.join(", ")
        ),
    );
}

fn value(found: &TokenIssuer) -> Option<Value> {
    let mut value = json!({ "issuer": found.issuer, "audiences": found.audiences });
    let fields = value.as_object_mut()?;
    match (&found.jwks, &found.jwks_uri) {
        (Some(jwks), _) => fields.insert("jwks".to_owned(), jwks.as_str().into()),
        (None, Some(uri)) => fields.insert("jwksUri".to_owned(), uri.as_str().into()),
        (None, None) => return None,
    };
    let is_plain = |url: &str| url.starts_with("http://");
    if is_plain(&found.issuer)
        || (found.jwks.is_none() && found.jwks_uri.as_deref().is_some_and(is_plain))
    {
        fields.insert("insecureHttp".to_owned(), true.into());
    }
    Some(value)
}
