//! A token of the provider that Istio demands, for what the filter sends with the requests of a session.

use kfwasm_config::{Config, EndpointUrl, KeySet, PathMatch, SkipRule};
use serde_json::{Value, json};

use crate::deploy;
use crate::object::Object;
use crate::settings::Settings;

/// Where certificate authorities ask for a proof (RFC 8555 §8.3).
const CHALLENGES: &str = "/.well-known/acme-challenge/*";

/// What knows the tokens, then what demands one.
pub(super) fn objects(settings: &Settings) -> Vec<Object> {
    let installation = &settings.installation;
    let (plugin, label) = (&installation.plugin, installation.gateway.label.as_str());
    let built = |object: Object| {
        let object = object.with("/spec/selector/matchLabels/istio", label);
        match object.text("/kind") {
            "RequestAuthentication" => object.with("/spec/jwtRules", known(plugin)),
            _ => object.with("/spec/rules", rules(plugin)),
        }
    };
    let objects = deploy::BACKSTOP_JWT.objects();
    objects.into_iter().map(built).collect()
}

/// An issuer of tokens, as Istio is told of it.
struct Known<'c> {
    issuer: &'c str,
    audiences: Vec<&'c str>,
    jwks_uri: Option<&'c EndpointUrl>,
    jwks: Option<&'c KeySet>,
}

/// Those of the providers and of programs, each issuer once. Where nothing is said of its keys, Istio finds them itself.
fn known(plugin: &Config) -> Vec<Value> {
    let providers = plugin.providers.iter().map(|it| Known {
        issuer: it.issuer.as_str(),
        audiences: vec![it.client_id.as_str()],
        jwks_uri: it.jwks_uri.as_ref(),
        jwks: it.jwks.as_ref(),
    });
    let of_programs = plugin.bearer.issuers.iter().map(|it| Known {
        issuer: it.issuer.as_str(),
        audiences: it
            .audiences
            .iter()
            .map(|audience| audience.as_str())
            .collect(),
        jwks_uri: it.jwks_uri.as_ref(),
        jwks: it.jwks.as_ref(),
    });
    let mut all: Vec<Known<'_>> = Vec::new();
    for known in providers.chain(of_programs) {
        match all.iter_mut().find(|other| other.issuer == known.issuer) {
            Some(other) => other.add(&known),
            None => all.push(known),
        }
    }
    all.iter().map(Known::rule).collect()
}

impl<'c> Known<'c> {
    fn add(&mut self, other: &Known<'c>) {
        for audience in &other.audiences {
            if !self.audiences.contains(audience) {
                self.audiences.push(audience);
            }
        }
        if self.jwks_uri.is_none() && self.jwks.is_none() {
            (self.jwks_uri, self.jwks) = (other.jwks_uri, other.jwks);
        }
    }

    fn rule(&self) -> Value {
        let mut rule = json!({ "issuer": self.issuer, "audiences": self.audiences, "forwardOriginalToken": true });
        let keys = [
            ("jwksUri", self.jwks_uri.map(EndpointUrl::as_str)),
            ("jwks", self.jwks.map(KeySet::as_str)),
        ];
        for (field, value) in keys {
            if let (Some(value), Some(rule)) = (value, rule.as_object_mut()) {
                rule.insert(field.to_owned(), value.into());
            }
        }
        rule
    }
}

/// What is denied to whoever has no token: all that needs a sign-in, and the headers that only the filter may set.
///
/// Where no sign-in is needed the filter takes those headers away, and no upstream may believe them when it is gone.
fn rules(plugin: &Config) -> Vec<Value> {
    let from = json!([{ "source": { "notRequestPrincipals": ["*"] } }]);
    let operations = demanding(plugin);
    // Istio takes no empty operation; one that misses nothing is for all requests.
    let is_for_all = operations.contains(&json!({ "operation": {} }));
    let demand = match is_for_all {
        true => json!({ "from": from }),
        false => json!({ "from": from, "to": operations }),
    };
    let identity = &plugin.identity;
    let claims = identity.claim_headers.iter().map(|it| &it.header);
    let headers = [&identity.header, &identity.groups_header];
    let headers = headers.into_iter().chain(claims).map(|header| {
        let key = format!("request.headers[{}]", header.as_str());
        json!({ "from": from, "when": [{ "key": key, "values": ["*"] }] })
    });
    std::iter::once(demand).chain(headers).collect()
}

/// A way in which a request can be none of those that need no sign-in.
#[derive(Clone, Default)]
struct Missed {
    paths: Vec<String>,
    hosts: Vec<String>,
    methods: Vec<String>,
}

/// The operations that need a token: those that miss each skip rule. A rule is missed by its path, or its hosts, or its
/// methods, and Istio has "or" between operations only.
fn demanding(plugin: &Config) -> Vec<Value> {
    let mut all = vec![Missed::default()];
    for rule in &plugin.skip {
        all = all.iter().flat_map(|missed| missed.missing(rule)).collect();
    }
    let challenges = plugin.acme_challenges.then(|| CHALLENGES.to_owned());
    for missed in &mut all {
        missed.paths.extend(challenges.clone());
    }
    all.iter().map(Missed::operation).collect()
}

impl Missed {
    /// Those that miss this rule too.
    fn missing(&self, rule: &SkipRule) -> Vec<Self> {
        let texts = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let hosts = texts(rule.hosts.iter().map(|it| it.as_str()).collect());
        let methods = texts(rule.methods.iter().map(|it| it.as_str()).collect());
        let mut all = vec![Self {
            paths: [self.paths.clone(), patterns(&rule.path)].concat(),
            ..self.clone()
        }];
        if !hosts.is_empty() {
            let hosts = [self.hosts.clone(), hosts].concat();
            all.push(Self {
                hosts,
                ..self.clone()
            });
        }
        if !methods.is_empty() {
            let methods = [self.methods.clone(), methods].concat();
            all.push(Self {
                methods,
                ..self.clone()
            });
        }
        all
    }

    fn operation(&self) -> Value {
        let lists = [
            ("notPaths", &self.paths),
            ("notHosts", &self.hosts),
            ("notMethods", &self.methods),
        ];
        let written = lists.into_iter().filter(|(_, list)| !list.is_empty());
        let operation: Value = written
            .map(|(name, list)| (name.to_owned(), json!(list)))
            .collect();
        json!({ "operation": operation })
    }
}

/// The paths as Istio writes them: a prefix is a path and what is below it.
fn patterns(path: &PathMatch) -> Vec<String> {
    match path {
        PathMatch::Exact(path) => vec![path.as_str().to_owned()],
        PathMatch::Prefix(path) => vec![path.as_str().to_owned(), format!("{}/*", path.as_str())],
        // Refused (`kfwasm_config::installation`), because Istio's reading is the wider one. What names no path opens none.
        PathMatch::Suffix(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLUGIN: &str = "  session: {forwardIdToken: true}\n  programs: {enabled: false}\n";

    fn built(more: &str) -> [Object; 2] {
        let text = format!(
            "name: ml\nbackstop: jwt\ngateway: {{label: other}}\nplugin:\n  publicHosts: [ml.example.com]\n  \
             providers: [{{issuer: \"https://id.example.com\", clientId: kubeflow, clientSecret: {{env: SECRET}}}}]\n{PLUGIN}{more}"
        );
        let settings = Settings::parse(&text).unwrap();
        objects(&settings).try_into().unwrap()
    }

    fn operations(more: &str) -> Value {
        built(more)[1].get("/spec/rules/0/to").unwrap().clone()
    }

    #[test]
    fn the_providers_tokens_are_known_and_those_of_programs() {
        let programs = "  bearer: {issuers: [{issuer: \"https://id.example.com\", audiences: [kubeflow, tool], \
             forwardToken: true, jwksUri: \"https://id.example.com/keys\"}]}\n";
        let [authentication, policy] = built(programs);
        let wanted = json!([
            { "issuer": "https://id.example.com", "audiences": ["kubeflow", "tool"], "forwardOriginalToken": true, "jwksUri": "https://id.example.com/keys" },
        ]);
        assert_eq!(authentication.get("/spec/jwtRules"), Some(&wanted));
        for object in [authentication, policy] {
            assert_eq!(object.text("/spec/selector/matchLabels/istio"), "other");
        }
    }

    #[test]
    fn what_needs_no_sign_in_needs_no_token() {
        let skip = "  skip: [{prefix: /public}, {exact: /healthz}]\n";
        let wanted = json!([{ "operation": { "notPaths":
            ["/public", "/public/*", "/healthz", "/.well-known/acme-challenge/*"] } }]);
        assert_eq!(operations(skip), wanted);
        let [_, policy] = built("  acmeChallenges: false\n");
        assert!(policy.get("/spec/rules/0/from").is_some());
        assert_eq!(policy.get("/spec/rules/0/to"), None);
    }

    #[test]
    fn nobody_without_a_token_sets_the_headers_of_the_filter() {
        let claims = "  identity: {claimHeaders: [{claim: email, header: x-mail}]}\n";
        let [_, policy] = built(claims);
        let rules = policy.get("/spec/rules").and_then(Value::as_array).unwrap();
        let keys: Vec<_> = rules
            .iter()
            .filter_map(|rule| rule.pointer("/when/0/key")?.as_str())
            .collect();
        assert_eq!(
            keys,
            [
                "request.headers[kubeflow-userid]",
                "request.headers[kubeflow-groups]",
                "request.headers[x-mail]"
            ]
        );
        let from = |rule: &Value| {
            rule.pointer("/from/0/source/notRequestPrincipals/0")
                .cloned()
        };
        assert!(rules.iter().all(|rule| from(rule) == Some("*".into())));
    }

    #[test]
    fn a_rule_for_a_method_or_a_host_opens_nothing_to_others() {
        let skip = "  acmeChallenges: false\n  skip: [{exact: /a}, {exact: /b, methods: [OPTIONS]}, {exact: /c, hosts: [ml.example.com]}]\n";
        let wanted = json!([
            { "operation": { "notPaths": ["/a", "/b", "/c"] } },
            { "operation": { "notPaths": ["/a", "/b"], "notHosts": ["ml.example.com"] } },
            { "operation": { "notPaths": ["/a", "/c"], "notMethods": ["OPTIONS"] } },
            { "operation": { "notPaths": ["/a"], "notHosts": ["ml.example.com"], "notMethods": ["OPTIONS"] } },
        ]);
        assert_eq!(operations(skip), wanted);
    }
}
