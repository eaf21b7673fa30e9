use super::DemoArgs;
use super::shown::Shown;

/// What stands before each line, and what it says.
type Line = (&'static str, String);

/// The one block that says how to use the demo.
pub(super) fn announcement(shown: &Shown, args: &DemoArgs) -> String {
    let version = args.envoy_version.exact();
    let seconds = shown.start.as_secs_f32();
    let head = format!("\n  kfwasm in Envoy {version}, started in {seconds:.1} s\n");
    let address = shown.gateway.address();
    let parts = [
        vec![("Open", address.clone())],
        users(shown),
        provider(shown),
        tries(&address),
        end(shown),
    ];
    let parts = parts.into_iter().filter(|part| !part.is_empty()).map(block);
    let body = parts.collect::<Vec<_>>().join("\n");
    format!("{head}\n{body}\n  What the gateway decides:")
}

fn block(lines: Vec<Line>) -> String {
    let lines = lines.into_iter();
    lines
        .map(|(title, text)| format!("  {title:<12}{text}\n"))
        .collect()
}

fn users(shown: &Shown) -> Vec<Line> {
    let titles = ["Sign in as"].into_iter().chain(std::iter::repeat("or as"));
    let people = shown.people.iter().map(|person| {
        let groups = match person.groups.as_slice() {
            [] => "in no group".to_owned(),
            groups => format!("in the groups {}", groups.join(" and ")),
        };
        format!("{:<7}{groups}, no password", person.username)
    });
    titles.zip(people).collect()
}

fn provider(shown: &Shown) -> Vec<Line> {
    let issuer = ("Provider", shown.issuer.clone());
    match &shown.redirect_uri {
        None => vec![issuer],
        Some(uri) => vec![
            issuer,
            ("Register", format!("{uri} as the redirect URI there")),
        ],
    }
}

fn tries(address: &str) -> Vec<Line> {
    let width = address.len() + 24;
    let tried = [
        (format!("{address}/public/about"), "needs no sign-in"),
        (
            format!("curl -i {address}/pipeline/apis"),
            "401 and JSON, not a redirect",
        ),
        (
            format!("{address}/logout"),
            "signs out, here and at the provider",
        ),
    ];
    let lines = tried.map(|(what, effect)| format!("{what:<width$}{effect}"));
    let lines = lines
        .into_iter()
        .chain(["the buttons on the page".to_owned()]);
    ["Try"]
        .into_iter()
        .chain(std::iter::repeat(""))
        .zip(lines)
        .collect()
}

fn end(shown: &Shown) -> Vec<Line> {
    let path = shown.gateway.log().path();
    let here = std::env::current_dir().unwrap_or_default();
    let log = path.strip_prefix(here).unwrap_or(path);
    vec![
        ("Log", log.display().to_string()),
        ("Ctrl-C", "ends everything".to_owned()),
    ]
}
