//! `bitaqa-bindgen NAME.wasm OUT_DIR`: writes `NAME.js`, its types and the processed WebAssembly.
//!
//! The library behind `wasm-bindgen` is used instead of its command line program, so that the version is the one in the
//! lock file, which must equal that of the crate, and nothing has to be installed.

use std::{env, path::Path, process::ExitCode};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [input, out_dir] = arguments.as_slice() else {
        eprintln!("usage: bitaqa-bindgen NAME.wasm OUT_DIR");
        return ExitCode::from(2);
    };
    let Some(name) = Path::new(input).file_stem().and_then(|stem| stem.to_str()) else {
        eprintln!("bitaqa-bindgen: {input} is no file name");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(input)
        .out_name(name)
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        // after a panic its user starts over with fresh memory
        .reset_state_function(true);
    let made = bindgen.web(true).and_then(|bindgen| bindgen.generate(out_dir));
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bitaqa-bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}
