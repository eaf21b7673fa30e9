use std::cmp::Ordering;
use std::fmt;

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: the way from the top to the field, such as `providers[0].clientId`; empty for the
    /// whole document.
    pub path: String,
    /// What is wrong there, as the end of a sentence that begins with the path.
    pub message: String,
    /// What to write instead, as an instruction.
    pub advice: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.path.is_empty() {
            "configuration"
        } else {
            &self.path
        };
        write!(f, "{place}: {}\n    {}", self.message, self.advice)
    }
}

/// Everything that is wrong with a configuration, in the order of the fields. Never empty.
///
/// `Display` writes two lines for each problem: place and message, then the advice, indented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    /// How many problems are listed at most, so that a hostile document cannot flood the log.
    const LISTED: usize = 100;

    /// The problems, one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        match self.0.len().cmp(&Self::LISTED) {
            Ordering::Less => self.0.push(problem),
            Ordering::Equal => self.0.push(Problem {
                path: String::new(),
                message: "has more problems than these".to_owned(),
                advice: "correct these first".to_owned(),
            }),
            Ordering::Greater => {}
        }
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
