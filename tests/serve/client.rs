//! `episome serve` in a home of its own, and a client that speaks plain HTTP, so that a test decides about every header.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::episome;

/// A server, ended when it is dropped.
pub struct Server {
    child: Child,
    /// Address and port.
    pub address: String,
    /// What lets a client in.
    pub token: String,
}

/// What was answered.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{error} in {} {:?}", self.status, String::from_utf8_lossy(&self.body))
        })
    }
}

impl Server {
    /// Starts a server whose settings, projects and caches are below `home`.
    pub fn start(home: &Path) -> Server {
        Server::start_with(home, &[])
    }

    /// The same with further environment variables.
    pub fn start_with(home: &Path, variables: &[(&str, &str)]) -> Server {
        let program = episome(["serve", "--json", "--threads", "2"]);
        let program = variables.iter().fold(program, |program, (name, value)| program.env(name, value));
        let mut child = program
            .env("EPISOME_CONFIG", home.join("config"))
            .env("EPISOME_PROJECTS", home.join("projects"))
            .env("EPISOME_CACHE", home.join("cache"))
            .env("HF_HOME", home.join("hub"))
            // The trash of the tests is not the person's.
            .env("XDG_DATA_HOME", home.join("share"))
            .command()
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("its address");
        let listening: Value = serde_json::from_str(&line).expect("JSON");
        let url = listening["url"].as_str().expect("an address").to_owned();
        let (address, token) =
            url.strip_prefix("http://").and_then(|url| url.split_once("/?token=")).expect("a token");
        Server { child, address: address.to_owned(), token: token.to_owned() }
    }

    fn connect(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(120))).expect("a limit");
        let mut head = format!("{method} {path} HTTP/1.0\r\nContent-Length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| *name == "Host") {
            head += &format!("Host: {}\r\n", self.address);
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all(format!("{head}\r\n").as_bytes()).expect("the request");
        stream.write_all(body).expect("the body");
        stream
    }

    /// A request with just these headers, and `Host` where it is not among them.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut bytes = Vec::new();
        self.connect(method, path, headers, body).read_to_end(&mut bytes).expect("an answer");
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("headers");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("text");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// An address, asked for by one who may.
    pub fn get(&self, path: &str) -> Answer {
        self.raw("GET", path, &[("Authorization", &self.bearer())], b"")
    }

    /// Hands a file over.
    pub fn upload(&self, name: &str, bytes: &[u8]) -> Value {
        let answer = self.raw(
            "POST",
            &format!("/api/upload?name={name}"),
            &[("Authorization", &self.bearer())],
            bytes,
        );
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    fn ask(&self, command: &str, request: &Value) -> Answer {
        let body = request.to_string();
        self.raw("POST", &format!("/api/{command}"), &[("Authorization", &self.bearer())], body.as_bytes())
    }

    /// A command that must succeed.
    pub fn call(&self, command: &str, request: Value) -> Value {
        let answer = self.ask(command, &request);
        assert_eq!(answer.status, 200, "{command} {request}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    /// How a command is answered, whichever way.
    pub fn status(&self, command: &str, request: &Value) -> u16 {
        self.ask(command, request).status
    }

    /// A command that must be refused; the error.
    pub fn refused(&self, command: &str, request: Value) -> Value {
        let answer = self.ask(command, &request);
        assert_eq!(answer.status, 400, "{command} {request}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    /// A job from its beginning to its end: what it told, and its last event.
    pub fn job(&self, command: &str, request: Value) -> (Vec<Value>, Value) {
        self.job_until(command, request, &mut |_| false)
    }

    /// A job that must come to its end; its answer.
    pub fn done(&self, command: &str, request: Value) -> Value {
        let (_, end) = self.job(command, request);
        assert_eq!(end["type"], "done", "{command}: {end}");
        end["answer"].clone()
    }

    /// A job that must fail; the error.
    pub fn fails(&self, command: &str, request: Value) -> Value {
        let (_, end) = self.job(command, request);
        assert_eq!(end["type"], "error", "{command}: {end}");
        end["error"].clone()
    }

    /// A job, cancelled once `enough` says so of what it told.
    pub fn job_until(
        &self,
        command: &str,
        request: Value,
        enough: &mut dyn FnMut(&Value) -> bool,
    ) -> (Vec<Value>, Value) {
        // The job is started first: a listener that comes late hears all the same.
        let job = self.call(command, request)["job"].clone();
        let stream = self.connect("GET", "/api/events", &[("Authorization", &self.bearer())], b"");
        let mut told = Vec::new();
        for line in BufReader::new(stream).lines() {
            let line = line.expect("an event");
            let Some(text) = line.strip_prefix("data:") else { continue };
            let message: Value = serde_json::from_str(text.trim()).expect("JSON");
            if message["job"] != job {
                continue;
            }
            if message["event"]["type"] != "progress" {
                return (told, message["event"].clone());
            }
            if enough(&message["event"]["progress"]) {
                self.call("job.cancel", serde_json::json!({ "job": job }));
            }
            told.push(message["event"]["progress"].clone());
        }
        panic!("the server ended before the job {command} did")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
