/// What became of a field that may be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Field<T> {
    /// The field is not there.
    Absent,
    /// The field is there, and a problem has been noted about it.
    Unreadable,
    /// The field is there and good.
    Read(T),
}

impl<T> Field<T> {
    /// Whether the operator did not write the field at all.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The value, if there is a good one.
    pub(crate) fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Absent | Self::Unreadable => None,
        }
    }

    /// The value, if there is a good one.
    pub(crate) fn into_option(self) -> Option<T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Absent | Self::Unreadable => None,
        }
    }
}
