/**
 * The two manifests, from one description. What differs between the browsers is said next to it.
 *
 * @typedef {"chromium" | "firefox"} Target
 */

/** Where the content script runs; `SITES` in src/site_access.ts says the same. */
export const SITES = [
  "https://*/*",
  "http://localhost/*",
  "http://*.localhost/*",
  "http://127.0.0.1/*",
  "http://[::1]/*",
];

/** Public half of the key that fixes the id in Chromium. Nobody holds the other half; stores sign with their own. */
const CHROMIUM_KEY =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy7rYEnG6fWkufMCk61VcjgMJxO81pof5Niq+tXSNDWBZQkTuVyPWJ4ys/91xm9+phL/s5Ek6pYTDhoZe9l2zo9DCLUl9TfKo4xILGGwQgGaAFRofM8sDdoHKzFJ4OhmGcSRMmEOxMjm3mSDG5Yw8rziZHMjaMx/EKdqn2wgKlY1liWM89GlcZLxsyeLcDXTubrcUhwpQLR+XARulINCVXY8q2wagNcJtsPBxf8AzPpyUs7evTVKVV70s4QgriJPDbUx5+4a7MHDZV8arYdsYU0FhlbibibeuHrhayYiHwxuTiZ8/ypBtiitRRQZVFOJl/v/1uJ9jzO3Wru8Gfc0LfwIDAQAB";

/** The id that Firefox knows the extension by. */
export const FIREFOX_ID = "bitaqa@bitaqa.org";

/**
 * @param {Target} target
 * @param {string} version
 */
export function manifest(target, version) {
  const icons = Object.fromEntries([16, 32, 48, 128].map((size) => [size, `icons/${size}.png`]));
  return {
    manifest_version: 3,
    name: "__MSG_name__",
    description: "__MSG_description__",
    default_locale: "ar",
    version,
    icons,
    permissions: ["nativeMessaging", "storage"],
    content_scripts: [{ matches: SITES, js: ["content.js"], run_at: "document_start", all_frames: false }],
    action: { default_popup: "set_up.html", default_title: "__MSG_name__", default_icon: icons },
    content_security_policy: {
      extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'; connect-src 'self'",
    },
    ...(target === "chromium" ? chromium() : firefox()),
  };
}

function chromium() {
  return {
    key: CHROMIUM_KEY,
    minimum_chrome_version: "120",
    // documents go to the signing window as they are; older browsers pass over it, and get them in pieces
    message_serialization: "structured_clone",
    background: { service_worker: "background.js" },
  };
}

function firefox() {
  return {
    // Firefox runs a background without a service worker
    background: { scripts: ["background.js"] },
    browser_specific_settings: {
      gecko: {
        id: FIREFOX_ID,
        strict_min_version: "140.0",
        data_collection_permissions: {
          // At the person's request a site gets the name and number in the card's certificate; the program on this
          // computer is told which site asks (Mozilla counts what a native program gets as transmitted).
          required: ["personallyIdentifyingInfo", "browsingActivity"],
        },
      },
    },
  };
}
