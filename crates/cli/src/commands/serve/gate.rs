//! Who may ask: a token that only the printed address carries, and no page but ours.
//!
//! The token keeps other users and programs of the machine out. A page of another site that the same browser shows cannot
//! know it, does not get the cookie sent along (SameSite=Strict), and is refused by its `Origin`. A name that another site
//! lets point to this machine (DNS rebinding) is refused by its `Host`.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use rand::RngCore as _;

/// The checks that every request passes.
pub struct Gate {
    address: SocketAddr,
    token: String,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not know the token.
    Token,
    /// It was meant for another name than ours.
    Host,
    /// It comes from another page than ours.
    Origin,
}

impl Gate {
    /// A gate with a new token for the server at `address`.
    pub fn new(address: SocketAddr) -> Gate {
        let mut bytes = [0_u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        let token = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Gate { address, token }
    }

    /// The address that lets a person in.
    pub fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            // Listening everywhere: this machine is one of the places.
            address.set_ip(match address.ip() {
                IpAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("http://{address}/?token={}", self.token)
    }

    /// Whether `token` is ours. Takes the same time wherever it differs.
    pub fn knows(&self, token: &str) -> bool {
        let (ours, theirs) = (self.token.as_bytes(), token.as_bytes());
        ours.len() == theirs.len() && ours.iter().zip(theirs).fold(0, |all, (a, b)| all | (a ^ b)) == 0
    }

    /// The cookie that carries the token from now on. Cookies do not tell ports apart, so its name does.
    pub fn cookie(&self) -> String {
        format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie_name(), self.token)
    }

    fn cookie_name(&self) -> String {
        format!("episome-{}", self.address.port())
    }

    /// Refuses what is meant for another name, or comes from another page.
    pub fn check_source(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = text(headers, &header::HOST).filter(|host| self.is_ours(host)).ok_or(Refusal::Host)?;
        let from_elsewhere =
            text(headers, &header::ORIGIN).is_some_and(|origin| origin != format!("http://{host}"));
        let site = text(headers, &HeaderName::from_static("sec-fetch-site"));
        if from_elsewhere || site.is_some_and(|site| site == "cross-site" || site == "same-site") {
            return Err(Refusal::Origin);
        }
        Ok(())
    }

    /// Refuses who does not know the token: it comes in the cookie, or as `Authorization: Bearer …` from a program.
    pub fn check_token(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let name = self.cookie_name();
        let cookies = text(headers, &header::COOKIE).unwrap_or_default();
        let cookie =
            cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(&name)?.strip_prefix('='));
        let bearer = text(headers, &header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        if cookie.or(bearer).is_some_and(|token| self.knows(token)) { Ok(()) } else { Err(Refusal::Token) }
    }

    /// Whether a `Host` names this server: by the address that it listens on, as this machine, or, where others may reach
    /// it, by any address in digits, which no site can take over.
    fn is_ours(&self, host: &str) -> bool {
        let port = self.address.port();
        let Some(name) = host.strip_suffix(&format!(":{port}")).or((port == 80).then_some(host)) else {
            return false;
        };
        let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        match address {
            Ok(address) => {
                address.is_loopback() || address == self.address.ip() || !self.address.ip().is_loopback()
            }
            Err(_) => name == "localhost",
        }
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn other_names_and_other_pages_are_refused() {
        let gate = Gate::new("127.0.0.1:8017".parse().unwrap());
        let check = |pairs: &[(&str, &str)]| gate.check_source(&headers(pairs));
        assert_eq!(check(&[("host", "127.0.0.1:8017")]), Ok(()));
        assert_eq!(check(&[("host", "localhost:8017"), ("origin", "http://localhost:8017")]), Ok(()));
        assert_eq!(check(&[("host", "[::1]:8017")]), Ok(()));
        assert_eq!(check(&[]), Err(Refusal::Host));
        assert_eq!(check(&[("host", "evil.example:8017")]), Err(Refusal::Host));
        assert_eq!(check(&[("host", "192.0.2.1:8017")]), Err(Refusal::Host));
        assert_eq!(check(&[("host", "127.0.0.1:9")]), Err(Refusal::Host));
        let evil = [("host", "127.0.0.1:8017"), ("origin", "http://evil.example")];
        assert_eq!(check(&evil), Err(Refusal::Origin));
        assert_eq!(check(&[("host", "127.0.0.1:8017"), ("origin", "null")]), Err(Refusal::Origin));
        assert_eq!(
            check(&[("host", "127.0.0.1:8017"), ("sec-fetch-site", "cross-site")]),
            Err(Refusal::Origin)
        );
    }

    #[test]
    fn the_token_comes_in_a_cookie_or_a_header() {
        let gate = Gate::new("127.0.0.1:8017".parse().unwrap());
        let cookie = gate.cookie();
        let pair = cookie.split(';').next().unwrap();
        assert_eq!(gate.check_token(&headers(&[("cookie", &format!("a=b; {pair}"))])), Ok(()));
        assert_eq!(gate.check_token(&headers(&[("cookie", "episome-8017=00")])), Err(Refusal::Token));
        assert_eq!(gate.check_token(&headers(&[])), Err(Refusal::Token));
        let token = pair.split_once('=').unwrap().1;
        assert_eq!(gate.check_token(&headers(&[("authorization", &format!("Bearer {token}"))])), Ok(()));
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        assert!(gate.url().ends_with(token));
    }
}
