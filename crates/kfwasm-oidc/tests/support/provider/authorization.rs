use form_urlencoded::Serializer;

use super::grant::Grant;
use super::{Address, CLIENT_ID, Provider, Request, Response};

/// What the page with the sign-in form says.
pub(crate) const SIGN_IN_FORM: &str = "Your name and password, please";

/// The redirect URIs of the client, exactly (RFC 9700 §2.1).
pub(super) fn registered() -> Vec<String> {
    [
        "https://kubeflow.example.com/authservice/oidc/callback",
        "https://kubeflow.example.org:8443/authservice/oidc/callback",
        "https://kubeflow.example.com/login/oidc",
        "http://kubeflow.example.com/authservice/oidc/callback",
    ]
    .map(str::to_owned)
    .to_vec()
}

impl Provider {
    /// The authorization endpoint (OIDC Core §3.1.2).
    pub(super) fn authorize(&self, request: &Request) -> Response {
        let address = request.address();
        let user = request
            .text("cookie")
            .split("; ")
            .find_map(|it| it.strip_prefix("sso="));
        match (self.check(&address), user) {
            (Err(fault), _) => Response::new(address, 400, &fault),
            (Ok(_), None) => Response::new(address, 200, SIGN_IN_FORM),
            (Ok(_), Some(user)) if !self.is_enough(user, &address) => {
                Response::new(address, 200, SIGN_IN_FORM)
            }
            (Ok(grant), Some(user)) => {
                let login = self.state.borrow().logins.get(user).cloned();
                let (auth_time, acr) = login.unwrap_or((grant.auth_time, None));
                let grant = Grant {
                    user: user.to_owned(),
                    auth_time,
                    acr,
                    ..grant
                };
                self.grant(&address, grant)
            }
        }
    }

    /// Whether the person need not prove again who they are: OIDC Core §3.1.2.1, `max_age` and `acr_values`.
    fn is_enough(&self, user: &str, address: &Address) -> bool {
        let state = self.state.borrow();
        let (then, acr) = state.logins.get(user).cloned().unwrap_or_default();
        let max_age = address.parameter("max_age").and_then(|it| it.parse().ok());
        let recent = max_age.is_none_or(|it: u64| self.clock.now().0 - then <= it);
        let asked = address.parameter("acr_values");
        let fits = asked.is_none_or(|it| it.split(' ').any(|it| Some(it) == acr.as_deref()));
        !state.steps_up || recent && fits
    }

    /// OIDC Core §3.1.2.2, RFC 7636 §4.4.1.
    fn check(&self, address: &Address) -> Result<Grant, String> {
        let parameter = |name: &str| {
            let value = address.parameter(name);
            value.ok_or_else(|| format!("there is no {name}"))
        };
        let demand = |name: &str, value: &str| {
            let found = parameter(name)?;
            (found == value)
                .then_some(())
                .ok_or_else(|| format!("{name} is {found}"))
        };
        demand("response_type", "code")?;
        demand("client_id", CLIENT_ID)?;
        demand("code_challenge_method", "S256")?;
        let redirect_uri = parameter("redirect_uri")?;
        if !self.state.borrow().registered.contains(&redirect_uri) {
            return Err(format!("{redirect_uri} is not registered"));
        }
        if !parameter("scope")?.split(' ').any(|it| it == "openid") {
            return Err("this is no OpenID request".to_owned());
        }
        if parameter("state")?.len() < 43 || parameter("nonce")?.len() < 43 {
            return Err("state or nonce can be guessed".to_owned());
        }
        Ok(Grant {
            user: String::new(),
            redirect_uri,
            nonce: parameter("nonce")?,
            code_challenge: parameter("code_challenge")?,
            auth_time: self.clock.now().0,
            acr: None,
            family: self.state.borrow().grants_made,
        })
    }

    /// The authorization response (OIDC Core §3.1.2.5, RFC 9207 §2).
    fn grant(&self, address: &Address, grant: Grant) -> Response {
        let mut state = self.state.borrow_mut();
        let mut query = Serializer::new(String::new());
        let redirect_uri = grant.redirect_uri.clone();
        match &state.refuses {
            Some(error) => {
                query.append_pair("error", error);
                query.append_pair("error_description", "<b>No</b>");
            }
            None => {
                state.grants_made += 1;
                let code = format!("secret-code-{}", state.grants_made);
                query.append_pair("code", &code);
                state.secrets.push(code.clone());
                state.grants.insert(code, grant);
            }
        }
        query.append_pair("state", &address.parameter("state").unwrap());
        if state.names_itself {
            query.append_pair("iss", &self.issuer());
        }
        let location = format!("{redirect_uri}?{}", query.finish());
        Response::redirect(address.clone(), 302, &location)
    }

    /// RP-Initiated Logout §2 and §3: whoever brings a token of ours and a registered address is sent back there.
    pub(super) fn end_session(&self, address: &Address) -> Response {
        let hint = address.parameter("id_token_hint").unwrap_or_default();
        let client = address.parameter("client_id").unwrap_or_default();
        let landing = address
            .parameter("post_logout_redirect_uri")
            .unwrap_or_default();
        let state = self.state.borrow();
        if !state.secrets.contains(&hint) || client != CLIENT_ID {
            return Response::new(address.clone(), 200, "Do you want to sign out?");
        }
        if !state.registered.contains(&landing) {
            return Response::new(address.clone(), 400, "unknown post_logout_redirect_uri");
        }
        Response::redirect(address.clone(), 303, &landing)
            .with("set-cookie", "sso=; Path=/; Max-Age=0; HttpOnly; Secure")
    }

    /// Lets browsers be sent to another address as well, after sign-in or sign-out.
    pub(crate) fn registers(&self, address: &str) {
        self.state.borrow_mut().registered.push(address.to_owned());
    }
}
