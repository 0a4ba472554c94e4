//! What JavaScript sees.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Config, Event, Session};

/// Says on the extension's own console where the core broke, before it is thrown away.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| web_sys::console::error_1(&panic.to_string().into())));
}

/// The core. See `extension/src/background/core.ts` for events and actions.
#[wasm_bindgen]
pub struct Core(Session);

#[wasm_bindgen]
impl Core {
    /// Starts with a configuration, as JSON.
    ///
    /// # Errors
    /// The configuration is none.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str) -> Result<Core, String> {
        serde_json::from_str::<Config>(config)
            .map(|config| Self(Session::new(config)))
            .map_err(|error| error.to_string())
    }

    /// Takes one event, as JSON; gives the actions to carry out in order, as a JSON array.
    ///
    /// # Errors
    /// The event is none.
    pub fn handle(&mut self, event: &str) -> Result<String, String> {
        let event = serde_json::from_str::<Event>(event).map_err(|error| error.to_string())?;
        serde_json::to_string(&self.0.handle(event)).map_err(|error| error.to_string())
    }
}
