//! Workloads that call the API, by the base URL they call.

/// The host of a base URL as the product compares hosts: lower case, without user, port and final dot.
///
/// # Errors
/// A text that is no absolute URL with a host, with the reason.
pub fn host(base_url: &str) -> Result<String, String> {
    let parsed = match url::Url::parse(base_url) {
        Ok(parsed) => parsed,
        Err(url::ParseError::RelativeUrlWithoutBase) => return Err("it has no scheme".to_owned()),
        Err(e) => return Err(e.to_string()),
    };
    match parsed.host_str() {
        Some(host) if !host.is_empty() && !parsed.cannot_be_a_base() => {
            Ok(host.strip_suffix('.').unwrap_or(host).to_lowercase())
        }
        Some(_) | None => Err("it has no scheme or no host".to_owned()),
    }
}

/// Whether raw JSON text may set a variable of OpenAI's SDKs.
pub(super) fn may_hold(raw: &str) -> bool {
    raw.contains("OPENAI_")
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(host("https://api.openai.com\\@eu.api.openai.com/").as_deref(), Ok("api.openai.com"));
    }

    #[test]
    fn what_is_no_url_has_a_reason() {
        for url in ["eu.api.openai.com/v1", "", "https://", "/v1", "mailto:a@b", "eu.api.openai.com:443/v1"] {
            assert!(host(url).is_err(), "{url}");
        }
    }
}
