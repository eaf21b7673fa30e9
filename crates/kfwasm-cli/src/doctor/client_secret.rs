use super::survey::Verdict;
use super::{Finding, Survey};

/// Each provider takes the client secret that the gateway has: Entra's end after two years at the most, and nobody signs in
/// then.
pub(super) fn taken(survey: &Survey) -> Finding {
    const RULE: &str = "client secret";
    if survey.config().and_then(Result::ok).is_none() {
        return Finding::unchecked(RULE, "the plugin's configuration is not known", "");
    }
    let mut unsaid = None;
    for tried in &survey.client_secrets {
        match &tried.said {
            Ok(Verdict::Taken) => {}
            Ok(Verdict::Refused(why)) => {
                return Finding::wrong(
                    RULE,
                    format!("{} does not take it: {why}", tried.issuer),
                    "make a new one at the provider, then `kfwasm apply` with --secret: nobody signs in until then",
                );
            }
            Err(why) => unsaid = unsaid.or(Some(why)),
        }
    }
    match unsaid {
        Some(why) => Finding::unchecked(RULE, why, ""),
        None if survey.client_secrets.is_empty() => Finding::good(RULE, "no provider wants one"),
        None => Finding::good(RULE, "the provider takes it"),
    }
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
