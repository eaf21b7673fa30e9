//! Which public hosts sign in where.

use crate::public_host::PublicHost;
use crate::read::object::Object;
use crate::refusal::Refusal;

use super::Provider;

/// As many as there may be public hosts.
pub(crate) const MOST: usize = 64;

/// Refuses hosts of a provider that are not public, and public hosts without a provider: nobody could sign in there.
pub(crate) fn check(object: &mut Object<'_>, providers: &[Provider], public: &[PublicHost]) {
    for (place, provider) in providers.iter().enumerate() {
        for (index, host) in provider.hosts.iter().enumerate() {
            if !public.contains(host) {
                let path = [
                    "providers[",
                    &place.to_string(),
                    "].hosts[",
                    &index.to_string(),
                    "]",
                ];
                let message = "is not in publicHosts";
                let advice = "add it there, or remove it here";
                object.refuse_at(
                    path.concat(),
                    Refusal::quoting(host.as_str(), message, advice),
                );
            }
        }
    }
    for (index, host) in public.iter().enumerate() {
        if !providers.is_empty() && !providers.iter().any(|it| it.serves(host.as_str())) {
            let path = ["publicHosts[", &index.to_string(), "]"].concat();
            let message = "has no provider: each of them has hosts of its own";
            let advice = "add it to the hosts of a provider, or give one provider no hosts";
            object.refuse_at(path, Refusal::quoting(host.as_str(), message, advice));
        }
    }
}
