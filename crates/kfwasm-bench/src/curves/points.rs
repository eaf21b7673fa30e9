use anyhow::Result;
use kfwasm_rig::Proxy;
use serde_json::{Value, json};

use super::{Point, Probe};
use crate::args::Pace;
use crate::load::Target;
use crate::variants::{SignedIn, Stage, request, request_with};

/// Gateways that run, and what is sent to them.
pub(super) struct Gateways {
    pub(super) points: Vec<Point>,
    proxies: Vec<Proxy>,
}

const EXTRA_HEADERS: [usize; 4] = [0, 20, 40, 80];
const FOREIGN_COOKIES: [usize; 4] = [1, 10, 30, 100];
const SKIP_RULES: [usize; 4] = [1, 10, 100, 1000];
const WORKERS: [u8; 2] = [1, 2];
/// Who is in how many groups.
const GROUPS: [(&str, usize); 3] = [("alice", 2), ("bob", 20), ("carol", 200)];

/// Starts the gateways and makes the points.
pub(super) fn start(stage: &Stage, pace: Pace) -> Result<Gateways> {
    let none = Proxy::start(&stage.parts.envoy, stage.proxy()?)?;
    let ours = SignedIn::start(stage, "alice", &json!([]), 1)?;
    let mut gateways = Gateways {
        points: of_one_gateway(&ours, &none, pace)?,
        proxies: vec![none, ours.proxy],
    };
    for (user, count) in GROUPS {
        let theirs = SignedIn::start(stage, user, &json!([]), 1)?;
        gateways.add("groups", count, theirs)?;
    }
    for count in SKIP_RULES {
        let theirs = SignedIn::start(stage, "alice", &skip_rules(count), 1)?;
        gateways.add("skip rules", count, theirs)?;
    }
    for workers in WORKERS {
        let theirs = SignedIn::start(stage, "alice", &json!([]), workers)?;
        gateways.add("workers", workers.into(), theirs)?;
    }
    Ok(gateways)
}

/// The points that differ in what is sent alone.
fn of_one_gateway(ours: &SignedIn, none: &Proxy, pace: Pace) -> Result<Vec<Point>> {
    let cookie = [ours.cookies(1)?.concat()];
    let mut points = Vec::new();
    for count in EXTRA_HEADERS {
        let with = |authority: &str, cookies: &str| extra_headers(authority, cookies, count);
        points.push(point("headers", count, ours, none, &cookie, with));
    }
    for count in FOREIGN_COOKIES {
        let foreign = foreign_cookies(count);
        let with = |authority: &str, cookies: &str| {
            request_with(authority, &[("cookie", &format!("{foreign}{cookies}"))])
        };
        points.push(point("foreign cookies", count, ours, none, &cookie, with));
    }
    for count in pace.sessions() {
        let cookies = ours.cookies(count)?;
        points.push(point("sessions", count, ours, none, &cookies, request));
    }
    Ok(points)
}

impl Gateways {
    /// Adds a point whose gateway is its own; the first of all gateways has no filter.
    fn add(&mut self, curve: &'static str, x: usize, ours: SignedIn) -> Result<()> {
        let cookies = ours.cookies(1)?;
        if let Some(none) = self.proxies.first() {
            let point = point(curve, x, &ours, none, &cookies, request);
            self.points.push(point);
        }
        self.proxies.push(ours.proxy);
        Ok(())
    }
}

fn point(
    curve: &'static str,
    x: usize,
    ours: &SignedIn,
    none: &Proxy,
    cookies: &[String],
    request: impl Fn(&str, &str) -> Vec<u8>,
) -> Point {
    let requests = cookies
        .iter()
        .map(|cookie| request(&ours.proxy.authority(), cookie));
    let bare = vec![request(&none.authority(), "")];
    Point {
        curve,
        x,
        ours: Probe {
            pid: ours.proxy.pid(),
            target: Target::new(ours.proxy.port(), requests.collect(), &ours.saw),
        },
        none: Probe {
            pid: none.pid(),
            target: Target::new(none.port(), bare, "-"),
        },
    }
}

fn extra_headers(authority: &str, cookies: &str, count: usize) -> Vec<u8> {
    let names: Vec<String> = (0..count)
        .map(|number| format!("x-extra-{number}"))
        .collect();
    let mut headers: Vec<(&str, &str)> = names
        .iter()
        .map(|name| (name.as_str(), "0123456789abcdef"))
        .collect();
    headers.push(("cookie", cookies));
    request_with(authority, &headers)
}

fn foreign_cookies(count: usize) -> String {
    (0..count)
        .map(|number| format!("c{number}=0123456789abcdef; "))
        .collect()
}

fn skip_rules(count: usize) -> Value {
    (0..count)
        .map(|number| json!({ "prefix": format!("/public-{number}") }))
        .collect()
}
