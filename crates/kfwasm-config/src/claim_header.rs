use crate::claim_name::ClaimName;
use crate::header_name::HeaderName;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// A claim that goes upstream in a header of its own: a text, a number, true or false as it is, a list of them separated by
/// commas. A user without the claim has no such header; one whose claim cannot stand in a header is not signed in.
///
/// Client copies of the header are removed everywhere. Another list of claims ends the sessions that were made before it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct ClaimHeader {
    /// The claim of the ID token, the userinfo endpoint or the bearer token.
    pub claim: ClaimName,
    /// The header, stored in lower case.
    pub header: HeaderName,
}

/// Most of them.
pub(crate) const MOST: usize = 16;

impl ClaimHeader {
    fn read(mut object: Object<'_>) -> Option<Self> {
        let claim = object.required(
            "claim",
            "write the claim, such as department",
            &ClaimName::parse,
        );
        let header = object.required(
            "header",
            "write the header that carries it, such as x-user-department",
            &HeaderName::parse,
        );
        object.finish();
        Some(Self {
            claim: claim?,
            header: header?,
        })
    }
}

/// Reads the list. `taken` are headers with another meaning, and the places that name them.
pub(crate) fn read_list(
    object: &mut Object<'_>,
    taken: &[(&str, Option<&HeaderName>)],
) -> Option<Vec<ClaimHeader>> {
    let mut list: Vec<Option<ClaimHeader>> = Vec::new();
    for (path, fields) in object.objects("claimHeaders", 0..=MOST) {
        let element = ClaimHeader::read(object.object_at(path.clone(), fields));
        if let Some(header) = element.as_ref().map(|it| &it.header)
            && let Some(owner) = owner(header, taken, &list)
        {
            let message = ["is the same header as ", owner].concat();
            let advice = "choose another one: each header has one meaning";
            let refusal = Refusal::quoting(header.as_str(), &message, advice);
            object.refuse_at([&path, ".header"].concat(), refusal);
        }
        list.push(element);
    }
    list.into_iter().collect()
}

fn owner<'a>(
    header: &HeaderName,
    taken: &[(&'a str, Option<&HeaderName>)],
    before: &[Option<ClaimHeader>],
) -> Option<&'a str> {
    let mut taken = taken.iter();
    let owner = taken.find(|(_, other)| other.is_some_and(|it| it.reads_as(header)));
    let mut before = before.iter().flatten();
    owner.map(|(place, _)| *place).or_else(|| {
        before
            .any(|it| it.header.reads_as(header))
            .then_some("that of another claim")
    })
}
