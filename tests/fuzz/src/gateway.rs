//! A whole relying party, and a stranger who sends what they like while the provider answers what it likes.

use std::collections::BTreeMap;

use kfwasm_config::Config;
use kfwasm_oidc::callout::CalloutError;
use kfwasm_oidc::entropy::{Entropy, EntropyFailure};
use kfwasm_oidc::jose::RustCryptoVerifier;
use kfwasm_oidc::shared_data::{NotWritten, SharedData, Version};
use kfwasm_oidc::time::UnixTime;
use kfwasm_oidc::{Host, Outcome, RelyingParty, Step};

use crate::request::{Script, split};

/// A token of the bearer's issuer ended long ago: no text of it may serve.
const CONFIG: &str = r#"{
    "providers": [{"issuer": "https://login.example.com", "clientId": "kubeflow", "clientSecret": {"env": "SECRET"}}],
    "publicHosts": ["kubeflow.example.com"],
    "skip": [{"prefix": "/public"}],
    "bearer": {"issuers": [{"issuer": "https://joe.example.com", "audiences": ["kubeflow"], "jwks": "JWKS"}]},
    "access": [{"prefix": "/pipeline", "groups": ["admins"]}]
}"#;

/// Most steps that one request takes: metadata, token, keys, userinfo, and one to spare.
const MOST_STEPS: usize = 5;

pub(crate) fn config() -> Config {
    let key_set = include_str!("../seeds/key_set/rfc7515").replace('"', "\\\"");
    let config = CONFIG.replace("JWKS", &key_set);
    Config::from_json(config.as_bytes()).expect("the fuzzer's configuration")
}

/// What the environment of the gateway holds.
pub(crate) fn secret(name: &str) -> Option<String> {
    match name {
        "SECRET" => Some("hunter2hunter2".to_owned()),
        _ => Some("b2xkLWtleS1vbGQta2V5LW9sZC1rZXktb2xkLWtleS0=".to_owned()),
    }
}

/// A request of a stranger, who may have begun a sign-in before: `ATTEMPT` in the input stands for its cookie, `STATE` for its
/// `state`. Only a skip rule lets the request through, it never gets an identity or a session, and it comes to an end.
pub(crate) fn request(data: &[u8]) {
    let mut party = RelyingParty::new(config(), &|name| secret(name))
        .map_err(|problems| format!("{problems:?}"))
        .expect("the fuzzer's relying party");
    let mut world = World::default();
    let data = match data.windows(5).any(|it| it == b"STATE") {
        true => begun(&mut party, &mut world).put_into(data),
        false => data.to_vec(),
    };
    run(&mut party, &mut world, Script::read(&data));
}

/// What becomes of a request at first.
pub(crate) fn decide(headers: &[u8]) -> Step {
    let mut party = RelyingParty::new(config(), &|name| secret(name))
        .map_err(|problems| format!("{problems:?}"))
        .expect("the fuzzer's relying party");
    first_step(&mut party, &mut World::default(), headers)
}

fn first_step(party: &mut RelyingParty, world: &mut World, headers: &[u8]) -> Step {
    match party.scan(headers) {
        Ok(head) => party.handle_request(&head, &mut world.host()),
        Err(_) => Step::Reply(party.refuse_malformed()),
    }
}

fn run(party: &mut RelyingParty, world: &mut World, script: Script) {
    let mut answers = script.answers.into_iter();
    let mut step = first_step(party, world, &script.headers);
    for _ in 0..MOST_STEPS {
        match step {
            Step::Callout(_, pending) => {
                let answer = answers.next().unwrap_or(Err(CalloutError::NoResponse));
                step = pending.resume(party, answer, &mut world.host());
            }
            Step::Forward(edits) => {
                assert_eq!(edits.outcome, Outcome::Skipped, "a stranger got in");
                assert!(edits.identity.is_none(), "a stranger got an identity");
                return;
            }
            Step::Reply(reply) => {
                assert!((200..600).contains(&reply.status), "{}", reply.status);
                let mut headers = reply.headers.iter();
                let signed_in = headers.any(|(_, value)| {
                    value.starts_with("authservice_session=") && !value.contains("Max-Age=0")
                });
                assert!(!signed_in, "a stranger was signed in");
                return;
            }
        }
    }
    panic!("the request does not come to an end");
}

/// A sign-in that was begun.
struct Begun {
    attempt: String,
    state: String,
}

/// Begins a sign-in, with a provider that does what it should.
fn begun(party: &mut RelyingParty, world: &mut World) -> Begun {
    let script = Script::read(include_bytes!("../seeds/request/navigation"));
    let head = party.scan(&script.headers).expect("a request");
    let step = party.handle_request(&head, &mut world.host());
    let Step::Callout(_, pending) = step else {
        panic!("a sign-in begins with discovery");
    };
    let answer = script
        .answers
        .into_iter()
        .next()
        .expect("a discovery document");
    let Step::Reply(reply) = pending.resume(party, answer, &mut world.host()) else {
        panic!("a sign-in leads to the provider");
    };
    let header = |name: &str| {
        let found = reply.headers.iter().find(|(it, _)| *it == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let between = |text: &str, before: &str, behind: char| {
        let rest = text.split_once(before).map(|(_, rest)| rest.to_owned());
        rest.and_then(|rest| Some(rest.split(behind).next()?.to_owned()))
            .expect("a sign-in")
    };
    Begun {
        attempt: between(&header("set-cookie"), "", ';'),
        state: between(&header("location"), "&state=", '&'),
    }
}

impl Begun {
    fn put_into(&self, data: &[u8]) -> Vec<u8> {
        let attempt = replaced(data, b"ATTEMPT", self.attempt.as_bytes());
        replaced(&attempt, b"STATE", self.state.as_bytes())
    }
}

fn replaced(data: &[u8], word: &[u8], by: &[u8]) -> Vec<u8> {
    split(data, word).join(by)
}

/// Time that stands still, numbers that count, and an empty memory.
#[derive(Default)]
struct World {
    numbers: Counting,
    memory: Memory,
    verifier: RustCryptoVerifier,
}

impl World {
    fn host(&mut self) -> Host<'_> {
        Host {
            now: UnixTime(1_800_000_000),
            entropy: &mut self.numbers,
            shared: &mut self.memory,
            signatures: &mut self.verifier,
        }
    }
}

#[derive(Default)]
struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyFailure> {
        for byte in buffer {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Memory(BTreeMap<String, (Vec<u8>, u32)>);

impl SharedData for Memory {
    fn get(&mut self, name: &str) -> Option<(Vec<u8>, Version)> {
        let (value, version) = self.0.get(name)?;
        Some((value.clone(), Version(*version)))
    }

    fn set(
        &mut self,
        name: &str,
        value: &[u8],
        version: Option<Version>,
    ) -> Result<(), NotWritten> {
        let current = self.0.get(name).map_or(0, |(_, version)| *version);
        if version.is_some_and(|it| it.0 != current) {
            return Err(NotWritten);
        }
        self.0
            .insert(name.to_owned(), (value.to_vec(), current + 1));
        Ok(())
    }
}
