use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::survey::object;
use super::{Finding, Survey};
use crate::module::sha256_of_bytes;
use crate::render::MODULE_FILE;

const RULE: &str = "module";
const PINS: &str = "/spec/sha256";
const STARTED_WITH: &str = "/spec/template/metadata/annotations/kfwasm.io~1module";
/// How many digits of a digest tell one from another.
const DIGITS: usize = 12;

/// The module that the gateway mounts is the one that was built for it. Istio checks the digest of what its agent fetches,
/// and of no file.
pub(super) fn module(survey: &Survey) -> Finding {
    let Some(plugin) = object(&survey.plugin) else {
        return Finding::unchecked(RULE, "there is no plugin", "");
    };
    let text = |pointer| plugin.pointer(pointer).and_then(Value::as_str);
    match text("/spec/url") {
        Some(url) if url.starts_with("file://") => mounted(text(PINS), survey),
        Some(url) => Finding::good(RULE, format!("Istio's agent fetches it from {url}")),
        None => Finding::wrong(
            RULE,
            "the plugin says nowhere where it is",
            "`kfwasm apply` writes it",
        ),
    }
}

fn mounted(pinned: Option<&str>, survey: &Survey) -> Finding {
    if let Err(reason) = &survey.module {
        return Finding::unchecked(RULE, reason, "ask for the right to read ConfigMaps");
    }
    let Some(digest) = digest(survey) else {
        return Finding::wrong(
            RULE,
            format!("ConfigMap kfwasm-module has no {MODULE_FILE}: pods that start have no filter"),
            "`kfwasm apply` puts it there",
        );
    };
    let deployment = object(&survey.deployment);
    let started = deployment.and_then(|it| it.pointer(STARTED_WITH)?.as_str());
    match (pinned, started) {
        (Some(pinned), _) if pinned != digest => other(
            format!("the plugin was built for {}", short(pinned)),
            &digest,
            "`kfwasm build` and `kfwasm apply` bring them together; find out who changed it",
        ),
        (_, Some(started)) if started != digest => other(
            format!("the pods were started with {}", short(started)),
            &digest,
            "restart the gateway's pods, or `kfwasm apply`",
        ),
        (None, None) => Finding::doubtful(
            RULE,
            format!(
                "nothing says which module it is to be, and it is {}",
                short(&digest)
            ),
            "`kfwasm build` and `kfwasm apply` pin it",
        ),
        _ => Finding::good(RULE, "the mounted module is the one that was built"),
    }
}

/// The digest of the bytes that are mounted.
fn digest(survey: &Survey) -> Option<String> {
    let encoded = object(&survey.module)?
        .get("binaryData")?
        .get(MODULE_FILE)?;
    let bytes = BASE64_STANDARD.decode(encoded.as_str()?).ok()?;
    Some(sha256_of_bytes(&bytes))
}

fn other(wanted: String, digest: &str, advice: &str) -> Finding {
    let what = format!("the mounted module is {}, and {wanted}", short(digest));
    Finding::wrong(RULE, what, advice)
}

fn short(digest: &str) -> &str {
    digest.get(..DIGITS).unwrap_or(digest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::Mark;

    const BYTES: &[u8] = b"a module";

    fn found(pinned: Option<&str>, started: Option<&str>, bytes: &[u8]) -> Mark {
        let spec = json!({ "url": "file:///var/lib/kfwasm/kfwasm.wasm", "sha256": pinned });
        let annotations = json!({ "kfwasm.io/module": started });
        let data = json!({ MODULE_FILE: BASE64_STANDARD.encode(bytes) });
        let survey = Survey {
            plugin: Ok(Some(json!({ "spec": spec }))),
            deployment: Ok(Some(
                json!({ "spec": { "template": { "metadata": { "annotations": annotations } } } }),
            )),
            module: Ok(Some(json!({ "binaryData": data }))),
            ..Survey::of_nothing()
        };
        module(&survey).mark
    }

    #[test]
    fn the_mounted_bytes_are_those_that_were_built() {
        let built = sha256_of_bytes(BYTES);
        let built = Some(built.as_str());
        assert_eq!(found(built, built, BYTES), Mark::Good);
        assert_eq!(found(None, built, BYTES), Mark::Good);
        assert_eq!(found(built, built, b"another"), Mark::Wrong);
        assert_eq!(found(None, built, b"another"), Mark::Wrong);
        assert_eq!(found(None, None, BYTES), Mark::Doubtful);
    }

    #[test]
    fn what_the_agent_fetches_is_the_agents_to_check() {
        let plugin = json!({ "spec": { "url": "oci://registry.example.com/kfwasm:1" } });
        let survey = Survey {
            plugin: Ok(Some(plugin)),
            ..Survey::of_nothing()
        };
        assert_eq!(module(&survey).mark, Mark::Good);
    }
}
