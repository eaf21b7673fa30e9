//! Two gateways with the same keys, restarted one after the other, and nothing else that they share.

use kfwasm_rig::{
    Gateway, GatewaySettings, Parts, Request, RigError, UserAgent, free_port, session_key,
};

use crate::own_gateway::OwnGateway;
use crate::stage::{SESSION, Shown};

/// A gateway that can be restarted with other keys.
struct Replica {
    settings: GatewaySettings,
    gateway: Option<Gateway>,
}

impl Replica {
    fn start(settings: GatewaySettings, keys: &[&str]) -> Result<Self, RigError> {
        let mut replica = Self {
            settings,
            gateway: None,
        };
        replica.restart(keys)?;
        Ok(replica)
    }

    fn restart(&mut self, keys: &[&str]) -> Shown {
        if let Some(gateway) = self.gateway.take() {
            gateway.stop();
        }
        let environment = &mut self.settings.environment;
        environment.insert("KEYS".to_owned(), keys.join(","));
        let parts = Parts::from_environment()?;
        self.gateway = Some(Gateway::start(&parts, self.settings.clone())?);
        Ok(())
    }

    /// The value of a new session's cookie.
    fn sign_in(&self, username: &str) -> Result<String, RigError> {
        let home = format!("http://localhost:{}/", self.settings.port);
        let mut browser = UserAgent::new();
        assert_eq!(browser.sign_in(&home, username)?.status, 200);
        Ok(browser.cookie(&home, SESSION).expect("a session"))
    }

    fn opens(&self, session: &str) -> Result<bool, RigError> {
        let address = format!("http://localhost:{}/pipeline/", self.settings.port);
        let cookie = format!("{SESSION}={session}");
        let request = Request::bare(&address)?.header("cookie", cookie);
        Ok(UserAgent::new().send(&request)?.status == 200)
    }
}

#[test]
fn no_session_is_lost_while_replicas_restart_one_by_one_with_new_keys() -> Shown {
    let own = OwnGateway::prepare()?;
    let (old, new) = (session_key()?, session_key()?);
    let mut second = own.settings.clone();
    second.port = free_port()?;
    let mut one = Replica::start(own.settings.clone(), &[&old])?;
    let mut other = Replica::start(second, &[&old])?;
    let alice = one.sign_in("alice")?;
    assert!(one.opens(&alice)? && other.opens(&alice)?);

    one.restart(&[&old, &new])?;
    assert!(one.opens(&alice)? && other.opens(&alice)?);
    other.restart(&[&old, &new])?;

    one.restart(&[&new, &old])?;
    let bob = one.sign_in("bob")?;
    for session in [&alice, &bob] {
        assert!(one.opens(session)? && other.opens(session)?);
    }
    other.restart(&[&new, &old])?;
    assert!(other.opens(&alice)? && other.opens(&bob)?);

    // Shows that it is the keys that open them.
    other.restart(&[&new])?;
    assert!(!other.opens(&alice)? && other.opens(&bob)?);
    Ok(())
}
