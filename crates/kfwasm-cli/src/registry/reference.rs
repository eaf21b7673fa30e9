use std::fmt;

use crate::failure::Failure;

/// Where an image is to be: `REGISTRY/REPOSITORY:TAG` (OCI Distribution Specification, "Pulling manifests").
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) registry: String,
    pub(crate) repository: String,
    pub(crate) tag: String,
}

const LONGEST_REPOSITORY: usize = 255;
const LONGEST_TAG: usize = 128;

impl Reference {
    /// Reads a reference; without a tag, that of this version.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let refuse = |why: &str| Err(refused(text, why));
        let written = text.strip_prefix("oci://").unwrap_or(text);
        if written.contains("://") {
            return refuse("registries are written without a scheme");
        }
        if written.contains('@') {
            return refuse("the digest is what comes of it");
        }
        let Some((registry, rest)) = written.split_once('/') else {
            return refuse("there is no repository in it");
        };
        let (repository, tag) = rest
            .split_once(':')
            .unwrap_or((rest, env!("CARGO_PKG_VERSION")));
        if !is_registry(registry) {
            return refuse("it does not begin with the host of a registry");
        }
        if !is_repository(repository) {
            return refuse(
                "the repository has lower-case letters, digits and . _ - / between them",
            );
        }
        if !is_tag(tag) {
            return refuse("the tag has letters, digits and . _ -");
        }
        Ok(Self {
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            tag: tag.to_owned(),
        })
    }

    /// The registry's API, which is elsewhere than its name says for one of them.
    pub(super) fn host(&self) -> &str {
        match self.registry.as_str() {
            "docker.io" => "registry-1.docker.io",
            host => host,
        }
    }

    /// Whether it is on this machine, where registries speak plain http.
    pub(crate) fn is_local(&self) -> bool {
        let host = self
            .registry
            .rsplit_once(':')
            .map_or(&*self.registry, |(host, _)| host);
        matches!(host, "localhost" | "127.0.0.1" | "[::1]")
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}:{}", self.registry, self.repository, self.tag)
    }
}

/// A host with a dot or a port, or localhost: otherwise it could be a repository of a registry that is left out.
fn is_registry(text: &str) -> bool {
    let named = text == "localhost" || text.contains(['.', ':']);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    named && text.bytes().all(allowed)
}

fn is_repository(text: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let part = |part: &str| {
        let ends = [part.bytes().next(), part.bytes().next_back()];
        ends.iter().all(|end| end.is_some_and(alphanumeric))
            && part
                .bytes()
                .all(|byte| alphanumeric(byte) || b"._-".contains(&byte))
    };
    text.len() <= LONGEST_REPOSITORY && text.split('/').all(part)
}

fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= LONGEST_TAG
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|byte| word(byte) || b".-".contains(&byte))
}

fn refused(text: &str, why: &str) -> Failure {
    Failure::usage(
        format!("{text:?} is not the name of an image: {why}"),
        "write REGISTRY/REPOSITORY:TAG, such as registry.example.com/kfwasm:1",
    )
}

#[cfg(test)]
mod tests {
    use super::Reference;

    fn read(text: &str) -> Option<String> {
        Reference::parse(text).ok().map(|it| it.to_string())
    }

    #[test]
    fn a_reference_has_a_registry_a_repository_and_a_tag() {
        for text in [
            "registry.example.com/kfwasm:1",
            "localhost:5000/a/b-c/d_e.f:v1.2-rc",
            "[::1]:5000/a:1",
        ] {
            assert_eq!(read(text).as_deref(), Some(text));
            assert_eq!(read(&format!("oci://{text}")).as_deref(), Some(text));
        }
        let versioned = format!("a.io/b:{}", env!("CARGO_PKG_VERSION"));
        assert_eq!(read("a.io/b"), Some(versioned));
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for text in [
            "",
            "kfwasm",
            "kfwasm:1",
            "library/kfwasm:1",
            "a.io/",
            "a.io/B:1",
            "a.io//b:1",
            "a.io/-b:1",
            "a.io/b:",
            "a.io/b:.1",
            "https://a.io/b:1",
            "a.io/b@sha256:00",
            "a.io/b:1/../c",
            "a.io/../b:1",
            "a b.io/c:1",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        let local = |text: &str| Reference::parse(text).unwrap().is_local();
        assert!(local("localhost:5000/a:1") && local("127.0.0.1:5000/a:1"));
        assert!(!local("localhost.example.com/a:1") && !local("127.0.0.1.example.com:80/a:1"));
    }
}
