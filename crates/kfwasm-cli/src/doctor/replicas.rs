use super::survey::Replica;
use super::{Finding, Survey};

/// The filter runs in each pod of the gateway.
pub(super) fn loaded(survey: &Survey) -> Finding {
    const RULE: &str = "replicas";
    let namespace = survey.names.namespace.as_str();
    let advice =
        &format!("`kubectl auth can-i get pods/proxy -n {namespace}` says whether you may look");
    let replicas = match &survey.replicas {
        Err(unseen) => return Finding::unchecked(RULE, &unseen.why, advice),
        Ok(replicas) if replicas.is_empty() => {
            return Finding::unchecked(RULE, "no pod of the gateway runs", "see gateway above");
        }
        Ok(replicas) => replicas,
    };
    let without: Vec<_> = replicas
        .iter()
        .filter(|it| it.loaded == Ok(false))
        .map(name)
        .collect();
    if !without.is_empty() {
        let is_unfetched = |it: &Replica| it.is_unfetched && it.loaded == Ok(false);
        let advice = match replicas.iter().any(is_unfetched) {
            true => {
                "Istio's agent could not fetch the module there, and tries again when the WasmPlugin is changed or the pod is deleted"
            }
            false => "their logs say why; a change of the WasmPlugin makes them fetch it again",
        };
        return Finding::wrong(
            RULE,
            format!(
                "{} of {} run without the filter: {}",
                without.len(),
                replicas.len(),
                without.join(", ")
            ),
            advice,
        );
    }
    let unknown = replicas
        .iter()
        .find_map(|replica| replica.loaded.as_ref().err());
    match unknown {
        Some(unseen) => Finding::unchecked(RULE, &unseen.why, advice),
        None => Finding::good(
            RULE,
            format!("the filter runs in all of the {} pods", replicas.len()),
        ),
    }
}

fn name(replica: &Replica) -> &str {
    &replica.name
}
