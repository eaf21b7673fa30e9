//! The order that never leaves a gap open.

use super::backstop;
use super::left_gateway;
use super::step::{Change, Step};
use crate::filter::is_filter;

/// What the filter needs, the filter, what demands it, the way in. A ServiceEntry without its DestinationRule would be a way
/// to the provider without TLS, for codes and secrets too: it comes after the rule, and goes before it.
const KINDS: [&str; 14] = [
    "NetworkPolicy",
    "Service",
    "ClusterIssuer",
    "Issuer",
    "Certificate",
    "DestinationRule",
    "ServiceEntry",
    "Secret",
    "ConfigMap",
    "Deployment",
    FILTER,
    "EnvoyFilter",
    "RequestAuthentication",
    "AuthorizationPolicy",
];
const FILTER: &str = "WasmPlugin";
/// The address, and the certificate that an authority may give only where it can ask at that address.
const OUTSIDE: [&str; 4] = ["Service", "ClusterIssuer", "Issuer", "Certificate"];
const LAST: usize = KINDS.len().saturating_add(OUTSIDE.len());

/// Sorts steps: what is applied, then, the other way round, what goes. So another backstop is there before the old one goes.
///
/// Where the mark takes the place of a demand that the filter will no longer meet, both come before the filter is told:
/// otherwise the old one would deny everything meanwhile. A gateway that the filter leaves is denied everything before.
/// What strangers come in by, or wait for, comes after the filter where they could not come in before it.
pub(super) fn sort(steps: &mut [Step]) {
    let is_closed = is_closed(steps);
    let place = |step: &Step| place(step, is_closed);
    let goes = |step: &Step| step.is_stale() && backstop::is_demand(&step.ours);
    let comes = |step: &Step| !step.is_stale() && backstop::is_mark(&step.ours);
    let is_marked_first = steps.iter().any(goes) && steps.iter().any(comes);
    steps.sort_by_key(|step| {
        match is_marked_first && backstop::is_part(&step.ours) || denies_first(step) {
            true => (rank(FILTER), false, place(step)),
            // Two filters sign nobody in: one of another kind goes at once.
            false if is_filter(&step.ours) => (rank(FILTER), true, usize::from(step.is_stale())),
            false => (place(step), false, 0),
        }
    });
}

fn denies_first(step: &Step) -> bool {
    !step.is_stale() && left_gateway::is_denial(&step.ours)
}

/// Whether nobody reaches the gateway from outside yet, or everything is denied there until the filter has come.
fn is_closed(steps: &[Step]) -> bool {
    let waits =
        |step: &Step| backstop::is_mark(&step.ours) && matches!(step.change, Change::Nothing);
    let comes = |step: &Step| is_filter(&step.ours) && matches!(step.change, Change::Create(_));
    let denies_until = steps.iter().any(waits) && steps.iter().any(comes);
    denies_until || steps.iter().any(Step::publishes)
}

fn place(step: &Step, is_closed: bool) -> usize {
    let kind = step.ours.text("/kind");
    let outside = OUTSIDE.iter().position(|it| is_closed && *it == kind);
    let after = |place: usize| KINDS.len().saturating_add(place);
    let rank = outside.map_or_else(|| rank(kind), after);
    match step.is_stale() {
        true => LAST
            .saturating_mul(2)
            .saturating_sub(rank)
            .saturating_add(1),
        false => rank,
    }
}

fn rank(kind: &str) -> usize {
    let place = KINDS.iter().position(|ordered| *ordered == kind);
    place.unwrap_or(LAST)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::object::Object;

    fn step(kind: &str, change: Change) -> Step {
        let name = match kind {
            LEFT => "kfwasm-left-old",
            "EnvoyFilter" | "RequestAuthentication" | "AuthorizationPolicy" => backstop::NAME,
            _ => "kfwasm",
        };
        let kind = kind.trim_start_matches("Left");
        let object = json!({ "apiVersion": "v1", "kind": kind, "metadata": { "name": name } });
        Step {
            ours: Object::new(object).unwrap(),
            before: None,
            change,
        }
    }

    /// The denial at a gateway that the filter leaves.
    const LEFT: &str = "LeftAuthorizationPolicy";

    fn sorted(wanted: &[&str], stale: &[&str]) -> Vec<String> {
        let wanted = wanted.iter().map(|kind| step(kind, Change::Nothing));
        let stale = stale.iter().map(|kind| step(kind, Change::Delete));
        let mut steps: Vec<Step> = stale.chain(wanted).collect();
        sort(&mut steps);
        let word = |step: &Step| match step.is_stale() {
            true => format!("-{}", step.ours.text("/kind")),
            false => step.ours.text("/kind").to_owned(),
        };
        steps.iter().map(word).collect()
    }

    #[test]
    fn what_goes_goes_last_and_the_other_way_round() {
        assert_eq!(
            sorted(
                &["Gateway", "WasmPlugin", "Secret", "Deployment"],
                &["ServiceEntry", "ConfigMap", "DestinationRule"]
            ),
            [
                "Secret",
                "Deployment",
                "WasmPlugin",
                "Gateway",
                "-ConfigMap",
                "-ServiceEntry",
                "-DestinationRule"
            ]
        );
    }

    #[test]
    fn there_is_no_way_to_the_provider_without_tls() {
        let egress = ["ServiceEntry", "DestinationRule"];
        assert_eq!(
            sorted(&["WasmPlugin", egress[0], egress[1]], &[]),
            ["DestinationRule", "ServiceEntry", "WasmPlugin"]
        );
        assert_eq!(
            sorted(&["WasmPlugin"], &egress),
            ["WasmPlugin", "-ServiceEntry", "-DestinationRule"]
        );
    }

    #[test]
    fn a_demand_comes_when_the_filter_is_told_and_the_mark_goes_after_it() {
        assert_eq!(
            sorted(
                &[
                    "AuthorizationPolicy",
                    "WasmPlugin",
                    "Secret",
                    "RequestAuthentication"
                ],
                &["EnvoyFilter"]
            ),
            [
                "Secret",
                "WasmPlugin",
                "RequestAuthentication",
                "AuthorizationPolicy",
                "-EnvoyFilter"
            ]
        );
    }

    #[test]
    fn the_mark_comes_and_a_demand_goes_before_the_filter_is_told() {
        assert_eq!(
            sorted(
                &["EnvoyFilter", "WasmPlugin", "Deployment", "Gateway"],
                &["RequestAuthentication", "AuthorizationPolicy", "ConfigMap"]
            ),
            [
                "Deployment",
                "EnvoyFilter",
                "-AuthorizationPolicy",
                "-RequestAuthentication",
                "WasmPlugin",
                "Gateway",
                "-ConfigMap"
            ]
        );
    }

    const OUT_AND_IN: [&str; 6] = [
        "Service",
        "Certificate",
        "Deployment",
        "WasmPlugin",
        "EnvoyFilter",
        "Gateway",
    ];

    const CLOSED_UNTIL_IT_DECIDES: [&str; 6] = [
        "Deployment",
        "WasmPlugin",
        "EnvoyFilter",
        "Service",
        "Certificate",
        "Gateway",
    ];

    fn out_and_in() -> Vec<Step> {
        let wanted = |kind: &&str| step(kind, Change::Nothing);
        OUT_AND_IN.iter().map(wanted).collect()
    }

    fn kinds(steps: &[Step]) -> Vec<&str> {
        steps.iter().map(|it| it.ours.text("/kind")).collect()
    }

    #[test]
    fn a_gateway_becomes_public_when_the_filter_is_there_and_what_demands_it() {
        let mut steps = out_and_in();
        sort(&mut steps);
        assert_eq!(kinds(&steps), OUT_AND_IN);

        let service = &mut steps[0];
        let typed = |kind: &str| service.ours.clone().with("/spec/type", kind);
        let (before, after) = (typed("ClusterIP"), typed("LoadBalancer"));
        service.before = Some(before);
        service.ours = after.clone();
        service.change = Change::Alter(after);
        sort(&mut steps);
        assert_eq!(kinds(&steps), CLOSED_UNTIL_IT_DECIDES);
    }

    /// An ACME authority asks through the gateway.
    #[test]
    fn no_certificate_is_waited_for_where_everything_is_denied_until_the_filter_comes() {
        let mut steps = out_and_in();
        let filter = steps[3].ours.clone();
        steps[3].change = Change::Create(filter);
        sort(&mut steps);
        assert_eq!(kinds(&steps), CLOSED_UNTIL_IT_DECIDES);
    }

    #[test]
    fn a_filter_of_another_kind_goes_as_soon_as_the_new_one_has_come() {
        assert_eq!(
            sorted(
                &["EnvoyFilter", "TrafficExtension", "Deployment"],
                &["ConfigMap", "WasmPlugin"]
            ),
            [
                "Deployment",
                "TrafficExtension",
                "-WasmPlugin",
                "EnvoyFilter",
                "-ConfigMap"
            ]
        );
    }

    #[test]
    fn a_gateway_is_denied_everything_before_the_filter_leaves_it_and_until_it_has_come_back() {
        assert_eq!(
            sorted(
                &["WasmPlugin", "EnvoyFilter", LEFT, "Gateway", "Deployment"],
                &[]
            ),
            [
                "Deployment",
                "AuthorizationPolicy",
                "WasmPlugin",
                "EnvoyFilter",
                "Gateway"
            ]
        );
        assert_eq!(
            sorted(&["WasmPlugin", "EnvoyFilter", "Gateway"], &[LEFT]),
            [
                "WasmPlugin",
                "EnvoyFilter",
                "Gateway",
                "-AuthorizationPolicy"
            ]
        );
    }
}
