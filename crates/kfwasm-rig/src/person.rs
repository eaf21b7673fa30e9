use serde::Serialize;

/// Somebody whom the provider knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// What is typed into the sign-in form; also `sub` and `preferred_username`.
    pub username: String,
    /// The `email` claim, verified.
    pub email: String,
    /// The `name` claim.
    pub name: String,
    /// The `groups` claim; left out when empty.
    pub groups: Vec<String>,
}

impl Person {
    /// Has groups.
    #[must_use]
    pub fn alice() -> Self {
        Self::new("alice", "Alice Lidell", &["data-science", "admins"])
    }

    /// Has none.
    #[must_use]
    pub fn bob() -> Self {
        Self::new("bob", "Bob Martin", &[])
    }

    /// Is in more groups than fit into a token: 250, named by GUIDs, as Microsoft Entra ID names them.
    #[must_use]
    pub fn carol() -> Self {
        let groups = (0..250_u64).map(|index| format!("0f8fad5b-d9cb-469f-a165-{index:012x}"));
        Self {
            groups: groups.collect(),
            ..Self::new("carol", "Carol Danvers", &[])
        }
    }

    fn new(username: &str, name: &str, groups: &[&str]) -> Self {
        Self {
            username: username.to_owned(),
            email: format!("{username}@example.com"),
            name: name.to_owned(),
            groups: groups.iter().copied().map(str::to_owned).collect(),
        }
    }
}
