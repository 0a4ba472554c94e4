//! bitaqa-host: the native messaging host, and (as `bitaqa-host --window`) the window it opens.

use std::{env, process::ExitCode};

use bitaqa_host::{run_host, window};

fn main() -> ExitCode {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    if arguments.first().is_some_and(|argument| argument == window::parent::WINDOW_ARGUMENT) {
        return window::run_window_child();
    }
    run_host(&arguments)
}
