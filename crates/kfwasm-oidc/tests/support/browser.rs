use std::rc::Rc;

use form_urlencoded::byte_serialize;

use super::clock::Clock;
use super::cookie_jar::CookieJar;
use super::gateway::Gateway;
use super::provider::Provider;
use super::request::Request;
use super::response::Response;
use super::stage::{ALICE, HOST};

/// A person's browser: it keeps cookies, says who asks (W3C Fetch Metadata), and follows redirects.
pub(crate) struct Browser {
    gateway: Rc<Gateway>,
    provider: Rc<Provider>,
    pub(crate) jar: CookieJar,
}

/// Most redirects that browsers follow (Fetch §4.5).
const MOST_REDIRECTS: usize = 20;

impl Browser {
    pub(crate) fn new(clock: &Clock, gateway: &Rc<Gateway>, provider: &Rc<Provider>) -> Self {
        Self {
            gateway: Rc::clone(gateway),
            provider: Rc::clone(provider),
            jar: CookieJar::new(clock),
        }
    }

    /// Types an address; shows where that leads.
    pub(crate) fn go(&mut self, url: &str) -> Response {
        let response = self.send(Request::navigation(url));
        self.follow(response)
    }

    /// Types an address; does not follow where it leads yet.
    pub(crate) fn open(&mut self, url: &str) -> Response {
        self.send(Request::navigation(url))
    }

    /// Opens tabs so fast that all requests leave before the first response is there.
    pub(crate) fn open_at_once(&mut self, urls: &[&str]) -> Vec<Response> {
        let requests = urls.iter().map(|url| Request::navigation(url));
        let requests: Vec<Request> = requests.map(|it| self.with_cookies(it)).collect();
        let responses: Vec<Response> = requests.iter().map(|it| self.carry(it)).collect();
        responses.iter().for_each(|it| self.keep_cookies(it));
        responses
    }

    /// Follows redirects to their end.
    pub(crate) fn follow(&mut self, mut response: Response) -> Response {
        for _ in 0..MOST_REDIRECTS {
            if response.header("location").is_none() {
                return response;
            }
            response = self.follow_once(&response);
        }
        panic!("a redirect loop at {}", response.address);
    }

    /// Follows one redirect.
    pub(crate) fn follow_once(&mut self, response: &Response) -> Response {
        self.go_on(&response.location().to_string(), response.initiator.clone())
    }

    /// Fills in the provider's sign-in form, and follows to where that leads.
    pub(crate) fn enter_password(&mut self, page: &Response, user: &str) -> Response {
        let response = self.send_password(page, user);
        self.follow(response)
    }

    /// Fills in the provider's sign-in form, and stops at the callback.
    pub(crate) fn come_back(&mut self, page: &Response, user: &str) -> Response {
        let response = self.enter_password_only(page, user);
        self.follow_once(&response)
    }

    /// Fills in the provider's sign-in form; stops at what the provider then sends.
    pub(crate) fn enter_password_only(&mut self, page: &Response, user: &str) -> Response {
        let response = self.send_password(page, user);
        self.follow_once(&response)
    }

    fn send_password(&mut self, page: &Response, user: &str) -> Response {
        assert!(page.is_sign_in_form(), "{} {}", page.status, page.report);
        let back: String = byte_serialize(page.address.path.as_bytes()).collect();
        let url = format!("{}/login?user={user}&then={back}", page.address.origin());
        self.go_on(&url, Some(page.address.origin()))
    }

    /// Goes to a page, and signs in as Alice at the provider.
    pub(crate) fn sign_in(&mut self, url: &str) -> Response {
        let form = self.go(url);
        self.enter_password(&form, ALICE)
    }

    /// A script of a page of ours asks for data.
    pub(crate) fn fetch(&mut self, url: &str) -> Response {
        self.send(Request::script("GET", url))
    }

    /// The person follows a link on a page of another site.
    pub(crate) fn follow_link_from(&mut self, origin: &str, url: &str) -> Response {
        self.go_on(url, Some(origin.to_owned()))
    }

    /// Sends any request, with the cookies that belong to it; does not follow.
    pub(crate) fn send(&mut self, request: Request) -> Response {
        let response = self.carry(&self.with_cookies(request));
        self.keep_cookies(&response);
        response
    }

    /// Sends a request as from a page of no origin, which no cookie goes with.
    pub(crate) fn send_without_cookies(&mut self, request: Request) -> Response {
        let response = self.carry(&request);
        self.keep_cookies(&response);
        response
    }

    fn go_on(&mut self, url: &str, initiator: Option<String>) -> Response {
        let request = Request::navigation(url);
        let address = request.address();
        let site = match &initiator {
            None => "none",
            Some(origin) if *origin == address.origin() => "same-origin",
            Some(_) => "cross-site",
        };
        Response {
            initiator,
            ..self.send(request.replacing("sec-fetch-site", site))
        }
    }

    pub(crate) fn with_cookies(&self, request: Request) -> Request {
        match self.jar.header_for(&request) {
            Some(cookies) => request.with("cookie", cookies),
            None => request,
        }
    }

    fn carry(&self, request: &Request) -> Response {
        if self.provider.is_at(&request.address().authority) {
            return self.provider.browse(request);
        }
        self.gateway.handle(request)
    }

    pub(crate) fn keep_cookies(&mut self, response: &Response) {
        for cookie in response.all("set-cookie") {
            self.jar.take(&response.address, cookie);
        }
    }

    /// The value of the session's cookie.
    pub(crate) fn session_cookie(&self) -> String {
        let mut cookies = self.jar.named("authservice_session").into_iter();
        let session = cookies.find(|it| it.name == "authservice_session");
        session.expect("a session").value
    }

    /// The identifier of the session, as a sign-out would tell it; the browser does not sign out.
    pub(crate) fn session_id(&self) -> String {
        let request = self.with_cookies(Request::navigation("/logout"));
        let reply = self.gateway.handle(&request);
        let cookies = reply.all("set-cookie").into_iter();
        let mut ids = cookies.filter_map(|it| it.strip_prefix("authservice_session_ended="));
        let id = ids.next().and_then(|it| it.split(';').next());
        id.expect("a session that ends").to_owned()
    }

    /// The names and values of the cookies of sign-ins under way.
    pub(crate) fn attempts(&self) -> Vec<(String, String)> {
        let cookies = self.jar.named("authservice_session_attempt_").into_iter();
        cookies.map(|it| (it.name, it.value)).collect()
    }

    /// Whether a page opens without asking for a sign-in.
    pub(crate) fn is_signed_in(&mut self) -> bool {
        self.open("/").upstream.is_some()
    }

    pub(crate) fn plant(&mut self, name: &str, value: &str) {
        self.jar.plant(HOST, name, value);
    }
}
