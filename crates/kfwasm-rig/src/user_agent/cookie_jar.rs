use cookie_store::{CookieStore, RawCookie};
use url::Url;

use crate::Response;

/// A browser's cookies, by the rules of RFC 6265 §5.3 and §5.4: path, `Secure`, `Max-Age`.
#[derive(Clone, Debug, Default)]
pub(super) struct CookieJar(CookieStore);

impl CookieJar {
    /// Takes in what a response set. A cookie that breaks the rules is ignored, as a browser does.
    pub(super) fn store(&mut self, address: &Url, response: &Response) {
        for header in response.all("set-cookie") {
            if let Ok(cookie) = RawCookie::parse(header) {
                let _ = self.0.insert_raw(&cookie, address);
            }
        }
    }

    /// The `Cookie` header for this address; `None` when there is no cookie for it.
    pub(super) fn header(&self, address: &Url) -> Option<String> {
        let pairs = self
            .0
            .get_request_values(address)
            .map(|(name, value)| format!("{name}={value}"));
        let pairs = pairs.collect::<Vec<_>>();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    pub(super) fn value(&self, address: &Url, name: &str) -> Option<String> {
        self.0
            .get_request_values(address)
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value.to_owned())
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.0
            .iter_unexpired()
            .map(|cookie| cookie.name().to_owned())
            .collect()
    }

    pub(super) fn set(&mut self, address: &Url, name: &str, value: &str) {
        // Only a name or value that is no cookie's is refused, and then the test sees that it is not sent.
        let _ = self
            .0
            .insert_raw(&RawCookie::new(name.to_owned(), value.to_owned()), address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jar_after(address: &str, headers: &[&str]) -> CookieJar {
        let mut jar = CookieJar::default();
        let header = |value: &&str| ("set-cookie".to_owned(), value.as_bytes().to_vec());
        let response = Response {
            status: 200,
            headers: headers.iter().map(header).collect(),
            body: Vec::new(),
        };
        jar.store(&Url::parse(address).unwrap(), &response);
        jar
    }

    fn sent(jar: &CookieJar, address: &str) -> Option<String> {
        jar.header(&Url::parse(address).unwrap())
    }

    #[test]
    fn a_cookie_is_sent_below_its_path_only() {
        let jar = jar_after("http://localhost:8080/", &["a=1; Path=/callback"]);
        assert_eq!(
            sent(&jar, "http://localhost:8080/callback?x").as_deref(),
            Some("a=1")
        );
        assert_eq!(sent(&jar, "http://localhost:8080/callbacks"), None);
        assert_eq!(sent(&jar, "http://localhost:8080/"), None);
    }

    #[test]
    fn a_cookie_of_one_host_is_not_sent_to_another() {
        let jar = jar_after("http://localhost:8080/", &["a=1; Path=/"]);
        assert_eq!(sent(&jar, "http://127.0.0.1:8080/"), None);
    }

    #[test]
    fn a_cookie_that_is_set_to_expire_is_gone() {
        let mut jar = jar_after("http://localhost/", &["a=1; Path=/", "b=2; Path=/"]);
        let expired = ("set-cookie".to_owned(), b"a=; Path=/; Max-Age=0".to_vec());
        let response = Response {
            status: 200,
            headers: vec![expired],
            body: Vec::new(),
        };
        jar.store(&Url::parse("http://localhost/").unwrap(), &response);
        assert_eq!(sent(&jar, "http://localhost/").as_deref(), Some("b=2"));
    }

    #[test]
    fn a_secure_cookie_is_not_sent_in_clear() {
        let jar = jar_after("https://gateway.example/", &["a=1; Path=/; Secure"]);
        assert_eq!(sent(&jar, "http://gateway.example/"), None);
        assert_eq!(
            sent(&jar, "https://gateway.example/").as_deref(),
            Some("a=1")
        );
    }
}
