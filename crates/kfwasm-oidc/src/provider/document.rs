//! What a provider can get wrong about any document.

use core::fmt;

use super::fault::ProviderFault;

/// Something that a provider sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// The answer to a discovery request (OIDC Discovery §4.2).
    Discovery,
    /// The JSON Web Key Set (RFC 7517 §5).
    KeySet,
    /// The answer of the token endpoint (RFC 6749 §5).
    TokenResponse,
    /// The answer of the userinfo endpoint (OIDC Core §5.3.2).
    UserInfo,
    /// The groups of a user at Microsoft Graph.
    Memberships,
    /// The answer of the revocation endpoint (RFC 7009 §2.2).
    Revocation,
}

impl Document {
    /// Every document, in the order of [`Document::index`].
    pub const ALL: [Self; 6] = [
        Self::Discovery,
        Self::KeySet,
        Self::TokenResponse,
        Self::UserInfo,
        Self::Memberships,
        Self::Revocation,
    ];

    /// The position in [`Document::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::KeySet => "key_set",
            Self::TokenResponse => "token",
            Self::UserInfo => "user_info",
            Self::Memberships => "memberships",
            Self::Revocation => "revocation",
        }
    }

    /// Refuses the document unless its response is a success.
    ///
    /// # Errors
    /// [`ProviderFault::Status`] for any status but 200.
    pub fn check_status(self, status: u16) -> Result<(), ProviderFault> {
        match status {
            200 => Ok(()),
            _ => Err(ProviderFault::Status(self, status)),
        }
    }

    pub(crate) fn check_length(self, body: &[u8], longest: usize) -> Result<(), ProviderFault> {
        if body.len() > longest {
            return Err(ProviderFault::TooLong(self, longest));
        }
        Ok(())
    }
}

impl fmt::Display for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Discovery => "the discovery document",
            Self::KeySet => "the key set",
            Self::TokenResponse => "the answer of the token endpoint",
            Self::UserInfo => "the answer of the userinfo endpoint",
            Self::Memberships => "the list of the user's groups at Microsoft Graph",
            Self::Revocation => "the answer of the revocation endpoint",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Document;

    #[test]
    fn every_document_stands_at_its_index() {
        for (index, document) in Document::ALL.into_iter().enumerate() {
            assert_eq!(document.index(), index);
        }
    }
}
