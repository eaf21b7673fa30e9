use std::collections::BTreeMap;

/// What a registry wants to see (RFC 9110 §11.6.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// A name and a password (RFC 7617).
    Basic,
    /// A token, and where it is got.
    Bearer {
        realm: String,
        /// What to ask for there.
        wishes: Vec<(&'static str, String)>,
    },
}

impl Challenge {
    /// Reads one challenge, as registries send them.
    pub(super) fn parse(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ')?;
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let mut parameters = parameters(rest)?;
        let wishes = ["service", "scope"].into_iter();
        let wishes = wishes.filter_map(|name| Some((name, parameters.remove(name)?)));
        Some(Self::Bearer {
            wishes: wishes.collect(),
            realm: parameters.remove("realm")?,
        })
    }
}

/// `name="value"` with commas between them; a scope has commas within its quotes.
fn parameters(mut text: &str) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    loop {
        text = text.trim_start_matches([',', ' ']);
        let Some((name, rest)) = text.split_once('=') else {
            return Some(found);
        };
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest.split_once(',').unwrap_or((rest, "")),
        };
        found.insert(name.trim().to_ascii_lowercase(), value.to_owned());
        text = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    #[test]
    fn a_scope_keeps_its_commas() {
        let header = r#"Bearer realm="https://auth.example.com/token",service="registry", scope="repository:a/b:pull,push""#;
        let bearer = Challenge::Bearer {
            realm: "https://auth.example.com/token".to_owned(),
            wishes: vec![
                ("service", "registry".to_owned()),
                ("scope", "repository:a/b:pull,push".to_owned()),
            ],
        };
        assert_eq!(Challenge::parse(header), Some(bearer));
        assert_eq!(
            Challenge::parse("Basic realm=\"a\""),
            Some(Challenge::Basic)
        );
    }

    #[test]
    fn what_is_no_challenge_is_none() {
        for header in [
            "",
            "Bearer",
            "Bearer service=\"a\"",
            "Bearer realm=\"a",
            "Negotiate x",
        ] {
            assert_eq!(Challenge::parse(header), None, "{header}");
        }
    }
}
