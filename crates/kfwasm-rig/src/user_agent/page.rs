use std::ops::Deref;

use url::Url;

use super::form::Form;
use crate::{Response, RigError};

/// A response, and the address that it came from.
#[derive(Clone, Debug)]
pub struct Page {
    /// The address that was asked.
    pub address: Url,
    pub(super) response: Response,
}

impl Deref for Page {
    type Target = Response;

    fn deref(&self) -> &Response {
        &self.response
    }
}

impl Page {
    /// Where the response sends the browser, made absolute; `None` when it is no redirect.
    #[must_use]
    pub fn location(&self) -> Option<Url> {
        let location = self
            .header("location")
            .filter(|_| (300..400).contains(&self.status))?;
        self.address.join(&location).ok()
    }

    /// The value of a parameter in [`Page::location`]'s query.
    #[must_use]
    pub fn location_parameter(&self, name: &str) -> Option<String> {
        let location = self.location()?;
        location
            .query_pairs()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The page's form that is posted.
    pub(super) fn form(&self) -> Result<Form, RigError> {
        Form::find(&self.text()).ok_or_else(|| {
            let start = self.text().chars().take(200).collect::<String>();
            RigError::unexpected(
                self.address.as_str(),
                format!("{} without a form: {start}", self.status),
            )
        })
    }
}
