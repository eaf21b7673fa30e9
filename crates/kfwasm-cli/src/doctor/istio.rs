use kfwasm_config::installation::IstioVersion;

use super::survey::object;
use super::{Finding, Survey};
use crate::istiod;

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
    let Some(version) = istiod::version(istiod) else {
        let why = "the image of istiod does not say its version";
        return Finding::unchecked(RULE, why, "`istioctl version` says which Istio there is");
    };
    let words = format!("Istio {version}");
    let strategy = object(&survey.plugin).and_then(|it| it.pointer("/spec/failStrategy")?.as_str());
    let built_for = survey.settings.as_ref().map(|it| it.installation.istio);
    match (
        version < IstioVersion::OLDEST,
        version < IstioVersion::FAIL_RELOAD,
        strategy,
    ) {
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
        _ if built_for.is_some_and(|it| it != version) => Finding::doubtful(
            RULE,
            format!(
                "{words} is there, and kfwasm.yaml says {}",
                built_for.unwrap_or(version)
            ),
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
