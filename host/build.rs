//! Compiles the window's Slint files.

fn main() {
    #[cfg(feature = "window")]
    compile_window();
}

#[cfg(feature = "window")]
fn compile_window() {
    let configuration = slint_build::CompilerConfiguration::new()
        .embed_resources(slint_build::EmbedResourcesKind::EmbedFiles);
    if let Err(error) = slint_build::compile_with_config("ui/window.slint", configuration) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
