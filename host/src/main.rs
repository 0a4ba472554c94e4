//! bitaqa-host: the native messaging host, and its children: (as `bitaqa-host --window`) the window it opens, and (as
//! `bitaqa-host --photo`) what decodes a card's pictures.

use std::{env, process::ExitCode};

use bitaqa_host::{photo, run_host, window};

fn main() -> ExitCode {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    match arguments.first().map(String::as_str) {
        Some(window::parent::WINDOW_ARGUMENT) => window::run_window_child(),
        Some(photo::parent::PHOTO_ARGUMENT) => photo::run_photo_child(),
        _ => run_host(&arguments),
    }
}
