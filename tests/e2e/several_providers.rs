//! Two real providers at one gateway.

use kfwasm_rig::{
    Gateway, Page, Parts, Provider, ProviderSettings, RigError, UserAgent, free_port,
};
use serde_json::{Value, json};

use crate::own_gateway::{OwnGateway, provider};
use crate::stage::Shown;

/// A gateway whose people choose between two providers, which start before it.
pub(crate) struct TwoProviders {
    pub(crate) own: OwnGateway,
    pub(crate) partners: Provider,
    pub(crate) gateway: Gateway,
}

impl TwoProviders {
    pub(crate) fn start(more: &Value) -> Result<Self, RigError> {
        let mut own = OwnGateway::prepare()?;
        let callback = format!(
            "http://localhost:{}/authservice/oidc/callback/partners",
            own.settings.port
        );
        let settings = ProviderSettings::new(free_port()?, vec![callback]);
        let partners = Provider::start(&Parts::from_environment()?, settings)?;
        own.settings.provider_hosts.push(partners.host());
        let employees = json!({ "name": "employees", "label": "Employees" });
        let labelled = json!({ "name": "partners", "label": "Partners <and> friends" });
        let providers = [
            provider(&own.provider.issuer(), employees),
            provider(&partners.issuer(), labelled),
        ];
        own.configure("providers", providers.to_vec().into());
        for (name, value) in more.as_object().expect("fields") {
            own.configure(name, value.clone());
        }
        let gateway = own.start()?;
        Ok(Self {
            own,
            partners,
            gateway,
        })
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.gateway.address())
    }
}

/// Where the button with this label leads.
fn choice(page: &Page, label: &str) -> String {
    let text = page.text();
    let (before, _) = text.split_once(label).expect("the label");
    let (_, href) = before.rsplit_once("href=\"").expect("a link");
    let href = href.split('"').next().expect("an address");
    let href = href.replace("&#38;", "&");
    page.address.join(&href).expect("an address").to_string()
}

fn tokens_asked(provider: &Provider) -> Result<u64, RigError> {
    provider.asked("/token")
}

#[test]
fn people_choose_their_provider_and_land_on_the_page_that_they_asked_for() -> Shown {
    let stage = TwoProviders::start(&json!({}))?;
    let cases = [
        (
            "Partners &#60;and&#62; friends",
            "/authservice/oidc/callback/partners",
        ),
        ("Employees", "/authservice/oidc/callback"),
    ];
    for (label, callback) in cases {
        let mut browser = UserAgent::new();
        let page = browser.visit(&stage.at("/pipeline/runs?ns=a%20b"))?;
        assert_eq!(page.status, 401);
        let sent = browser.visit(&choice(&page, label))?;
        let expected = stage.at(callback);
        assert_eq!(sent.location_parameter("redirect_uri"), Some(expected));
        let form = browser.land(sent)?;
        let answered = browser.submit(&form, &[("username", "alice")])?;
        let page = browser.land(answered)?;

        assert_eq!(page.status, 200, "{label}: {}", page.text());
        assert_eq!(page.address.path(), "/pipeline/runs");
        assert_eq!(page.address.query(), Some("ns=a%20b"));
    }
    assert_eq!(tokens_asked(&stage.own.provider)?, 1);
    assert_eq!(tokens_asked(&stage.partners)?, 1);
    Ok(())
}

#[test]
fn a_sign_out_leads_to_the_provider_of_the_session() -> Shown {
    let stage = TwoProviders::start(&json!({}))?;
    let mut browser = UserAgent::new();
    let start = stage.at("/authservice/oidc/callback/partners/start?return_to=%2F");
    assert_eq!(browser.sign_in(&start, "alice")?.status, 200);

    let left = browser.visit(&stage.at("/logout"))?;

    let location = left.location().expect("a redirect");
    assert!(location.as_str().starts_with(&stage.partners.issuer()));
    Ok(())
}

/// RFC 9700 §4.4, with real providers: the one that the browser was sent to passes the request on to the other.
#[test]
fn a_response_of_one_provider_is_not_taken_for_anothers() -> Shown {
    let stage = TwoProviders::start(&json!({}))?;
    let mut browser = UserAgent::new();
    let sent = browser.visit(&stage.at("/authservice/oidc/callback/partners/start"))?;
    let asked = sent.location().expect("a redirect");
    let honest = asked
        .as_str()
        .replace(&stage.partners.issuer(), &stage.own.provider.issuer())
        .replace("callback%2Fpartners", "callback");

    let page = browser.sign_in(&honest, "alice")?;

    assert_eq!(page.status, 400, "{}", page.text());
    assert_eq!(tokens_asked(&stage.own.provider)?, 0);
    assert_eq!(tokens_asked(&stage.partners)?, 0);
    Ok(())
}

#[test]
fn a_provider_that_is_down_keeps_nobody_from_the_other() -> Shown {
    let mut stage = TwoProviders::start(&json!({}))?;
    stage.partners.pause();

    let mut browser = UserAgent::new();
    let page = browser.sign_in(
        &stage.at("/authservice/oidc/callback/employees/start"),
        "alice",
    )?;

    assert_eq!(page.status, 200, "{}", page.text());
    Ok(())
}
