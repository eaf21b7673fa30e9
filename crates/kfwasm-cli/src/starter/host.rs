//! The public host of a new kfwasm.yaml, where the cluster can say it.

use super::load_balancer::{LoadBalancer, Seen, missing, tell};
use super::{HOST_QUESTION, StarterArgs, no_answer};
use crate::answer;
use crate::failure::Failure;

/// The answer of whoever wants the address of a load balancer that is not there yet. No host has blanks in it.
const TO_COME: &str = "that of a load balancer";

impl StarterArgs {
    /// The same with the address of the gateway's load balancer for the host, unless somebody who is there says another.
    /// Without a host, where the Service is to be made a load balancer first.
    pub(crate) fn located(&self, balancer: &LoadBalancer) -> Result<Self, Failure> {
        if answer::is_somebody_there() {
            let seen = balancer.look()?;
            return self.asked_beside(&seen);
        }
        let seen = balancer.look()?.map_err(|why| missing(&why))?;
        match &seen.address {
            Some(address) => Ok(self.at_load_balancer(address, &seen)),
            None if self.load_balancer || seen.is_ours => Ok(self.balanced()),
            None => Err(missing(&seen.without_address())),
        }
    }

    /// The same at the address that its load balancer has got.
    pub(crate) fn at(&self, address: String) -> Self {
        tell(&address);
        Self {
            host: Some(address),
            ..self.clone()
        }
    }

    fn asked_beside(&self, seen: &Result<Seen, Failure>) -> Result<Self, Failure> {
        let default = default(seen);
        let host = answer::ask(HOST_QUESTION, &default)?.ok_or_else(no_answer)?;
        match seen {
            Ok(_) if host == TO_COME => Ok(self.balanced()),
            Ok(seen) if host == default => Ok(self.at_load_balancer(&host, seen)),
            _ => Ok(Self {
                host: Some(host),
                ..self.clone()
            }),
        }
    }

    /// What an earlier run has made one stays one: the address would go with it.
    fn at_load_balancer(&self, address: &str, seen: &Seen) -> Self {
        Self {
            load_balancer: self.load_balancer || seen.is_ours,
            ..self.at(address.to_owned())
        }
    }

    fn balanced(&self) -> Self {
        Self {
            load_balancer: true,
            ..self.clone()
        }
    }
}

/// What an empty answer means. Where there is no address, it is said why not.
fn default(seen: &Result<Seen, Failure>) -> String {
    let (why, default) = match seen {
        Ok(Seen {
            address: Some(address),
            ..
        }) => return address.clone(),
        Ok(seen) => (seen.without_address(), TO_COME),
        Err(why) => (why.clone(), ""),
    };
    eprintln!("No address of a load balancer: {}", why.message());
    default.to_owned()
}
