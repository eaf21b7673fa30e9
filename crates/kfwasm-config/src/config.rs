use crate::access_rule::AccessRule;
use crate::backstop::BackstopHeader;
use crate::bearer::Bearer;
use crate::brand::Brand;
use crate::callback::Callback;
use crate::identity::Identity;
use crate::logs::Logs;
use crate::own_paths::OwnPaths;
use crate::path_beginning::PathBeginning;
use crate::plain_http::PlainHttp;
use crate::problem::{Problem, Problems};
use crate::programs::Programs;
use crate::provider::name::ProviderName;
use crate::provider::{Provider, hosts};
use crate::public_host::PublicHost;
use crate::read::field::Field;
use crate::read::node::Node;
use crate::read::object::{Fields, Object};
use crate::refusal::Refusal;
use crate::session::Session;
use crate::sign_out::SignOut;
use crate::skip_rule::SkipRule;
use crate::step_up_rule::StepUpRule;

/// The configuration of one gateway, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Config {
    /// The OpenID providers that people sign in at, 1 to 16. Where several serve a host, people choose, in this order.
    ///
    /// The first one that serves a host has the redirect URI `https://<host><callback.path>` there, each further one
    /// `https://<host><callback.path>/<name>`: by the address a response says which provider it comes from.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("minItems" = 1, "maxItems" = MOST_PROVIDERS))
    )]
    pub providers: Vec<Provider>,
    /// The hosts by which browsers reach this gateway; the redirect URI is made for these alone. 1
    /// to 64.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("minItems" = 1, "maxItems" = MOST_HOSTS))
    )]
    pub public_hosts: Vec<PublicHost>,
    /// Whether browsers reach this gateway over plain http: for a demo on one machine. Cookies are
    /// then not `Secure`.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub insecure_http: bool,
    /// What becomes of a request that reached the gateway over plain http. With `insecureHttp`
    /// always `accept`.
    #[cfg_attr(feature = "schema", schemars(extend("default" = PLAIN_HTTP)))]
    pub plain_http: PlainHttp,
    /// Where the provider sends the browser back to.
    #[cfg_attr(feature = "schema", schemars(extend("default" = {})))]
    pub callback: Callback,
    /// Signing out.
    #[cfg_attr(feature = "schema", schemars(extend("default" = {})))]
    pub sign_out: SignOut,
    /// Signing in programs on a person's own machine.
    #[cfg_attr(feature = "schema", schemars(extend("default" = {})))]
    pub programs: Programs,
    /// How long somebody stays signed in.
    #[cfg_attr(feature = "schema", schemars(extend("default" = {})))]
    pub session: Session,
    /// Who Kubeflow is told that the user is.
    #[cfg_attr(feature = "schema", schemars(extend("default" = {})))]
    pub identity: Identity,
    /// Tokens that programs bring along.
    #[cfg_attr(feature = "schema", schemars(extend("default" = {})))]
    pub bearer: Bearer,
    /// What shows a filter behind kfwasm that a request has been decided on, besides the mark in Envoy's filter state.
    #[cfg_attr(feature = "schema", schemars(extend("default" = {})))]
    pub backstop: BackstopHeader,
    /// Requests that need no sign-in. At most 1000.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST_SKIP_RULES)))]
    pub skip: Vec<SkipRule>,
    /// Who may go where, of those who have signed in; without rules, everybody everywhere. At most 64.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST_RULES)))]
    pub access: Vec<AccessRule>,
    /// Where a sign-in of another kind, or a newer one, is asked for. At most 64.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST_RULES)))]
    pub step_up: Vec<StepUpRule>,
    /// Whether ACME HTTP-01 challenges (a GET of one token below `/.well-known/acme-challenge/`, RFC
    /// 8555 §8.3) need no sign-in, so that certificates can be renewed. Whoever may make routes at the
    /// gateway can answer them, and so get a certificate for its hosts.
    #[cfg_attr(feature = "schema", schemars(extend("default" = true)))]
    pub acme_challenges: bool,
    /// What further paths begin with, by characters and not by segments, that answer 401 rather than a redirect to the
    /// provider, because programs call them. At most 64.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("default" = API_PATHS, "maxItems" = MOST_RULES))
    )]
    pub api_paths: Vec<PathBeginning>,
    /// What is written down about each request.
    #[cfg_attr(feature = "schema", schemars(extend("default" = {})))]
    pub logs: Logs,
    /// How the pages of the gateway itself look.
    #[cfg_attr(feature = "schema", schemars(extend("default" = {})))]
    pub brand: Brand,
}

const PLAIN_HTTP: &str = "redirect";
const API_PATHS: [&str; 1] = ["/ml_metadata"];
const MOST_HOSTS: usize = 64;
const MOST_RULES: usize = 64;

/// They are looked up, and not asked one by one.
const MOST_SKIP_RULES: usize = 1000;
const MOST_PROVIDERS: usize = 16;

impl Config {
    /// The longest document that is read, in bytes.
    pub const LONGEST: usize = 256 * 1024;

    /// Reads a configuration from JSON.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once. A contradiction between fields is told as far as
    /// the fields could be read.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Problems> {
        let fields = document(bytes).map_err(|problem| Problems(vec![problem]))?;
        let mut problems = Problems(Vec::new());
        let config = Self::read(Object::new(String::new(), fields, &mut problems));
        match config {
            Some(config) if problems.0.is_empty() => Ok(config),
            _ => Err(problems),
        }
    }

    pub(crate) fn read(mut object: Object<'_>) -> Option<Self> {
        let insecure_http = object.flag("insecureHttp", false);
        let plain_http = read_plain_http(&mut object, insecure_http);
        let providers = read_providers(&mut object);
        let public_hosts = read_public_hosts(&mut object);
        if let (Some(providers), Some(public_hosts)) = (&providers, &public_hosts) {
            hosts::check(&mut object, providers, public_hosts);
        }
        let mut own = OwnPaths::default();
        let names: Vec<&ProviderName> = providers.iter().flatten().map(|it| &it.name).collect();
        let callback = Callback::read(object.object("callback"), &names, &mut own);
        // What could not be read must not lead to a second problem.
        let sign_out = SignOut::read(
            object.object("signOut"),
            &mut own,
            insecure_http.unwrap_or(true),
        );
        let programs = Programs::read(object.object("programs"), &mut own);
        let session = Session::read(object.object("session"), insecure_http.unwrap_or(false));
        let mut identity = Identity::read(object.object("identity"));
        let bearer = Bearer::read(
            object.object("bearer"),
            providers.as_deref().unwrap_or_default(),
            identity.as_ref(),
        );
        let backstop = BackstopHeader::read(object.object("backstop"));
        let skip = read_skip_rules(&mut object, &own);
        let access = read_access_rules(&mut object);
        keep_named_groups(identity.as_mut(), access.as_deref());
        let step_up = read_step_up_rules(&mut object);
        refuse_shared_variable(&mut object, providers.as_deref(), session.as_ref());
        check_backstop(
            &mut object,
            backstop.as_ref(),
            session.as_ref(),
            identity.as_ref(),
        );
        let acme_challenges = object.flag("acmeChallenges", true);
        let logs = Logs::read(object.object("logs"));
        let brand = Brand::read(object.object("brand"));
        let api_paths = object.list(
            "apiPaths",
            &API_PATHS,
            0..=MOST_RULES,
            &PathBeginning::parse,
        );
        object.finish();
        Some(Self {
            providers: providers?,
            public_hosts: public_hosts?,
            insecure_http: insecure_http?,
            plain_http: plain_http?,
            callback: callback?,
            sign_out: sign_out?,
            programs: programs?,
            session: session?,
            identity: identity?,
            bearer: bearer?,
            backstop: backstop?,
            skip: skip?,
            access: access?,
            step_up: step_up?,
            acme_challenges: acme_challenges?,
            api_paths: api_paths.whole()?,
            logs: logs?,
            brand,
        })
    }
}

pub(crate) fn document(bytes: &[u8]) -> Result<Fields, Problem> {
    let whole = |message: String, advice: &str| Problem {
        path: String::new(),
        message,
        advice: advice.to_owned(),
    };
    if bytes.len() > Config::LONGEST {
        return Err(whole("is longer than 256 KiB".to_owned(), "write less"));
    }
    match serde_json::from_slice(bytes) {
        Ok(Node::Object(fields)) => Ok(fields),
        Ok(other) => Err(whole(
            ["is ", other.kind(), ", not an object"].concat(),
            "write an object with at least providers and publicHosts",
        )),
        Err(error) => Err(whole(
            format!("cannot be read as JSON: {error}"),
            "correct it at that place",
        )),
    }
}

fn read_plain_http(object: &mut Object<'_>, insecure_http: Option<bool>) -> Option<PlainHttp> {
    let written = object.optional("plainHttp", &PlainHttp::parse);
    match (written, insecure_http) {
        (Field::Absent, Some(true)) => Some(PlainHttp::Accept),
        (Field::Absent, _) => PlainHttp::parse(PLAIN_HTTP).ok(),
        (Field::Read(PlainHttp::Redirect), Some(true)) => {
            object.refuse(
                "plainHttp",
                "sends browsers to https, and insecureHttp says that there is none",
                "remove insecureHttp, or plainHttp",
            );
            None
        }
        (written, _) => written.into_option(),
    }
}

fn read_public_hosts(object: &mut Object<'_>) -> Option<Vec<PublicHost>> {
    if !object.has("publicHosts") {
        object.refuse(
            "publicHosts",
            "is missing",
            "write the hosts that browsers name this gateway by, such as [\"kubeflow.example.com\"]",
        );
    }
    object
        .list("publicHosts", &[], 1..=MOST_HOSTS, &PublicHost::parse)
        .whole()
}

fn read_providers(object: &mut Object<'_>) -> Option<Vec<Provider>> {
    if !object.has("providers") {
        object.refuse(
            "providers",
            "is missing",
            "write a list of one provider with its issuer and clientId",
        );
    }
    let written = object.objects("providers", 1..=MOST_PROVIDERS);
    let mut providers: Vec<Option<Provider>> = Vec::new();
    for (path, fields) in written {
        let provider = Provider::read(object.object_at(path.clone(), fields));
        let is_twin = |other: &Provider| provider.as_ref().is_some_and(|it| it.name == other.name);
        if providers.iter().flatten().any(is_twin) {
            object.refuse_at([&path, ".name"].concat(), same_name());
        }
        providers.push(provider);
    }
    providers.into_iter().collect()
}

/// A name without an element would be `default`, which one of them may keep.
fn same_name() -> Refusal {
    Refusal::of(
        "is the name of another provider",
        "give each a name of its own; the one that was there first keeps its name, so that its sessions go on",
    )
}

/// One secret for two purposes would let the provider, which knows the client secret, seal
/// sessions.
fn refuse_shared_variable(
    object: &mut Object<'_>,
    providers: Option<&[Provider]>,
    session: Option<&Session>,
) {
    let Some(session) = session else { return };
    let mut secrets = providers
        .unwrap_or_default()
        .iter()
        .flat_map(|provider| [&provider.client_secret, &provider.private_key]);
    if secrets.any(|secret| secret.as_ref() == Some(&session.keys)) {
        object.refuse_at(
            "session.keys".to_owned(),
            Refusal::of(
                "is the variable of a provider's secret too",
                "give the session keys a variable of their own",
            ),
        );
    }
}

/// The backstop's secret is seen by whatever stands behind the gateway: it must not be a key. And its header must be its own.
fn check_backstop(
    object: &mut Object<'_>,
    backstop: Option<&BackstopHeader>,
    session: Option<&Session>,
    identity: Option<&Identity>,
) {
    let (Some(backstop), Some(session), Some(identity)) = (backstop, session, identity) else {
        return;
    };
    if backstop.secret.as_ref() == Some(&session.keys) {
        object.refuse_at(
            "backstop.secret".to_owned(),
            Refusal::of(
                "is the variable of the session keys too",
                "give the backstop a variable of its own",
            ),
        );
    }
    let taken = [&identity.header, &identity.groups_header];
    if backstop
        .header
        .as_ref()
        .is_some_and(|it| taken.contains(&it))
    {
        object.refuse_at(
            "backstop.header".to_owned(),
            Refusal::of(
                "is a header of the identity too",
                "choose a name of its own, such as x-kfwasm-gate",
            ),
        );
    }
}

fn read_skip_rules(object: &mut Object<'_>, own: &OwnPaths) -> Option<Vec<SkipRule>> {
    let mut rules = Vec::new();
    for (path, fields) in object.objects("skip", 0..=MOST_SKIP_RULES) {
        rules.push(SkipRule::read(object.object_at(path, fields), own));
    }
    rules.into_iter().collect()
}

/// A group that decides about access must not be forgotten.
fn keep_named_groups(identity: Option<&mut Identity>, access: Option<&[AccessRule]>) {
    if let Some(filter) = identity.and_then(|it| it.group_filter.as_mut()) {
        filter.keep_named_by(access.unwrap_or_default());
    }
}

fn read_step_up_rules(object: &mut Object<'_>) -> Option<Vec<StepUpRule>> {
    let mut rules = Vec::new();
    for (path, fields) in object.objects("stepUp", 0..=MOST_RULES) {
        rules.push(StepUpRule::read(object.object_at(path, fields)));
    }
    rules.into_iter().collect()
}

fn read_access_rules(object: &mut Object<'_>) -> Option<Vec<AccessRule>> {
    let mut rules = Vec::new();
    for (path, fields) in object.objects("access", 0..=MOST_RULES) {
        rules.push(AccessRule::read(object.object_at(path, fields)));
    }
    rules.into_iter().collect()
}
