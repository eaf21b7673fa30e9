/// A line that the module logged, without Envoy's prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleLine {
    /// When: `HH:MM:SS`, in the machine's time zone.
    pub time: String,
    /// How loud: `info`, `warning`, `error` …
    pub level: String,
    /// What.
    pub message: String,
}

impl ModuleLine {
    /// Reads a line of Envoy's log; `None` when it is not the module's.
    ///
    /// Envoy writes `[date time.ms][thread][level][wasm] [file:line] wasm log NAME: message`.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let (prefix, logged) = line.split_once("] wasm log")?;
        let (_plugin, message) = logged.split_once(": ")?;
        let mut parts = prefix.trim_start_matches('[').split("][");
        let (_date, time) = parts.next()?.split_once(' ')?;
        let level = parts.nth(1)?;
        Some(Self {
            time: time.split('.').next()?.to_owned(),
            level: level.to_owned(),
            message: message.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_module_loses_the_prefix() {
        let line = "[2026-11-24 03:38:48.476][13203][info][wasm] [source/extensions/common/wasm/context.cc:1151] \
                    wasm log kfwasm: kfwasm: forward alice: /";
        let parsed = ModuleLine::parse(line).unwrap();
        assert_eq!(
            (parsed.time.as_str(), parsed.level.as_str()),
            ("03:38:48", "info")
        );
        assert_eq!(parsed.message, "kfwasm: forward alice: /");
    }

    #[test]
    fn a_line_of_envoy_is_none_of_the_modules() {
        let line = "[2026-11-24 03:38:51.931][13197][warning][main] [source/server/server.cc:1028] caught ENVOY_SIGTERM";
        assert_eq!(ModuleLine::parse(line), None);
    }
}
