use serde_json::Value;

use super::survey::object;
use super::{Finding, Survey};

/// The first with everything that the WasmPlugin needs.
const OLDEST: (u32, u32) = (1, 14);
/// The first in which a gateway that the filter crashed in heals by itself.
const RELOADS: (u32, u32) = (1, 27);

/// Istio can run the filter.
pub(super) fn version(survey: &Survey) -> Finding {
    const RULE: &str = "istio";
    if let Err(reason) = &survey.istiod {
        return Finding::unchecked(RULE, reason, "ask for the right to read Deployments");
    }
    let Some(istiod) = object(&survey.istiod) else {
        let why = "Deployment istio-system/istiod is not there";
        return Finding::unchecked(RULE, why, "`istioctl version` says which Istio there is");
    };
    let Some(version) = version_of(istiod) else {
        let why = "the image of istiod does not say its version";
        return Finding::unchecked(RULE, why, "`istioctl version` says which Istio there is");
    };
    let words = format!("Istio {}.{}", version.0, version.1);
    let strategy = object(&survey.plugin).and_then(|it| it.pointer("/spec/failStrategy")?.as_str());
    match (version < OLDEST, version < RELOADS, strategy) {
        (true, _, _) => Finding::wrong(
            RULE,
            format!("{words} is too old"),
            "upgrade Istio to 1.14 or newer: the WasmPlugin of older ones lacks what is needed",
        ),
        (_, true, Some("FAIL_RELOAD")) => Finding::wrong(
            RULE,
            format!("{words} does not know failStrategy FAIL_RELOAD, which the plugin has"),
            "write the version into kfwasm.yaml (istio), then `kfwasm build` and `kfwasm apply`",
        ),
        (_, false, Some("FAIL_CLOSE")) => Finding::doubtful(
            RULE,
            format!("{words} could restart a filter that failed, and is not told to"),
            "write the version into kfwasm.yaml (istio), then `kfwasm build` and `kfwasm apply`",
        ),
        _ => Finding::good(RULE, words),
    }
}

/// By the label that Istio's charts write, or by the image.
fn version_of(istiod: &Value) -> Option<(u32, u32)> {
    let label = istiod.pointer("/metadata/labels/app.kubernetes.io~1version");
    let image = istiod.pointer("/spec/template/spec/containers/0/image");
    let tag = image
        .and_then(Value::as_str)
        .and_then(|image| image.rsplit_once(':'));
    let texts = [label.and_then(Value::as_str), tag.map(|(_, tag)| tag)];
    texts.into_iter().flatten().find_map(parse)
}

fn parse(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim_start_matches('v').split(['.', '-']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_tags() {
        assert_eq!(parse("1.30.1-distroless"), Some((1, 30)));
        assert_eq!(parse("v1.9.0"), Some((1, 9)));
        assert_eq!(parse("latest"), None);
    }
}
