/**
 * What a sign-in does not need is not loaded for it: the module for documents is fetched and compiled when a site asks about documents,
 * and not before, neither by the background nor by the set-up page. What they fetch and compile is written down by a recorder in front
 * of the shipped scripts.
 */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { type Browser, openPage, run, type Tab, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { startFirefox } from "./harness/firefox.ts";
import { Portal } from "./harness/portal.ts";
import { ScriptedHost } from "./harness/scripted_host.ts";
import { EXTENSION } from "./harness/stage.ts";

/** Runs before a script of the extension: addresses that it fetches, and bytes that it compiles; told to a page that asks. */
const RECORDER = `(() => {
  const seen = { fetched: [], compiled: [] };
  const name = (asked) => String(asked?.url ?? asked).split("/").pop();
  const { fetch } = globalThis;
  globalThis.fetch = (asked, ...more) => {
    seen.fetched.push(name(asked));
    return fetch.call(globalThis, asked, ...more);
  };
  const length = (bytes) => seen.compiled.push(bytes.byteLength ?? "streamed");
  for (const way of ["compile", "instantiate", "compileStreaming", "instantiateStreaming"]) {
    const own = WebAssembly[way];
    WebAssembly[way] = (bytes, ...more) => {
      if (!(bytes instanceof WebAssembly.Module)) length(bytes);
      return own.call(WebAssembly, bytes, ...more);
    };
  }
  WebAssembly.Module = new Proxy(WebAssembly.Module, {
    construct(own, given) {
      length(given[0]);
      return new own(...given);
    },
  });
  const questions = new BroadcastChannel("WHERE");
  questions.onmessage = ({ data }) => data === "asked" && questions.postMessage(seen);
})();
`;

interface Seen {
  fetched: string[];
  /** Bytes of each. */
  compiled: (number | "streamed")[];
}

/** Where a recorder stands. */
const SCRIPTS = ["background", "set_up"] as const;

for (const [name, start] of [["chromium", startChromium], ["firefox", startFirefox]] as const) {
  describe(`${name}: modules are loaded when they are needed`, () => {
    let folder: string;
    let portal: Portal;
    let browser: Browser;
    let page: Tab;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "bitaqa-modules-"));
      const extension = join(folder, "extension");
      cpSync(join(EXTENSION, name), extension, { recursive: true });
      for (const script of SCRIPTS) {
        const path = join(extension, `${script}.js`);
        writeFileSync(path, RECORDER.replace("WHERE", `seen by ${script}`) + readFileSync(path, "utf8"));
      }
      portal = await Portal.start(folder);
      const host = new ScriptedHost(join(folder, "host"));
      browser = await start(extension);
      browser.installHost(host.program);
      page = await browser.openExtensionPage("set_up.html");
    });
    after(async () => {
      await browser?.quit();
      await portal?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    async function seen(script: (typeof SCRIPTS)[number]): Promise<Seen> {
      await page.evaluate(`(() => {
        window.seen = undefined;
        const questions = new BroadcastChannel("seen by ${script}");
        questions.onmessage = ({ data }) => {
          // what another question of this page asked
          if (data === "asked") return;
          window.seen = data;
          questions.close();
        };
        questions.postMessage("asked");
      })()`);
      return (await until(() => page.evaluate<Seen | undefined>("window.seen"), `what ${script} loaded`)) as Seen;
    }

    const bytes = (file: string): number => readFileSync(join(EXTENSION, name, file)).length;

    test("a sign-in and the set-up page load the core at most; a request about documents loads their module", async () => {
      const tab = await openPage(browser, portal.url());
      const { value, code } = await run(tab, "signIn");
      assert.ok(value, code);
      assert.ok((await run(tab, "status")).value);
      const signedIn = await seen("background");
      assert.deepEqual(signedIn, { fetched: ["core.wasm"], compiled: [bytes("core.wasm")] });
      const setUp = await seen("set_up");
      assert.deepEqual(setUp.fetched.filter((file) => file.endsWith(".wasm")), []);
      assert.deepEqual(setUp.compiled, []);

      // this host never answers what is about documents; that the request is read shows that a module that is loaded is seen
      await tab.click("#signingCertificates");
      const both = async (): Promise<Seen | undefined> => {
        const now = await seen("background");
        return now.compiled.length > 1 ? now : undefined;
      };
      const now = await until(both, "the module for documents");
      assert.deepEqual(now, { fetched: ["core.wasm", "documents.wasm"], compiled: [bytes("core.wasm"), bytes("documents.wasm")] });
      await tab.close();
    });
  });
}
