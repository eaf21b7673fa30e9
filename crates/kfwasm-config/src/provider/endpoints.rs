use crate::endpoint_url::EndpointUrl;
use crate::key_set::{self, Keys};
use crate::read::field::Field;
use crate::read::object::Object;

/// The endpoints that the operator wrote instead of the discovered ones.
pub(super) struct Endpoints {
    pub(super) authorization: Field<EndpointUrl>,
    pub(super) token: Field<EndpointUrl>,
    pub(super) keys: Keys,
    pub(super) userinfo: Field<EndpointUrl>,
    pub(super) end_session: Field<EndpointUrl>,
}

impl Endpoints {
    pub(super) fn read(object: &mut Object<'_>, insecure_http: bool) -> Self {
        let mut read = |name| {
            object.optional(name, &|text| {
                EndpointUrl::parse(text, insecure_http).map_err(|error| error.refusal(text))
            })
        };
        Self {
            authorization: read("authorizationEndpoint"),
            token: read("tokenEndpoint"),
            userinfo: read("userinfoEndpoint"),
            end_session: read("endSessionEndpoint"),
            keys: key_set::read(object, insecure_http),
        }
    }
}
