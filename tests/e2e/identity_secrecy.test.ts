/**
 * Where names go: from the card to the host, into its window, and encrypted to the portal's server. The other tests of identity
 * look for them after each journey, in all that is the browser's; here it is shown that what is there is found.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "./harness/bounded_test.ts";
import { until } from "./harness/browser.ts";
import { Needle } from "./harness/clear_text.ts";
import { inBothBrowsers } from "./harness/identity_browsers.ts";
import { HOLDER } from "./harness/identity_stage.ts";

/** Texts that a page, the extension and a profile are made to hold, each in two halves so that this file's are not found. */
const PLANTED = { page: "PAGEWRAXLOMIND", extension: "EXTENQUORVISH", profile: "FILEKRYMPOVAS" };

inBothBrowsers((at) => {
  test("what is planted is found, and the names are not", async () => {
    await at().card({ personality: "cnie-2", hypothesis: "icao-only", seed: 40 });
    const journey = await at().ask({ claims: { required: ["given_name", "family_name"], optional: ["photo"] } });
    await journey.agree(at().number());
    await journey.send();
    assert.equal((await journey.verdict()).code, null);

    const { browser } = at().stage;
    const nothing = await at().search(...Object.values(PLANTED));
    assert.deepEqual(nothing.found, []);
    for (const [place, bytes] of Object.entries(nothing.bytes)) assert.ok(bytes > 0 || /std|storage/.test(place), `${place} is empty`);
    assert.ok((nothing.bytes["memory"] ?? 0) > 50_000_000, "the memory of a browser");
    if (browser.name === "chromium") assert.ok(nothing.bytes["heap of service_worker /background.js"], "the background's heap");

    await journey.tab.evaluate(`window.planted = ${inHalves(PLANTED.page)}, console.error(window.planted)`);
    const extension = await browser.openExtensionPage("set_up.html");
    await extension.evaluate(`(async () => {
      window.planted = ${inHalves(PLANTED.extension)};
      await chrome.storage.local.set({ planted: window.planted });
    })()`);
    const [profile = ""] = browser.folders;
    writeFileSync(join(profile, "planted"), Buffer.from(`x${PLANTED.profile}`).toString("base64"));
    const places = ["extension storage", "profile", "memory of "];
    if (browser.name === "chromium") {
      // its log is a file of the profile
      places.push("heap of page /identity", "heap of page /set_up.html", `profile: ${PLANTED.page}`);
    }
    let missed = places;
    // a browser writes its files when it likes
    await until(async () => {
      const { found } = await at().search(...Object.values(PLANTED));
      missed = places.filter((place) => !found.some((one) => one.startsWith(place)));
      return missed.length === 0;
    }, "what was planted to be found everywhere", 60_000).catch((error: unknown) => assert.deepEqual(missed, [], String(error)));
    await extension.evaluate(`chrome.storage.local.clear()`);
    await extension.close();
  });

  test("the host and its window have the names while they show them", async () => {
    await at().card({ personality: "cnie-2", hypothesis: "icao-only", seed: 41 });
    const journey = await at().ask();
    await journey.agree(at().number());
    await journey.question();
    // the one place where the names are meant to be
    const { found } = await at().search();
    assert.deepEqual(found, []);
    const shown = await at().searchHost();
    for (const who of ["host", "window"]) {
      assert.ok(shown.some((one) => one.startsWith(`memory of ${who}: ${HOLDER.surname}`)), `the ${who} has the name`);
    }
    await at().stage.cancel();
    assert.equal((await journey.end()).code, "user-cancelled");
  });
});

/** A text as an expression that makes it. */
function inHalves(text: string): string {
  return JSON.stringify([text.slice(0, 5), text.slice(5)]) + '.join("")';
}

test("every form of a text is found at every place in another", async () => {
  const needle = new Needle(HOLDER.surname);
  for (const before of ["", "x", "xy", "xyz"]) {
    const inside = Buffer.from(`${before}${HOLDER.surname}<<`);
    assert.equal(needle.in(inside).length, 1);
    assert.equal(needle.in(Buffer.from(inside.toString("base64"))).length, 1, before);
    assert.equal(needle.in(Buffer.from(inside.toString("base64url"))).length, 1, before);
    assert.equal(needle.in(Buffer.from(inside.toString(), "utf16le")).length, 1);
  }
  assert.deepEqual(needle.in(Buffer.from(HOLDER.surname.slice(1))), []);
});
