use std::rc::Rc;

use serde_json::{Value, json};

use super::browser::Browser;
use super::clock::Clock;
use super::gateway::Gateway;
use super::provider::Provider;

pub(crate) const HOST: &str = "kubeflow.example.com";
pub(crate) const ALICE: &str = "alice@example.com";
pub(crate) const PARTNERS: &str = "https://login.partners.example";
pub(crate) const CLIENT_SECRET: &str = "p&ss w0rd/of:the=client";
pub(crate) const GATE: &str = "b7e23ec29af22b0b4e41da31e868d57226121c84";
pub(crate) const OLD_KEY: &str = "b2xkLWtleS1vbGQta2V5LW9sZC1rZXktb2xkLWtleS0=";
pub(crate) const NEW_KEY: &str = "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleS0=";

/// Everything that a story needs.
pub(crate) struct Stage {
    pub(crate) clock: Clock,
    pub(crate) provider: Rc<Provider>,
    pub(crate) gateway: Rc<Gateway>,
}

impl Stage {
    /// A gateway that has been up for a while, with a usual configuration.
    pub(crate) fn new() -> Self {
        Self::with(json!({}))
    }

    /// The same with changes to the configuration (JSON Merge Patch, RFC 7396).
    pub(crate) fn with(changes: Value) -> Self {
        let stage = Self::cold(changes);
        stage.pass(0);
        stage
    }

    /// A gateway that starts this moment and knows nothing of its provider.
    pub(crate) fn cold(changes: Value) -> Self {
        let clock = Clock::new();
        let provider = Rc::new(Provider::new(&clock));
        let gateway = Rc::new(Gateway::new(&clock, &provider, &config(changes)));
        Self {
            clock,
            provider,
            gateway,
        }
    }

    /// A gateway whose people sign in at either of two providers: employees at the usual one, and `partners`.
    pub(crate) fn with_partners(changes: Value) -> (Self, Rc<Provider>) {
        let mut config = json!({
            "provider": { "name": "employees", "label": "Employees" },
            "further": [{
                "name": "partners",
                "issuer": PARTNERS,
                "clientId": "kubeflow",
                "clientSecret": { "env": "CLIENT_SECRET" },
                "idTokenSigningAlgorithms": ["ES256"],
            }],
        });
        merge(&mut config, changes);
        let stage = Self::cold(config);
        let partners = Rc::new(Provider::at("login.partners.example", &stage.clock));
        for host in [HOST, "kubeflow.example.org:8443"] {
            let callback = "/authservice/oidc/callback/partners";
            partners.registers(&format!("https://{host}{callback}"));
        }
        stage.provider.stands_beside(&partners);
        stage.pass(0);
        (stage, partners)
    }

    /// Lets time pass; the workers then do what they do each second.
    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.advance(seconds);
        // The key set's address is in the discovery document, so that it comes a second later.
        self.gateway.tick();
        self.gateway.tick();
    }

    /// The browser of somebody who was never here.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.clock, &self.gateway, &self.provider)
    }

    /// The browser of Alice, who is signed in.
    pub(crate) fn signed_in(&self) -> Browser {
        let mut browser = self.browser();
        let page = browser.sign_in("/");
        assert!(page.upstream.is_some(), "{} {}", page.status, page.report);
        browser
    }
}

/// The usual configuration with changes. Its one provider stands under `provider`, others under `further`.
pub(crate) fn config(changes: Value) -> Value {
    let mut config = json!({
        "publicHosts": [HOST, "kubeflow.example.org:8443"],
        "provider": {
            "issuer": "https://login.example.com",
            "clientId": "kubeflow",
            "clientSecret": {"env": "CLIENT_SECRET"},
            "idTokenSigningAlgorithms": ["ES256"],
        },
        "skip": [{"prefix": "/public"}, {"exact": "/healthz"}, {"suffix": ".css"}],
    });
    merge(&mut config, changes);
    let members = config.as_object_mut().unwrap();
    let provider = members.remove("provider").unwrap();
    let mut providers = vec![provider];
    if let Some(Value::Array(further)) = members.remove("further") {
        providers.extend(further);
    }
    members.insert("providers".to_owned(), providers.into());
    config
}

fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(members), Value::Object(changes)) => {
            for (name, change) in changes {
                merge(members.entry(name).or_insert(Value::Null), change);
            }
        }
        (target, patch) => *target = patch,
    }
}
