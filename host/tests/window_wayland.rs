//! The window under a Wayland compositor, without any X server within reach.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod window_desktop;

use std::{
    process::{Child, Stdio},
    time::Duration,
};

use bitaqa_host::window::message::{Missing, Step};
use bitaqa_protocol::{ErrorCode, Language};
use window_desktop::{Answer, Desktop, DesktopOptions, WindowUnderTest, pin_step};

/// A compositor that draws into memory; it has no keyboard.
struct Compositor(Child);

impl Compositor {
    const SOCKET: &str = "wayland-of-the-test";

    fn start(desktop: &Desktop) -> Self {
        let socket = format!("--socket={}", Self::SOCKET);
        let arguments = ["--backend=headless-backend.so", &socket, "--idle-time=0", "--no-config"];
        let mut command = desktop.command("weston", "weston", &arguments);
        command.env_remove("DISPLAY").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let compositor = Self(command.spawn().unwrap());
        desktop.wait_for("the compositor", |desktop| desktop.folder().join(Self::SOCKET).exists());
        compositor
    }
}

impl Drop for Compositor {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn every_step_is_shown_in_every_language_and_the_window_stays() {
    let desktop = Desktop::start(DesktopOptions::default());
    let _compositor = Compositor::start(&desktop);
    for language in [Language::Ar, Language::Fr, Language::En, Language::Zgh] {
        let variables = [("DISPLAY", ""), ("WAYLAND_DISPLAY", Compositor::SOCKET)];
        let mut window = WindowUnderTest::start(&desktop, &variables);
        window.show(language, Step::Waiting { missing: Missing::Card });
        assert_eq!(window.answer(), Answer::Event("{\"type\":\"shown\"}".to_owned()), "{language:?}");
        for step in
            [Step::Reading {}, pin_step(), Step::Signing {}, Step::Failed { code: ErrorCode::PinBlocked }]
        {
            window.show(language, step);
            window.says_nothing_for(Duration::from_millis(200));
        }
        // past the moment at which attention is asked for
        window.says_nothing_for(Duration::from_secs(1));
        window.close();
        assert_eq!(window.answer(), Answer::End);
        assert!(window.wait(), "it ends well");
    }
}

#[test]
fn a_compositor_that_goes_away_ends_the_window_as_unavailable() {
    let desktop = Desktop::start(DesktopOptions::default());
    let compositor = Compositor::start(&desktop);
    let mut window =
        WindowUnderTest::start(&desktop, &[("DISPLAY", ""), ("WAYLAND_DISPLAY", Compositor::SOCKET)]);
    window.show(Language::En, pin_step());
    assert_eq!(window.answer(), Answer::Event("{\"type\":\"shown\"}".to_owned()));
    drop(compositor);
    assert_eq!(window.answer(), Answer::Event("{\"type\":\"unavailable\"}".to_owned()));
    assert_eq!(window.answer(), Answer::End);
    assert!(!window.wait());
}
