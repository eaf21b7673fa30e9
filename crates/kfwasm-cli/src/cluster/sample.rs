//! What a pod tells of itself, in Prometheus' text format.

/// A line of it: what one counter or gauge says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample<'a> {
    pub(super) name: &'a str,
    /// As they are written, without braces.
    pub(super) labels: &'a str,
    pub(super) value: &'a str,
}

impl<'a> Sample<'a> {
    /// All of them. Comments are none.
    pub(super) fn all(metrics: &'a str) -> impl Iterator<Item = Self> {
        metrics.lines().filter_map(Self::read)
    }

    /// A label's value may be any text, a `}` or ` ` and other metrics' names among it; what follows the last `}` is the value,
    /// and perhaps a time.
    fn read(line: &'a str) -> Option<Self> {
        let end = line.find(['{', ' '])?;
        let (name, rest) = line.split_at_checked(end)?;
        let (labels, values) = match rest.strip_prefix('{') {
            Some(rest) => rest.rsplit_once('}')?,
            None => ("", rest),
        };
        let value = values.split_whitespace().next()?;
        let sample = Self {
            name,
            labels,
            value,
        };
        (!name.starts_with('#')).then_some(sample)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_name_its_labels_and_a_value() {
        let metrics = "# TYPE up gauge\n# HELP up {or} not\nup 1\nrequests{} 7\nseconds{path=\"/a b}\",code=\"200\"} 0.5 1700000000\n\nnothing\n";
        let read: Vec<_> = Sample::all(metrics)
            .map(|it| (it.name, it.labels, it.value))
            .collect();
        let wanted = [
            ("up", "", "1"),
            ("requests", "", "7"),
            ("seconds", "path=\"/a b}\",code=\"200\"", "0.5"),
        ];
        assert_eq!(read, wanted);
    }
}
