//! Workloads that call the API, by the base URL they call and the variables that they are given.

mod called;
mod changed;
pub(super) mod command;
mod comment;
mod encoded;
pub(super) mod environment;
mod marked;
pub(super) mod mention;
mod pair;
pub(super) mod release;
pub(super) mod setting;
mod text;

/// The host of a base URL as the product compares hosts: lower case, without user, port and final dot.
///
/// # Errors
/// A text that is no absolute URL of HTTP or WebSocket with a host, or one that clients take for different hosts, with the reason.
pub fn host(base_url: &str) -> Result<String, String> {
    let base_url = base_url.trim();
    // To browsers a backslash is a slash, to others a part of what stands before the `@`; some decode, some do not.
    let authority =
        base_url.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(rest));
    if base_url.contains(['\\', '\t', '\n', '\r']) || authority.contains('%') {
        return Err(
            "what its host is depends on who reads it: it holds a backslash, a `%` in the host, or a break".to_owned()
        );
    }
    let parsed = match url::Url::parse(base_url) {
        Ok(parsed) => parsed,
        Err(url::ParseError::RelativeUrlWithoutBase) => return Err("it has no scheme".to_owned()),
        Err(e) => return Err(e.to_string()),
    };
    match parsed.host_str() {
        // Browsers find a host behind any number of slashes, others none.
        Some(host) if !host.is_empty() && !authority.is_empty() => {
            let host = host.strip_suffix('.').unwrap_or(host).to_lowercase();
            if !["http", "https", "ws", "wss"].contains(&parsed.scheme()) {
                return Err("its scheme is not http, https, ws or wss".to_owned());
            }
            // Not every client maps other characters to these letters.
            if !authority.is_ascii() && host.ends_with("openai.com") {
                return Err("its host is written in other letters than those of the name".to_owned());
            }
            Ok(host)
        }
        Some(_) | None => Err("it has no scheme or no host".to_owned()),
    }
}

/// How every name of a variable starts, and how that looks inside base64, by where it falls: of UTF-8, then of UTF-16.
pub(super) const MARKS: [&str; 7] =
    ["OPENAI_", "T1BFTkFJX", "9QRU5BSV", "PUEVOQUlf", "TwBQAEUATgBBAEkAXw", "8AUABFAE4AQQBJAF8A", "PAFAARQBOAEEASQBfA"];

#[cfg(test)]
mod tests;

#[cfg(test)]
mod hosts {
    use super::host;

    #[test]
    fn hosts_are_compared_without_case_user_port_and_final_dot() {
        for url in [
            "https://eu.api.openai.com/v1",
            "https://EU.api.openai.com:443",
            "https://user:word@eu.api.openai.com./v1",
            "wss://eu.api.openai.com/v1/realtime",
        ] {
            assert_eq!(host(url).as_deref(), Ok("eu.api.openai.com"), "{url}");
        }
    }

    #[test]
    fn what_clients_read_differently_is_no_url() {
        for url in [
            "https://eu.api.openai.com\\@api.openai.com/v1",
            "https:\\\\eu.api.openai.com/v1",
            "https://eu%2eapi.openai.com/v1",
            "https://eu.api.open\tai.com/v1",
            "https:eu%2Eapi.openai.com",
            "https:eu.api.openai.com/v1",
            "https:/eu.api.openai.com/v1",
            "https:///eu.api.openai.com/v1",
            "ftp://eu.api.openai.com/v1",
            "file://eu.api.openai.com/v1",
            "https://eu\u{200b}.api.openai.com/v1",
            "https://eu.api.\u{ff4f}penai.com/v1",
        ] {
            assert!(host(url).is_err(), "{url}");
        }
        assert_eq!(host("https://eu.api.openai.com/v1/a%20b").as_deref(), Ok("eu.api.openai.com"));
        assert_eq!(host("https://müller.example/v1").as_deref(), Ok("xn--mller-kva.example"));
    }

    #[test]
    fn what_is_no_url_has_a_reason() {
        for url in ["eu.api.openai.com/v1", "", "https://", "/v1", "mailto:a@b", "eu.api.openai.com:443/v1"] {
            assert!(host(url).is_err(), "{url}");
        }
    }
}
