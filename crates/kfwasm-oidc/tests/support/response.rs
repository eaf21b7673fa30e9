use kfwasm_oidc::Outcome;

use super::address::Address;
use super::upstream::Upstream;

/// What comes back to a client, from the gateway or from the provider.
pub(crate) struct Response {
    /// What was asked for.
    pub(crate) address: Address,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// How the gateway counts the request; nothing for the provider's responses.
    pub(crate) outcome: Option<Outcome>,
    /// What the operator is told.
    pub(crate) report: String,
    /// The request as the upstream saw it, if it did.
    pub(crate) upstream: Option<Upstream>,
    /// The origin of the page that the request came from; nothing when the user typed it.
    pub(crate) initiator: Option<String>,
}

impl Response {
    pub(crate) fn new(address: Address, status: u16, body: &str) -> Self {
        Self {
            address,
            status,
            headers: Vec::new(),
            body: body.to_owned(),
            outcome: None,
            report: String::new(),
            upstream: None,
            initiator: None,
        }
    }

    pub(crate) fn redirect(address: Address, status: u16, location: &str) -> Self {
        Self::new(address, status, "").with("location", location)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Every value of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let headers = self.headers.iter();
        headers
            .filter(|(it, _)| it == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).first().copied()
    }

    /// Where it sends the browser.
    pub(crate) fn location(&self) -> Address {
        Address::parse(self.header("location").expect("a redirect"))
    }

    /// Sends the browser elsewhere than it should.
    pub(crate) fn edit_location(&mut self, from: &str, to: &str) {
        for (name, value) in &mut self.headers {
            if name == "location" {
                assert!(value.contains(from), "{value}");
                *value = value.replacen(from, to, 1);
            }
        }
    }

    /// The names of the cookies that it sets, without those that it deletes.
    pub(crate) fn cookies_set(&self) -> Vec<&str> {
        let set = self.all("set-cookie").into_iter();
        set.filter(|it| !it.contains("Max-Age=0;"))
            .filter_map(|it| it.split('=').next())
            .collect()
    }

    /// The names of the cookies that it deletes.
    pub(crate) fn cookies_deleted(&self) -> Vec<&str> {
        let set = self.all("set-cookie").into_iter();
        set.filter(|it| it.contains("Max-Age=0;"))
            .filter_map(|it| it.split('=').next())
            .collect()
    }

    /// Whom the upstream was told that the user is.
    pub(crate) fn user(&self) -> &str {
        let upstream = self.upstream.as_ref().expect("a page of the upstream");
        upstream.text("kubeflow-userid")
    }

    /// Whether the browser shows the provider's sign-in form.
    pub(crate) fn is_sign_in_form(&self) -> bool {
        self.status == 200 && self.body == super::provider::SIGN_IN_FORM
    }
}
