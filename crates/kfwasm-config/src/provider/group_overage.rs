use super::issuer::Issuer;
use crate::endpoint_url::EndpointUrl;
use crate::read::field::Field;
use crate::read::object::Object;

choice_type! {
    /// What becomes of somebody in more groups than a token of Microsoft Entra ID can list.
    GroupOverage {
        /// Microsoft Graph is asked for the groups, at sign-in and with every refresh. If it does not tell them, the person
        /// is not signed in. The access token must be one for Graph, with `User.Read`: write that among `scopes`.
        Graph = "graph",
        /// They have no groups.
        Ignore = "ignore",
    }
}

/// Microsoft Graph's answer, for each of Entra's clouds: the groups of the user, nested ones included as in tokens.
const GRAPH_HOSTS: [(&str, &str); 6] = [
    ("login.microsoftonline.com", "graph.microsoft.com"),
    ("login.windows.net", "graph.microsoft.com"),
    ("sts.windows.net", "graph.microsoft.com"),
    ("login.microsoftonline.us", "graph.microsoft.us"),
    (
        "login.partner.microsoftonline.cn",
        "microsoftgraph.chinacloudapi.cn",
    ),
    ("login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn"),
];

const MEMBERSHIPS: &str = "/v1.0/me/transitiveMemberOf?$select=id&$top=999";

/// What is written, and what follows from it: the endpoint to ask, or none.
pub(super) struct Overage {
    pub(super) written: Option<GroupOverage>,
    pub(super) endpoint: Option<EndpointUrl>,
}

/// Reads what becomes of an overage.
pub(super) fn read(
    object: &mut Object<'_>,
    issuer: Option<&Issuer>,
    insecure_http: bool,
) -> Overage {
    let overage = object.optional("groupOverage", &GroupOverage::parse);
    Overage {
        endpoint: read_endpoint(object, &overage, issuer, insecure_http),
        written: overage.into_option(),
    }
}

fn read_endpoint(
    object: &mut Object<'_>,
    overage: &Field<GroupOverage>,
    issuer: Option<&Issuer>,
    insecure_http: bool,
) -> Option<EndpointUrl> {
    let written = object.optional("graphEndpoint", &|text| {
        EndpointUrl::parse(text, insecure_http).map_err(|error| error.refusal(text))
    });
    let usual = issuer.and_then(usual_endpoint);
    match (overage, written) {
        (Field::Read(GroupOverage::Ignore), Field::Absent) => None,
        (Field::Read(GroupOverage::Ignore), _) => {
            object.refuse(
                "graphEndpoint",
                "is never asked, because groupOverage is ignore",
                "remove one of the two",
            );
            None
        }
        (_, Field::Read(url)) => Some(url),
        (Field::Read(GroupOverage::Graph), Field::Absent)
            if usual.is_none() && issuer.is_some() =>
        {
            object.refuse(
                "groupOverage",
                "asks for a Graph that is not known: the issuer is not Microsoft Entra ID",
                "write graphEndpoint, or remove groupOverage",
            );
            None
        }
        _ => usual,
    }
}

fn usual_endpoint(issuer: &Issuer) -> Option<EndpointUrl> {
    let mut hosts = GRAPH_HOSTS.iter();
    let (_, graph) = hosts.find(|(host, _)| *host == issuer.host())?;
    EndpointUrl::parse(&["https://", graph, MEMBERSHIPS].concat(), false).ok()
}
