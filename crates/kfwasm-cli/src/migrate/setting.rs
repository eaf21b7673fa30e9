use std::path::PathBuf;

/// The client secret that Kubeflow's manifests have published since 2018.
const PUBLISHED: &str = "pUBnBOY80SnXgjibTYM9ZWNzY2xreNGQok";
/// Settings whose values are secrets, under every name that they have.
const SECRETS: [&str; 5] = [
    "CLIENT_SECRET",
    "application_secret",
    "client_secret",
    "cookie_secret",
    "clientSecret",
];

/// What the predecessor was told, under the predecessor's name of it. Never a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) name: String,
    /// One value, or those of a list.
    pub(crate) values: Vec<String>,
}

impl Setting {
    pub(crate) fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, values) = (name.into(), vec![value.into()]);
        Self { name, values }
    }

    /// Its value; those of a list with spaces between them.
    pub(crate) fn text(&self) -> String {
        self.values.join(" ").trim().to_owned()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// Its parts, where the value is a list in a text.
    pub(crate) fn parts(&self) -> Vec<String> {
        let separated = |value: &String| {
            let parts = value.split([',', ' ', '\t', '\n']);
            let parts = parts.filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect::<Vec<_>>()
        };
        self.values.iter().flat_map(separated).collect()
    }

    pub(crate) fn is_true(&self) -> bool {
        matches!(self.text().to_lowercase().as_str(), "true" | "1" | "t")
    }
}

/// Whether the setting of that name is a secret, which is neither kept nor shown.
pub(crate) fn is_secret(name: &str) -> bool {
    SECRETS.contains(&name)
}

/// Whether that client secret is the one that everybody knows.
pub(crate) fn is_published(secret: &str) -> bool {
    secret.trim() == PUBLISHED
}

/// Where the client secret is, so that a person can take it from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SecretPlace {
    /// A line `key=secret` of a file.
    File { file: PathBuf, key: String },
    /// A key of a Secret.
    Secret {
        namespace: String,
        name: String,
        key: String,
    },
    /// Somewhere that no command reads by itself.
    Elsewhere(String),
}

impl SecretPlace {
    /// The command that hands it to `kfwasm apply`.
    pub(crate) fn command(&self) -> String {
        let reading = match self {
            Self::File { file, key } => {
                format!("sed -n 's/^[ -]*{key}=//p' '{}'", file.display())
            }
            Self::Secret {
                namespace,
                name,
                key,
            } => {
                let key = key.replace('.', "\\.");
                format!(
                    "kubectl -n {namespace} get secret {name} -o jsonpath='{{.data.{key}}}' | base64 -d"
                )
            }
            Self::Elsewhere(what) => return format!("export KFWASM_CLIENT_SECRET=...  # {what}"),
        };
        format!("export KFWASM_CLIENT_SECRET=\"$({reading})\"")
    }
}
