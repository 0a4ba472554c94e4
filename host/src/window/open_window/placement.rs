//! How large the window is, where it stands, and what the desktop says about both.

use std::{rc::Rc, time::Duration};

use slint::{
    ComponentHandle,
    winit_030::{WinitWindowAccessor, winit::dpi::PhysicalPosition},
};

use super::{Later, OpenWindow};
use crate::window::{desktop_settings::DesktopSettings, display_server::DisplayServer, ui::Look};

/// Time for the window manager to give the window its new size.
const BEFORE_PLACING: Duration = Duration::from_millis(120);

impl OpenWindow {
    /// What the screen has room for: its size in physical pixels and how many of them make a logical one.
    pub(in super::super) fn set_screen(self: &Rc<Self>, width: u32, height: u32, scale: f64) {
        let room = |pixels: u32| logical(f64::from(pixels) / scale);
        // title bar and panels of the desktop stay visible
        self.ui.set_screen_width(room(width));
        self.ui.set_screen_height((room(height) - 64.0).max(200.0));
        self.scale.set(logical(scale));
        self.apply_settings(self.settings.get());
    }

    /// Follows what the person set on the desktop.
    pub(in super::super) fn apply_settings(self: &Rc<Self>, settings: DesktopSettings) {
        self.settings.set(settings);
        let look = self.ui.global::<Look<'_>>();
        look.set_dark(settings.dark);
        look.set_strong(settings.strong_contrast);
        look.set_zoom(match self.server {
            // the scale holds the text size already, in `Xft.dpi`, where the desktop's settings daemon sets that
            DisplayServer::X11 => (settings.text_scale / self.scale.get()).max(1.0),
            DisplayServer::Wayland => settings.text_scale,
        });
        self.fit();
    }

    /// Makes room for what is shown, as far as the screen has any; never takes room away while the window is open.
    pub(super) fn fit(self: &Rc<Self>) {
        let window = self.ui.window();
        let size = window.size().to_logical(window.scale_factor());
        if !window.has_winit_window() || size.width <= 0.0 {
            return;
        }
        let (room_across, room_down) = (self.ui.get_screen_width(), self.ui.get_screen_height());
        let width = self.ui.get_wanted_width().max(size.width).min(room_across);
        let height = self.ui.get_wanted_height().max(size.height).min(room_down).ceil();
        if (width - size.width).abs() > 0.5 || (height - size.height).abs() > 0.5 {
            // physical: the toolkit takes logical ones for those of the screen, also where a variable scales it
            window.set_size(slint::LogicalSize::new(width, height).to_physical(window.scale_factor()));
            self.later(Later::Place, BEFORE_PLACING, |window| window.stay_on_screen());
        }
    }

    /// Moves the window back where growing took it beyond the edge of the screen. Wayland places windows itself.
    fn stay_on_screen(&self) {
        self.ui.window().with_winit_window(|toolkit| {
            let (Ok(position), Some(monitor)) = (toolkit.outer_position(), toolkit.current_monitor()) else {
                return;
            };
            let (size, screen, corner) = (toolkit.outer_size(), monitor.size(), monitor.position());
            let kept = |at: i32, length: u32, from: i32, room: u32| {
                let beyond = i64::from(at) + i64::from(length) - i64::from(from) - i64::from(room);
                let moved = (i64::from(at) - beyond.max(0)).max(i64::from(from));
                i32::try_from(moved).unwrap_or(at)
            };
            let x = kept(position.x, size.width, corner.x, screen.width);
            let y = kept(position.y, size.height, corner.y, screen.height);
            if (x, y) != (position.x, position.y) {
                toolkit.set_outer_position(PhysicalPosition::new(x, y));
            }
        });
    }

    /// The person, the window manager or the window itself changed its size.
    pub(super) fn has_new_size(self: &Rc<Self>) {
        self.fit();
        if self.server == DisplayServer::Wayland {
            // the first frame of a new size leaves out what was not there before
            self.later(Later::Place, BEFORE_PLACING, |window| {
                window.ui.set_painted_anew(!window.ui.get_painted_anew());
            });
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a length on a screen")]
fn logical(length: f64) -> f32 {
    length as f32
}
