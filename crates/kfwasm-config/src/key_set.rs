use crate::endpoint_url::EndpointUrl;
use crate::read::field::Field;
use crate::read::object::Object;
use crate::refusal::Refusal;

text_type! {
    /// A JSON Web Key Set (RFC 7517 §5) as a text: public keys, which are no secret. Whether there is a usable key in it is
    /// told when the gateway reads it.
    KeySet,
    pattern "^\\s*\\{",
    longest 65536
}

impl KeySet {
    /// Takes a key set.
    ///
    /// # Errors
    /// When it is longer than 64 KiB or does not begin like a JSON object.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if Self::fits(text) && text.trim_start().starts_with('{') {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::of(
            "is not a key set",
            "write the JSON document with the member keys, as a text of at most 64 KiB",
        ))
    }
}

/// Where the keys of an issuer are, or the keys themselves.
pub(crate) struct Keys {
    pub(crate) uri: Field<EndpointUrl>,
    pub(crate) inline: Field<KeySet>,
}

impl Keys {
    pub(crate) fn are_absent(&self) -> bool {
        self.uri.is_absent() && self.inline.is_absent()
    }
}

/// Reads `jwksUri` and `jwks`, of which one is enough.
pub(crate) fn read(object: &mut Object<'_>, insecure_http: bool) -> Keys {
    let uri = object.optional("jwksUri", &|text| {
        EndpointUrl::parse(text, insecure_http).map_err(|error| error.refusal(text))
    });
    let inline = object.optional("jwks", &KeySet::parse);
    if !uri.is_absent() && !inline.is_absent() {
        object.refuse(
            "jwks",
            "stands beside jwksUri",
            "write one of the two: keys in the configuration, or where to fetch them",
        );
    }
    Keys { uri, inline }
}
