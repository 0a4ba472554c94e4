//! bitaqa-host: the native messaging host, and its children: (as `bitaqa-host --window`) the window it opens, (as
//! `bitaqa-host --photo`) what decodes a card's pictures, and (as `bitaqa-host --remembered-number`) what asks the keystore.

use std::{env, process::ExitCode};

use bitaqa_host::{photo, remembered, run_host, window};

fn main() -> ExitCode {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    match arguments.first().map(String::as_str) {
        Some(window::parent::WINDOW_ARGUMENT) => window::run_window_child(),
        Some(photo::parent::PHOTO_ARGUMENT) => photo::run_photo_child(),
        Some(remembered::parent::REMEMBERED_ARGUMENT) => remembered::run_remembered_child(),
        _ => run_host(&arguments),
    }
}
