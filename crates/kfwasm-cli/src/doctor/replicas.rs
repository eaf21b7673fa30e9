use super::survey::Replica;
use super::{Finding, Survey};

const RULE: &str = "replicas";

/// The filter runs in each pod of the gateway.
pub(super) fn loaded(survey: &Survey) -> Finding {
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
    let without: Vec<&Replica> = replicas.iter().filter(|it| is_without(it)).collect();
    if !without.is_empty() {
        return missing(&without, replicas.len());
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

/// Whether it was seen that the filter does not run in it.
fn is_without(replica: &Replica) -> bool {
    replica.loaded == Ok(false)
}

fn missing(without: &[&Replica], all: usize) -> Finding {
    let advice = match without.iter().any(|replica| replica.is_unfetched) {
        true => {
            "Istio's agent could not fetch the module there, and tries again when the WasmPlugin is changed or the pod is deleted"
        }
        false => "their logs say why; a change of the WasmPlugin makes them fetch it again",
    };
    let names: Vec<&str> = without.iter().map(|it| it.name.as_str()).collect();
    let (some, names) = (without.len(), names.join(", "));
    let what = format!("{some} of {all} run without the filter: {names}");
    Finding::wrong(RULE, what, advice)
}
