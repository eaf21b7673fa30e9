//! The groups of somebody who is in too many for a token, as Microsoft Graph tells them page by page.

use kfwasm_config::{EndpointUrl, Scheme};
use serde_json::{Map, Value};

use super::document::Document;
use super::fault::{MembershipsFault, ProviderFault};
use crate::id_token::IdTokenClaims;
use crate::jose::json_object;

/// Most groups that are taken; Entra's own limit for a user is 11,000.
const MOST: usize = 12_000;
/// Longest body in bytes.
const LONGEST: usize = 1024 * 1024;

/// Whether an ID token says that the claim is told elsewhere: by `_claim_names` (OIDC Core §5.6.2), which Microsoft Entra ID
/// writes where there are more groups than fit, or by its `hasgroups`.
pub(crate) fn are_elsewhere(claims: &IdTokenClaims, groups_claim: &str) -> bool {
    let names = claims.claim("_claim_names").and_then(Value::as_object);
    let named = names.is_some_and(|it| it.contains_key(groups_claim));
    let flagged = groups_claim == "groups"
        && claims
            .claim("hasgroups")
            .is_some_and(|it| *it == Value::Bool(true) || *it == Value::String("true".to_owned()));
    named || flagged
}

/// The groups of one user that Microsoft Graph has told so far, page by page.
#[derive(Default)]
pub struct Memberships {
    groups: Vec<Value>,
    pages: u64,
}

impl Memberships {
    /// Most pages that are asked for; a page has up to 999.
    pub(crate) const MOST_PAGES: u64 = 12;

    /// Takes a page of the answer. Returns where the next one is, if there is one: at the same host, because the access token
    /// goes with the request.
    ///
    /// # Errors
    /// The answer is no success or no such page; or there are more groups than anybody has.
    pub fn take(
        &mut self,
        status: u16,
        body: &[u8],
        endpoint: &EndpointUrl,
    ) -> Result<Option<EndpointUrl>, ProviderFault> {
        Document::Memberships.check_status(status)?;
        Document::Memberships.check_length(body, LONGEST)?;
        let members = json_object::parse(body)
            .map_err(|fault| ProviderFault::json(Document::Memberships, fault))?;
        let page = members.get("value").and_then(Value::as_array);
        for object in page.ok_or(MembershipsFault::Value)? {
            self.groups.extend(group(object)?);
        }
        self.pages = self.pages.saturating_add(1);
        let next = next(&members, endpoint)?;
        if self.groups.len() > MOST || self.pages >= Self::MOST_PAGES && next.is_some() {
            return Err(MembershipsFault::TooMany.into());
        }
        Ok(next)
    }

    /// The groups, as the claim would list them.
    pub(crate) fn groups(&self) -> &[Value] {
        &self.groups
    }
}

/// The identifier of a group; nothing for a directory role or an administrative unit, which are no groups in tokens either.
fn group(object: &Value) -> Result<Option<Value>, MembershipsFault> {
    let kind = object.get("@odata.type").and_then(Value::as_str);
    if kind.is_some_and(|it| it != "#microsoft.graph.group") {
        return Ok(None);
    }
    match object.get("id") {
        Some(id @ Value::String(_)) => Ok(Some(id.clone())),
        _ => Err(MembershipsFault::Member),
    }
}

fn next(
    members: &Map<String, Value>,
    endpoint: &EndpointUrl,
) -> Result<Option<EndpointUrl>, MembershipsFault> {
    let Some(link) = members.get("@odata.nextLink") else {
        return Ok(None);
    };
    let plain = endpoint.scheme() == Scheme::Http;
    let url = link
        .as_str()
        .and_then(|it| EndpointUrl::parse(it, plain).ok());
    let place = |it: &EndpointUrl| (it.scheme() == Scheme::Http, it.host().to_owned(), it.port());
    let url = url.filter(|it| place(it) == place(endpoint));
    url.map(Some).ok_or(MembershipsFault::NextLink)
}

impl core::fmt::Debug for Memberships {
    /// Groups are personal data: none of them is shown.
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Memberships([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use kfwasm_config::EndpointUrl;
    use serde_json::{Value, json};

    use super::{Memberships, MembershipsFault};
    use crate::provider::ProviderFault;

    const ENDPOINT: &str = "https://graph.example/v1.0/me/transitiveMemberOf";

    fn endpoint() -> EndpointUrl {
        EndpointUrl::parse(ENDPOINT, false).unwrap()
    }

    fn take(
        memberships: &mut Memberships,
        page: &Value,
    ) -> Result<Option<EndpointUrl>, ProviderFault> {
        memberships.take(200, page.to_string().as_bytes(), &endpoint())
    }

    #[test]
    fn groups_are_taken_and_other_objects_are_not() {
        let mut memberships = Memberships::default();
        let page = json!({ "value": [
            { "@odata.type": "#microsoft.graph.group", "id": "a" },
            { "@odata.type": "#microsoft.graph.directoryRole", "id": "b" },
            { "@odata.type": "#microsoft.graph.administrativeUnit" },
            { "id": "c" },
        ]});

        let next = take(&mut memberships, &page).unwrap();

        assert!(next.is_none());
        assert_eq!(memberships.groups(), [json!("a"), json!("c")]);
    }

    #[test]
    fn the_next_page_is_at_the_same_host() {
        let same = "https://GRAPH.example:443/v1.0/me/transitiveMemberOf?$skiptoken=a%20b";
        let page = json!({ "value": [], "@odata.nextLink": same });
        let next = take(&mut Memberships::default(), &page).unwrap();
        assert_eq!(next.unwrap().as_str(), same);

        for link in [
            json!("https://evil.example/v1.0/me"),
            json!("https://graph.example.evil.example/"),
            json!("https://graph.example:8443/v1.0/me"),
            json!("https://graph.example@evil.example/"),
            json!("http://graph.example/v1.0/me"),
            json!("/v1.0/me?$skiptoken=x"),
            json!("https://graph.example/#"),
            json!(7),
            json!(null),
            json!(""),
        ] {
            let page = json!({ "value": [], "@odata.nextLink": link });
            let fault = take(&mut Memberships::default(), &page).unwrap_err();
            assert_eq!(fault, MembershipsFault::NextLink.into(), "{link}");
        }
    }

    #[test]
    fn pages_and_groups_come_to_an_end() {
        let endless = json!({ "value": [], "@odata.nextLink": ENDPOINT });
        let mut memberships = Memberships::default();
        for _ in 1..Memberships::MOST_PAGES {
            assert!(take(&mut memberships, &endless).unwrap().is_some());
        }
        let fault = take(&mut memberships, &endless).unwrap_err();
        assert_eq!(fault, MembershipsFault::TooMany.into());

        let many: Vec<Value> = (0..12_001)
            .map(|id| json!({ "id": id.to_string() }))
            .collect();
        let fault = take(&mut Memberships::default(), &json!({ "value": many })).unwrap_err();
        assert_eq!(fault, MembershipsFault::TooMany.into());
    }

    #[test]
    fn what_is_no_page_is_refused() {
        for page in [
            json!({}),
            json!({ "value": {} }),
            json!({ "value": ["a"] }),
            json!({ "value": [{ "id": 7 }] }),
            json!({ "value": [null] }),
            json!([]),
        ] {
            assert!(take(&mut Memberships::default(), &page).is_err(), "{page}");
        }
        let mut memberships = Memberships::default();
        for status in [301, 401, 403, 429, 500] {
            assert!(memberships.take(status, b"{}", &endpoint()).is_err());
        }
    }
}
