//! The window child: the program started with `--window`.

use std::{
    cell::RefCell,
    env,
    io::{self, BufRead, BufReader, Read},
    process::ExitCode,
    rc::Rc,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rustix::stdio::stdout;
use slint::{
    BackendSelector,
    winit_030::{
        CustomApplicationHandler, EventResult, SlintEvent,
        winit::{
            event_loop::{ActiveEventLoop, EventLoop},
            platform::x11::EventLoopBuilderExtX11,
        },
    },
};

use super::{
    desktop_settings,
    display_server::{DisplayServer, answering_display_server},
    font_folder, fonts,
    frame::write_event,
    message::{MAX_SCENE, PICTURE_MARK, Scene, WindowEvent},
    open_window::{OpenWindow, quit},
    picture::{self, ScenePictures},
};

/// How long the first frame waits for the desktop's settings.
const SETTINGS_WITHIN: Duration = Duration::from_millis(60);

thread_local! {
    /// The window, for what arrives while it is open.
    static WINDOW: RefCell<Option<Rc<OpenWindow>>> = const { RefCell::new(None) };
}

/// Runs the window child until its input ends or the person closes the window.
///
/// Scenes come on standard input, answers go to standard output ([`message`](super::message)). Standard output carries
/// nothing else.
#[must_use]
pub fn run_window_child() -> ExitCode {
    let end = run();
    font_folder::remove_folder();
    match end {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("bitaqa-host: {problem}");
            // the host may be gone, too
            let _ = write_event(stdout(), &WindowEvent::Unavailable {});
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, NoWindow> {
    let started = Instant::now();
    font_folder::provide_a_font(fonts::REGULAR);
    let settings = desktop_settings::read();
    let scenes = read_scenes();
    let server = answering_display_server().ok_or(NoWindow::NoDisplay)?;
    select_backend(server)?;
    fonts::register();
    // what the desktop groups windows by: the X11 class, the Wayland application id
    slint::set_xdg_app_id("org.bitaqa.host").map_err(NoWindow::Toolkit)?;
    // an input that ends before the first scene: nothing to show, nothing to say
    let Ok(first) = scenes.recv() else { return Ok(ExitCode::SUCCESS) };
    let early = settings.recv_timeout(SETTINGS_WITHIN.saturating_sub(started.elapsed()));

    let window = OpenWindow::new(server, first, early.unwrap_or_default())?;
    WINDOW.set(Some(Rc::clone(&window)));
    follow(scenes, |window, (scene, pictures)| window.show(scene, pictures.as_deref()), quit);
    if early.is_err() {
        follow(settings, OpenWindow::apply_settings, || {});
    }
    let code = window.run()?;
    WINDOW.take();
    Ok(code)
}

/// Hands on what arrives on a channel to the window, on its own thread; `end` runs when nothing more can arrive.
fn follow<T: Send + 'static>(channel: mpsc::Receiver<T>, act: fn(&Rc<OpenWindow>, T), end: fn()) {
    let follower = thread::spawn(move || {
        for item in channel {
            let handed_on = slint::invoke_from_event_loop(move || {
                WINDOW.with_borrow(|window| {
                    if let Some(window) = window {
                        act(window, item);
                    }
                });
            });
            if handed_on.is_err() {
                return;
            }
        }
        let _ = slint::invoke_from_event_loop(end);
    });
    drop(follower);
}

/// A scene and the pictures that came before it.
type SceneWithPictures = (Scene, Option<Box<ScenePictures>>);

/// Reads scenes from standard input until it ends or holds something else.
fn read_scenes() -> mpsc::Receiver<SceneWithPictures> {
    let (sender, scenes) = mpsc::channel();
    let reader = thread::spawn(move || {
        let mut input = BufReader::new(io::stdin());
        while let Some(scene) = read_scene(&mut input) {
            if sender.send(scene).is_err() {
                return;
            }
        }
    });
    drop(reader);
    scenes
}

fn read_scene(input: &mut impl BufRead) -> Option<SceneWithPictures> {
    let mut pictures: Option<Box<ScenePictures>> = None;
    while input.fill_buf().ok()?.first() == Some(&PICTURE_MARK) {
        input.consume(1);
        let (kind, picture) = picture::receive(input).ok()?;
        pictures.get_or_insert_default().take(kind, picture);
    }
    Some((read_line(input)?, pictures))
}

fn read_line(input: &mut impl BufRead) -> Option<Scene> {
    let limit = u64::try_from(MAX_SCENE).unwrap_or(u64::MAX);
    let mut line = Vec::new();
    input.take(limit).read_until(b'\n', &mut line).ok()?;
    let scene = serde_json::from_slice(line.strip_suffix(b"\n")?);
    if let Err(error) = &scene {
        // the category only: the line may hold a name
        eprintln!("bitaqa-host: a scene that is none ({:?})", error.classify());
    }
    scene.ok()
}

fn select_backend(server: DisplayServer) -> Result<(), NoWindow> {
    let mut builder = EventLoop::<SlintEvent>::with_user_event();
    if server == DisplayServer::X11 {
        builder.with_x11();
    }
    BackendSelector::new()
        .backend_name("winit".to_owned())
        .renderer_name("software".to_owned())
        .with_winit_event_loop_builder(builder)
        .with_winit_custom_application_handler(ScreenSize)
        .select()
        .map_err(NoWindow::Toolkit)
}

/// Tells the window how much room there is, before it is made.
struct ScreenSize;

impl CustomApplicationHandler for ScreenSize {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) -> EventResult {
        let monitor = event_loop.primary_monitor().or_else(|| event_loop.available_monitors().next());
        if let Some(monitor) = monitor {
            let size = monitor.size();
            // the toolkit's own variable comes before what the screen says
            let scale = env::var("SLINT_SCALE_FACTOR").ok().and_then(|scale| scale.parse().ok());
            let scale = scale.filter(|scale| *scale > 0.0).unwrap_or_else(|| monitor.scale_factor());
            WINDOW.with_borrow(|window| {
                if let Some(window) = window {
                    window.set_screen(size.width, size.height, scale);
                }
            });
        }
        EventResult::Propagate
    }
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
enum NoWindow {
    #[error("no display server answers")]
    NoDisplay,
    #[error("the window cannot be made: {0}")]
    Toolkit(#[from] slint::PlatformError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_scene_or_too_long_ends_the_input() {
        assert!(read_scene(&mut &b"{}\n"[..]).is_none());
        assert!(read_scene(&mut &b"{\"language\":\"en\""[..]).is_none());
        let long = [vec![b' '; MAX_SCENE], b"\n".to_vec()].concat();
        assert!(read_scene(&mut &long[..]).is_none());
        let scene =
            b"{\"language\":\"en\",\"asker\":{\"origin\":\"https://a.example\"},\"step\":{\"kind\":\"reading\"}}\n";
        assert!(read_scene(&mut &scene[..]).is_some_and(|(_, pictures)| pictures.is_none()));
    }

    #[test]
    fn pictures_come_before_their_scene() {
        let scene = b"{\"language\":\"en\",\"asker\":{\"origin\":\"https://a.example\"},\"step\":{\"kind\":\"sending\"}}\n";
        let photo = [&[PICTURE_MARK, 0, 0, 1, 0, 1, 1, 2, 3][..], scene].concat();
        let (_, pictures) = read_scene(&mut &photo[..]).unwrap();
        assert_eq!(pictures.unwrap().photo.unwrap().rgb(), [1, 2, 3]);
        // one of a kind that does not exist, one that is cut off, one without a scene
        for wrong in [&[PICTURE_MARK, 2, 0, 1, 0, 1, 1, 2, 3][..], &photo[..8], &photo[..9]] {
            assert!(read_scene(&mut { wrong }).is_none());
        }
    }
}
