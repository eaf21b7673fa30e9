use super::survey::Verdict;
use super::{Finding, Survey, secret_end};

pub(super) const RULE: &str = "client secret";

/// Each provider takes the client secret that the gateway has: Entra's end after two years at the most, and nobody signs in
/// then.
///
/// When one ends, only the registration knows, and whoever has written it into kfwasm.yaml.
pub(super) fn taken(survey: &Survey) -> Finding {
    if survey.config().and_then(Result::ok).is_none() {
        return Finding::unchecked(RULE, "the plugin's configuration is not known", "");
    }
    if survey.client_secrets.is_empty() {
        return Finding::good(RULE, "no provider wants one");
    }
    let bad = refused(survey).or_else(|| secret_end::near(survey));
    bad.or_else(|| untried(survey))
        .unwrap_or_else(|| secret_end::far(survey))
}

fn refused(survey: &Survey) -> Option<Finding> {
    survey.client_secrets.iter().find_map(|tried| {
        let Ok(Verdict::Refused(why)) = &tried.said else {
            return None;
        };
        Some(Finding::wrong(
            RULE,
            format!("{} does not take it: {why}", tried.issuer),
            "make a new one at the provider, then `kfwasm apply` with --secret: nobody signs in until then",
        ))
    })
}

fn untried(survey: &Survey) -> Option<Finding> {
    let mut said = survey.client_secrets.iter().map(|tried| &tried.said);
    let why = said.find_map(|said| said.as_ref().err())?;
    Some(Finding::unchecked(RULE, why, ""))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::Mark;
    use crate::doctor::survey::Tried;

    fn found(said: Vec<Result<Verdict, String>>) -> Mark {
        let provider = json!({ "issuer": "https://id.example.com", "clientId": "kubeflow", "clientSecret": { "env": "SECRET" } });
        let config = json!({ "publicHosts": ["ml.example.com"], "providers": [provider] });
        let tried = said.into_iter().map(|said| Tried {
            issuer: "https://id.example.com".to_owned(),
            said,
        });
        let survey = Survey {
            plugin: Ok(Some(json!({ "spec": { "pluginConfig": config } }))),
            client_secrets: tried.collect(),
            ..Survey::of_nothing()
        };
        taken(&survey).mark
    }

    #[test]
    fn one_that_is_refused_counts_more_than_one_that_could_not_be_tried() {
        let refused = || Ok(Verdict::Refused("expired".to_owned()));
        let untried = || Err("it does not answer".to_owned());
        assert_eq!(found(vec![]), Mark::Good);
        assert_eq!(found(vec![Ok(Verdict::Taken)]), Mark::Good);
        assert_eq!(found(vec![Ok(Verdict::Taken), untried()]), Mark::Unchecked);
        assert_eq!(found(vec![untried(), refused()]), Mark::Wrong);
    }
}
