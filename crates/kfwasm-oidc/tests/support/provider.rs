use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use kfwasm_oidc::callout::{CalloutError, HttpRequest, HttpResponse};
use serde_json::{Map, Value};

use super::address::Address;
use super::clock::Clock;
use super::request::Request;
use super::response::Response;

mod answer;
mod authorization;
mod discovery;
mod grant;
pub(crate) mod graph;
pub(crate) mod refresh;
mod signing;
mod token;
mod user_info;

pub(crate) use answer::{Answer, Endpoint};
pub(crate) use authorization::SIGN_IN_FORM;
use grant::Grant;
use signing::SigningKey;

pub(crate) const AUTHORITY: &str = "login.example.com";
pub(crate) const ISSUER: &str = "https://login.example.com";
pub(crate) const CLIENT_ID: &str = "kubeflow";

/// An OpenID provider that follows the specifications to the letter, unless a test tells it not to.
pub(crate) struct Provider {
    authority: &'static str,
    clock: Clock,
    /// Others that the gateway's people may sign in at.
    beside: RefCell<Vec<Rc<Self>>>,
    state: RefCell<State>,
}

struct State {
    /// The last one signs.
    keys: Vec<SigningKey>,
    keys_made: usize,
    document: Value,
    registered: Vec<String>,
    answers: BTreeMap<Endpoint, Answer>,
    calls: Vec<Endpoint>,
    /// What stands in ID tokens instead of the truth; nothing for a claim that is left out.
    claims: Map<String, Value>,
    /// What the userinfo endpoint tells beside `sub`.
    user_info: Map<String, Value>,
    /// Whose the access tokens are.
    holders: BTreeMap<String, String>,
    /// The groups that Graph tells.
    graph: Vec<String>,
    grants: BTreeMap<String, Grant>,
    grants_made: usize,
    refresh: refresh::State,
    /// The error that sign-ins end with.
    refuses: Option<String>,
    names_itself: bool,
    /// Whether `max_age` and `acr_values` are honoured.
    steps_up: bool,
    /// When who proved who they are, and in which way.
    logins: BTreeMap<String, (u64, Option<String>)>,
    lifetime: Option<u64>,
    /// Codes and tokens that were given out, as they were.
    secrets: Vec<String>,
}

impl Provider {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self::at(AUTHORITY, clock)
    }

    /// A provider on this host.
    pub(crate) fn at(authority: &'static str, clock: &Clock) -> Self {
        let provider = Self {
            authority,
            clock: clock.clone(),
            beside: RefCell::default(),
            state: RefCell::new(State {
                keys: Vec::new(),
                keys_made: 0,
                document: discovery::document(authority),
                registered: authorization::registered(),
                answers: BTreeMap::new(),
                calls: Vec::new(),
                claims: Map::new(),
                user_info: Map::new(),
                holders: BTreeMap::new(),
                graph: Vec::new(),
                grants: BTreeMap::new(),
                grants_made: 0,
                refresh: refresh::State::default(),
                refuses: None,
                names_itself: true,
                steps_up: true,
                logins: BTreeMap::new(),
                lifetime: Some(3600),
                secrets: Vec::new(),
            }),
        };
        provider.add_key();
        provider
    }

    pub(crate) fn issuer(&self) -> String {
        format!("https://{}", self.authority)
    }

    /// Puts another provider beside this one.
    pub(crate) fn stands_beside(&self, other: &Rc<Self>) {
        self.beside.borrow_mut().push(Rc::clone(other));
    }

    /// The one at this authority, this or one beside it.
    fn beside(&self, authority: &str) -> Option<Rc<Self>> {
        let beside = self.beside.borrow();
        beside.iter().find(|it| it.authority == authority).cloned()
    }

    /// Whether this or one beside it is at the authority.
    pub(crate) fn is_at(&self, authority: &str) -> bool {
        self.authority == authority || self.beside(authority).is_some()
    }

    /// Answers the gateway.
    pub(crate) fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, CalloutError> {
        if let Some(other) = self.beside(&request.authority) {
            return other.answer(request);
        }
        let cluster = format!("outbound|443||{}", self.authority);
        assert_eq!(request.cluster, cluster);
        assert_eq!(
            (request.scheme, request.authority.as_str()),
            ("https", self.authority)
        );
        assert!(
            request.timeout_milliseconds > 0,
            "a request without deadline"
        );
        let endpoint = Endpoint::at(request);
        self.state.borrow_mut().calls.push(endpoint);
        let answer = self.state.borrow().answers.get(&endpoint).cloned();
        match answer {
            Some(answer) => answer.into_result(),
            None => Ok(match endpoint {
                Endpoint::Discovery => self.discovery(),
                Endpoint::KeySet => self.key_set(),
                Endpoint::Token => self.token(request),
                Endpoint::UserInfo => self.user_info(request),
                Endpoint::Groups => self.groups(request),
                Endpoint::Revocation => self.revoke(request),
            }),
        }
    }

    /// Answers a browser.
    pub(crate) fn browse(&self, request: &Request) -> Response {
        let address = request.address();
        if let Some(other) = self.beside(&address.authority) {
            return other.browse(request);
        }
        match address.path_alone() {
            "/authorize" => self.authorize(request),
            "/login" => self.log_in(&address),
            "/end-session" => self.end_session(&address),
            _ => Response::new(address, 404, "not found"),
        }
    }

    /// Gives this answer from now on.
    pub(crate) fn answers(&self, endpoint: Endpoint, answer: Answer) {
        self.state.borrow_mut().answers.insert(endpoint, answer);
    }

    /// Gives no answers any more.
    pub(crate) fn goes_down(&self) {
        for endpoint in Endpoint::ALL {
            self.answers(endpoint, Answer::None(CalloutError::NoResponse));
        }
    }

    /// Answers as it should again.
    pub(crate) fn comes_back(&self) {
        self.state.borrow_mut().answers.clear();
    }

    /// How often the gateway has asked here.
    pub(crate) fn calls(&self, endpoint: Endpoint) -> usize {
        let state = self.state.borrow();
        state.calls.iter().filter(|it| **it == endpoint).count()
    }

    /// Ends sign-ins with this error.
    pub(crate) fn refuses_with(&self, error: &str) {
        self.state.borrow_mut().refuses = Some(error.to_owned());
    }

    /// Puts something else into ID tokens than the truth.
    pub(crate) fn claims(&self, name: &str, value: impl Into<Value>) {
        let mut state = self.state.borrow_mut();
        state.claims.insert(name.to_owned(), value.into());
    }

    /// Leaves a claim out of ID tokens.
    pub(crate) fn omits(&self, name: &str) {
        self.claims(name, Value::Null);
    }

    /// Puts the truth into ID tokens again.
    pub(crate) fn tells_the_truth(&self) {
        self.state.borrow_mut().claims.clear();
    }

    /// Sends `expires_in` with the tokens.
    pub(crate) fn issues_tokens_for(&self, seconds: Option<u64>) {
        self.state.borrow_mut().lifetime = seconds;
    }

    /// Takes no notice of `max_age` and `acr_values` any more.
    pub(crate) fn ignores_step_up(&self) {
        self.state.borrow_mut().steps_up = false;
    }

    /// The form of the sign-in page leads here: whoever fills it in is believed.
    fn log_in(&self, address: &Address) -> Response {
        let user = address.parameter("user").unwrap();
        let then = address.origin() + &address.parameter("then").unwrap();
        let acr = Address::parse(&then).parameter("acr_values");
        let acr = acr.and_then(|it| it.split(' ').next().map(str::to_owned));
        let login = (self.clock.now().0, acr);
        self.state.borrow_mut().logins.insert(user.clone(), login);
        let cookie = format!("sso={user}; Path=/; HttpOnly; Secure");
        Response::redirect(address.clone(), 303, &then).with("set-cookie", &cookie)
    }

    /// Every code and token that it has given out.
    pub(crate) fn secrets(&self) -> Vec<String> {
        self.state.borrow().secrets.clone()
    }
}
