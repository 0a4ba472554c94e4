import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { startChromium } from "./chromium.ts";
import { startFirefox } from "./firefox.ts";
import { IdentityStage } from "./identity_stage.ts";
import { EXTENSION } from "./stage.ts";

const STARTERS = [
  ["chromium", () => startChromium(join(EXTENSION, "chromium"), { switches: ["--enable-logging", "--v=1"] })],
  ["firefox", () => startFirefox(join(EXTENSION, "firefox"))],
] as const;

/** Tests in both browsers. After each of them the holder's names are looked for in all that is the browser's, and are nowhere. */
export function inBothBrowsers(tests: (at: () => IdentityStage) => void): void {
  for (const [name, start] of STARTERS) {
    describe(name, () => {
      let at: IdentityStage;
      before(async () => {
        at = await IdentityStage.start(start);
      });
      afterEach(async () => {
        try {
          assert.deepEqual((await at.search()).found, []);
        } finally {
          await at.clear();
        }
      });
      after(() => at?.stop());
      tests(() => at);
    });
  }
}
