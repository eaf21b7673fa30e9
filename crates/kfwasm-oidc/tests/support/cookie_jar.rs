use super::address::Address;
use super::clock::Clock;
use super::request::Request;

/// A browser's cookies (RFC 6265 §5), with the prefixes and the limit of RFC 6265bis.
pub(crate) struct CookieJar {
    clock: Clock,
    cookies: Vec<Cookie>,
}

#[derive(Clone, Debug)]
pub(crate) struct Cookie {
    host: String,
    pub(crate) name: String,
    pub(crate) value: String,
    path: String,
    expiry: Option<u64>,
    secure: bool,
    lax: bool,
}

/// Largest name and value together that browsers keep, in bytes.
const LARGEST: usize = 4096;

impl CookieJar {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            cookies: Vec::new(),
        }
    }

    /// Takes a `set-cookie` from a response to a request for `address`.
    pub(crate) fn take(&mut self, address: &Address, header: &str) {
        let cookie = self.parse(address, header);
        assert!(cookie.is_kept(address), "no browser keeps {header}");
        let replaces = |it: &Cookie| {
            it.host == cookie.host && it.name == cookie.name && it.path == cookie.path
        };
        let place = self.cookies.iter().position(replaces);
        match (place, cookie.expiry) {
            (Some(place), Some(expiry)) if expiry <= self.clock.now().0 => {
                self.cookies.remove(place);
            }
            (None, Some(expiry)) if expiry <= self.clock.now().0 => {}
            (Some(place), _) => self.cookies[place] = cookie,
            (None, _) => self.cookies.push(cookie),
        }
    }

    fn parse(&self, address: &Address, header: &str) -> Cookie {
        let mut parts = header.split(';').map(str::trim);
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let mut cookie = Cookie {
            host: address.authority.clone(),
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/".to_owned(),
            expiry: None,
            secure: false,
            lax: false,
        };
        for attribute in parts {
            match attribute.split_once('=').unwrap_or((attribute, "")) {
                ("Path", path) => cookie.path = path.to_owned(),
                ("Max-Age", age) => {
                    cookie.expiry = Some(self.clock.now().0 + age.parse::<u64>().unwrap());
                }
                ("Secure", _) => cookie.secure = true,
                ("SameSite", "Lax") => cookie.lax = true,
                ("HttpOnly", _) => {}
                _ => panic!("unknown attribute {attribute}"),
            }
        }
        cookie
    }

    /// The `cookie` header for a request: longer paths first, then older cookies (RFC 6265 §5.4).
    pub(crate) fn header_for(&self, request: &Request) -> Option<String> {
        let mut cookies = self.for_request(request);
        cookies.sort_by_key(|cookie| usize::MAX - cookie.path.len());
        let pairs: Vec<String> = cookies
            .iter()
            .map(|cookie| [&cookie.name, "=", &cookie.value].concat())
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn for_request(&self, request: &Request) -> Vec<&Cookie> {
        let (address, now) = (request.address(), self.clock.now().0);
        let cross_site = request.text("sec-fetch-site") == "cross-site";
        let navigates = request.text("sec-fetch-mode") == "navigate"
            && request.text("sec-fetch-dest") == "document"
            && request.text(":method") == "GET";
        self.cookies
            .iter()
            .filter(|it| it.host == address.authority && it.covers(address.path_alone()))
            .filter(|it| it.expiry.is_none_or(|expiry| expiry > now))
            .filter(|it| !it.secure || address.scheme == "https")
            .filter(|it| !it.lax || !cross_site || navigates)
            .collect()
    }

    /// The cookies of the gateway that have not expired.
    pub(crate) fn named(&self, prefix: &str) -> Vec<Cookie> {
        let now = self.clock.now().0;
        let cookies = self.cookies.iter();
        cookies
            .filter(|it| it.name.starts_with(prefix))
            .filter(|it| it.expiry.is_none_or(|expiry| expiry > now))
            .cloned()
            .collect()
    }

    /// The names of all cookies of the gateway that have not expired.
    pub(crate) fn names(&self) -> Vec<String> {
        self.named("").into_iter().map(|it| it.name).collect()
    }

    /// Puts a cookie there by hand, as whoever controls the browser can.
    pub(crate) fn plant(&mut self, host: &str, name: &str, value: &str) {
        let address = Address::parse(&["https://", host, "/"].concat());
        self.take(&address, &[name, "=", value, "; Path=/; Secure"].concat());
    }

    /// Deletes cookies by hand.
    pub(crate) fn forget(&mut self, name: &str) {
        self.cookies.retain(|it| it.name != name);
    }
}

impl Cookie {
    /// RFC 6265 §5.1.4.
    fn covers(&self, path: &str) -> bool {
        match path.strip_prefix(&self.path) {
            Some(rest) => rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'),
            None => false,
        }
    }

    fn is_kept(&self, address: &Address) -> bool {
        let host_only = !self.name.starts_with("__Host-") || (self.secure && self.path == "/");
        let secure_name = !self.name.starts_with("__Secure-") || self.secure;
        let secure_origin = !self.secure || address.scheme == "https";
        let fits = self.name.len() + self.value.len() <= LARGEST;
        host_only && secure_name && secure_origin && fits
    }
}
