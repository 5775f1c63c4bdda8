//! A token in the keyring of the system, through a real Secret Service: GNOME's, on a bus of its own.

use std::process::{Command, Stdio};

use episome_hub::{Keyring, SystemKeyring, Token, TokenSource, Tokens};

/// Opens a keyring in an empty home, and runs the words after it beside it.
const SESSION: &str =
    "printf 'a password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec \"$@\"";

#[test]
fn a_token_is_kept_in_the_keyring_of_the_system_and_found_by_another_program() {
    let there = |program: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    };
    if !(there("dbus-run-session") && there("gnome-keyring-daemon")) {
        eprintln!("not tested: dbus-run-session and gnome-keyring-daemon are not installed");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let step = |name: &str| {
        let mut words = vec!["--".into(), "sh".into(), "-c".into(), SESSION.into(), "sh".into()];
        words.push(std::env::current_exe().unwrap().into_os_string());
        words.extend(["--exact", "--ignored", "--nocapture", name].map(Into::into));
        let output = Command::new("dbus-run-session")
            .args(words)
            .env("HOME", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .env("XDG_DATA_HOME", home.path().join("share"))
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("1 passed"), "{name}: {said}");
    };
    // Two programs, one after the other, and a keyring that was closed between them.
    step("keyring::keeps");
    step("keyring::finds_and_forgets");
}

fn keyring() -> SystemKeyring {
    SystemKeyring::new("https://hub.example")
}

fn token(text: &str) -> Token {
    Token::new(text).unwrap()
}

#[test]
#[ignore = "the test above runs it inside a session of its own"]
fn keeps() {
    let tokens = Tokens::default().with_keyring(std::sync::Arc::new(keyring()));
    assert_eq!(tokens.find(), None);
    tokens.keep(&token("hf_first")).unwrap();
    tokens.keep(&token("hf_second")).unwrap();
    assert_eq!(keyring().read().unwrap(), Some(token("hf_second")), "the later in the place of the earlier");
    assert_eq!(SystemKeyring::new("https://other.example").read().unwrap(), None, "never another Hub's");
}

#[test]
#[ignore = "the test above runs it inside a session of its own"]
fn finds_and_forgets() {
    let tokens = Tokens::default().with_keyring(std::sync::Arc::new(keyring()));
    assert_eq!(tokens.find(), Some((token("hf_second"), TokenSource::Keyring)));
    assert!(tokens.forget().unwrap());
    assert_eq!(keyring().read().unwrap(), None);
    assert!(tokens.recall().unwrap());
    assert_eq!(keyring().read().unwrap(), Some(token("hf_second")));
    assert!(keyring().remove().unwrap());
    assert!(!keyring().remove().unwrap());
}
