import assert from "node:assert/strict";
import { after, afterEach, before, describe } from "node:test";
import { IdentityStage } from "./identity_stage.ts";
import { TALKATIVE } from "./starters.ts";

/** Tests in both browsers. After each of them the holder's names are looked for in all that is the browser's, and are nowhere. */
export function inBothBrowsers(tests: (at: () => IdentityStage) => void): void {
  for (const [name, start] of TALKATIVE) {
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
