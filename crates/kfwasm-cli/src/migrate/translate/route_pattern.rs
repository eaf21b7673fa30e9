/// What a pattern of oauth2-proxy for request paths covers, if it is one path or everything below one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoutePattern {
    /// The method that it is for, if it is for one alone.
    pub(super) method: Option<String>,
    pub(super) path: String,
    /// That path alone, and nothing below it.
    pub(super) exact: bool,
}

/// Characters that mean something else than themselves. A dot among them is left out: taken for itself it covers less.
const SPECIAL: [char; 12] = ['[', ']', '(', ')', '*', '+', '?', '{', '}', '|', '^', '$'];

impl RoutePattern {
    /// Reads `[METHOD=]^/path`, `^/path/`, `^/path/.*`, `^/path$` and their like. Nothing when it covers anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (method, pattern) = split_method(text)?;
        let (body, exact) = body(pattern.strip_prefix('^')?);
        let path = body
            .replace("\\.", ".")
            .replace("\\-", "-")
            .replace("\\/", "/");
        let plain = path.starts_with('/') && !path.contains(SPECIAL) && !path.contains('\\');
        (plain && path.len() > 1).then_some(Self {
            method,
            path,
            exact,
        })
    }
}

fn split_method(text: &str) -> Option<(Option<String>, &str)> {
    let Some((method, pattern)) = text.split_once('=') else {
        return Some((None, text));
    };
    if method.ends_with('!') {
        return None;
    }
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Some((None, text));
    }
    Some((Some(method.to_owned()), pattern))
}

/// The path in a pattern, and whether it is that path alone.
fn body(pattern: &str) -> (&str, bool) {
    if let Some(exact) = pattern.strip_suffix('$') {
        return match exact
            .strip_suffix("/.*")
            .or_else(|| exact.strip_suffix(".*"))
        {
            Some(prefix) => (prefix.trim_end_matches('/'), false),
            None => (exact, true),
        };
    }
    let pattern = pattern.strip_suffix(".*").unwrap_or(pattern);
    (pattern.trim_end_matches('/'), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_what_is_below_them_are_read_and_nothing_else() {
        for (text, wanted) in [
            ("^/dex/", Some((None, "/dex", false))),
            ("^/dex", Some((None, "/dex", false))),
            ("^/dex/.*", Some((None, "/dex", false))),
            ("^/dex/.*$", Some((None, "/dex", false))),
            ("^/favicon\\.ico$", Some((None, "/favicon.ico", true))),
            ("GET=^/healthz$", Some((Some("GET"), "/healthz", true))),
            ("POST!=^/healthz$", None),
            ("/dex/", None),
            ("^/", None),
            ("^/(a|b)/", None),
            ("^/a[0-9]+/", None),
            ("^/a/\\d", None),
            ("", None),
        ] {
            let wanted = wanted.map(|(method, path, exact)| RoutePattern {
                method: method.map(str::to_owned),
                path: path.to_owned(),
                exact,
            });
            assert_eq!(RoutePattern::parse(text), wanted, "{text}");
        }
    }
}
