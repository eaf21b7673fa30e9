use url::Url;

use super::cookie_jar::CookieJar;
use super::network::Network;
use super::{Page, Request};
use crate::RigError;

const MOST_REDIRECTS: usize = 20;

/// One person's browser. Every request goes over a connection of its own, and so to any of the gateway's workers.
#[derive(Clone, Debug, Default)]
pub struct UserAgent {
    cookies: CookieJar,
    network: Network,
}

impl UserAgent {
    /// A browser that has been nowhere.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A browser that has been nowhere, speaks https too, and trusts these certificate authorities (PEM). To it every
    /// name in an https address is this machine.
    ///
    /// # Errors
    /// When that is no PEM of certificates.
    pub fn trusting(authorities: &str) -> Result<Self, RigError> {
        Ok(Self {
            cookies: CookieJar::default(),
            network: Network::trusting(authorities)?,
        })
    }

    /// Opens an address as if it were typed. Follows nothing.
    ///
    /// # Errors
    /// When there is no HTTP response.
    pub fn visit(&mut self, address: &str) -> Result<Page, RigError> {
        self.send(&Request::navigation(address)?.header("sec-fetch-site", "none"))
    }

    /// Sends a request with the cookies for its address, and takes in those that the response sets.
    ///
    /// # Errors
    /// When there is no HTTP response.
    pub fn send(&mut self, request: &Request) -> Result<Page, RigError> {
        let cookies = self
            .cookies
            .header(&request.address)
            .filter(|_| request.with_cookies);
        let bytes = request.to_bytes(cookies)?;
        let response = self.network.exchange(&request.address, &bytes)?;
        if request.with_cookies {
            self.cookies.store(&request.address, &response);
        }
        Ok(Page {
            address: request.address.clone(),
            response,
        })
    }

    /// Goes where one redirect leads, by GET.
    ///
    /// # Errors
    /// When the page is no redirect, or there is no HTTP response.
    pub fn follow(&mut self, page: &Page) -> Result<Page, RigError> {
        let target = page.location().ok_or_else(|| {
            RigError::unexpected(
                page.address.as_str(),
                format!("{} and not a redirect", page.status),
            )
        })?;
        self.send(
            &Request::navigation(target.as_str())?
                .header("sec-fetch-site", relation(&page.address, &target)),
        )
    }

    /// Goes on until a page is no redirect.
    ///
    /// # Errors
    /// When that takes more than 20 steps, or there is no HTTP response.
    pub fn land(&mut self, mut page: Page) -> Result<Page, RigError> {
        for _ in 0..MOST_REDIRECTS {
            if page.location().is_none() {
                return Ok(page);
            }
            page = self.follow(&page)?;
        }
        Err(RigError::unexpected(
            page.address.as_str(),
            "one redirect after another",
        ))
    }

    /// Posts the page's form with these fields added to its hidden ones. Follows nothing.
    ///
    /// # Errors
    /// When the page has no form, or there is no HTTP response.
    pub fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Result<Page, RigError> {
        let form = page.form()?;
        let target = page
            .address
            .join(&form.action)
            .unwrap_or_else(|_| page.address.clone());
        let hidden = form
            .hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let pairs = hidden.chain(fields.iter().copied());
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let request = Request::navigation(target.as_str())?
            .method("POST")
            .header("sec-fetch-site", relation(&page.address, &target))
            .header("origin", page.address.origin().ascii_serialization())
            .body("application/x-www-form-urlencoded", body);
        self.send(&request)
    }

    /// Opens an address, signs in at the rig's provider when asked, and goes on to where that leads.
    ///
    /// # Errors
    /// When there is no sign-in form on the way, or no HTTP response.
    pub fn sign_in(&mut self, address: &str, username: &str) -> Result<Page, RigError> {
        let asked = self.visit(address)?;
        let form = self.land(asked)?;
        let answered = self.submit(&form, &[("username", username)])?;
        self.land(answered)
    }

    /// The value of the cookie of this name that would be sent to this address.
    #[must_use]
    pub fn cookie(&self, address: &str, name: &str) -> Option<String> {
        self.cookies.value(&Url::parse(address).ok()?, name)
    }

    /// The names of all cookies that have not expired.
    #[must_use]
    pub fn cookie_names(&self) -> Vec<String> {
        self.cookies.names()
    }

    /// Plants a cookie, as somebody with access to the browser could.
    pub fn set_cookie(&mut self, address: &str, name: &str, value: &str) {
        if let Ok(address) = Url::parse(address) {
            self.cookies.set(&address, name, value);
        }
    }
}

/// `Sec-Fetch-Site` (Fetch Metadata §2.3). The hosts here have no registrable domain, so a site is a host.
fn relation(from: &Url, to: &Url) -> &'static str {
    if from.origin() == to.origin() {
        "same-origin"
    } else if from.host() == to.host() && from.scheme() == to.scheme() {
        "same-site"
    } else {
        "cross-site"
    }
}
