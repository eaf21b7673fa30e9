//! Chromium, driven by WebDriver (<https://www.w3.org/TR/webdriver2/>).

mod browser;
mod programs;
mod webdriver;

pub use browser::Chrome;
