use kfwasm_oidc::callout::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::Provider;
use super::answer::{json as json_response, refusal};
use crate::support::address::Address;

pub(crate) const PATH: &str = "/v1.0/me/transitiveMemberOf";

/// How many objects a page has.
const PAGE: usize = 2;

impl Provider {
    /// Who is in too many groups for a token: it says where they are, and Microsoft Graph tells them.
    pub(crate) fn tells_groups_at_graph(&self, groups: &[&str]) {
        self.claims("groups", Value::Null);
        self.claims("_claim_names", json!({ "groups": "src1" }));
        self.claims(
            "_claim_sources",
            json!({ "src1": { "endpoint": "https://evil.example/" } }),
        );
        self.state.borrow_mut().graph = groups.iter().map(|it| (*it).to_owned()).collect();
    }

    /// Where Graph is.
    pub(crate) fn graph_endpoint(&self) -> String {
        [&self.issuer(), PATH, "?$select=id&$top=2"].concat()
    }

    /// A page of the list, for the holder of a token.
    pub(super) fn groups(&self, request: &HttpRequest) -> HttpResponse {
        let header = request.authorization.as_ref().map(|it| it.expose());
        let token = header
            .and_then(|it| it.strip_prefix(b"Bearer "))
            .unwrap_or_default();
        let state = self.state.borrow();
        if !state
            .holders
            .contains_key(std::str::from_utf8(token).unwrap())
        {
            return refusal(401, "InvalidAuthenticationToken");
        }
        let url = format!("{}{}", self.issuer(), request.path);
        let skip = Address::parse(&url).parameter("$skiptoken");
        let skip: usize = skip.map_or(0, |it| it.parse().unwrap());
        let page = state.graph.iter().skip(skip).take(PAGE);
        let mut objects: Vec<Value> = page
            .map(|id| json!({ "@odata.type": "#microsoft.graph.group", "id": id }))
            .collect();
        objects.push(json!({ "@odata.type": "#microsoft.graph.directoryRole", "id": "a-role" }));
        let mut body = json!({ "value": objects });
        if skip + PAGE < state.graph.len() {
            let next = format!("{}&$skiptoken={}", self.graph_endpoint(), skip + PAGE);
            body["@odata.nextLink"] = next.into();
        }
        json_response(200, body.to_string())
    }
}
