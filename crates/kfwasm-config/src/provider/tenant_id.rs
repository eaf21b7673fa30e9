use crate::refusal::Refusal;

text_type! {
    /// The id of a Microsoft Entra tenant (the `tid` claim): a GUID, in lower case.
    TenantId,
    pattern "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
    longest 36
}

/// The lengths of the groups of hexadecimal digits of a GUID (RFC 9562 §4).
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

impl TenantId {
    /// Reads a GUID; upper case is made lower.
    ///
    /// # Errors
    /// When it is no GUID.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
        let grouped = text.split('-').map(str::len).eq(GROUPS);
        if Self::fits(text) && grouped && text.split('-').all(digits) {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        Err(Refusal::quoting(
            text,
            "is not a tenant id",
            "write the Directory (tenant) ID, a GUID such as 72f988bf-86f1-41af-91ab-2d7cd011db47",
        ))
    }
}
