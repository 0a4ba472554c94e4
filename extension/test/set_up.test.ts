import assert from "node:assert/strict";
import { test } from "node:test";
import { Catalogue } from "../src/catalogue.ts";
import { ERRORS } from "../src/errors.ts";
import type { ErrorCode } from "../src/generated/ErrorCode.ts";
import { recentRows, milliseconds } from "../src/set_up/recent.ts";
import { report } from "../src/set_up/report.ts";
import { judge, type Findings } from "../src/set_up/verdict.ts";
import { SITES, SiteAccess } from "../src/site_access.ts";
import { WORDS } from "../src/words.ts";

const words = new Catalogue("en", WORDS);
const errors = new Catalogue("en", ERRORS);
const GOOD: Findings = {
  sites: true,
  setUp: { extension: "0.1.0", host: { version: "0.2.0" }, recent: [] },
  asked: false,
};

function broken(code: ErrorCode): Findings {
  return { ...GOOD, setUp: { extension: "0.1.0", host: { error: { code } }, recent: [] } };
}

test("when everything is there, it says so", () => {
  const { state, parts } = judge(GOOD, "0.1.0", words, errors);
  assert.equal(state, "ready");
  assert.deepEqual(Object.values(parts).map(({ state }) => state), ["ready", "ready", "ready"]);
});

test("until everything is known nothing is promised", () => {
  assert.equal(judge({ ...GOOD, setUp: undefined }, "0.1.0", words, errors).state, "checking");
  assert.equal(judge({ ...GOOD, sites: undefined }, "0.1.0", words, errors).state, "checking");
});

test("a host that is missing, too old or silent is named, with what to do", () => {
  for (const [code, value] of [
    ["host-missing", "not found"],
    ["host-too-old", "too old"],
    ["host-crashed", "does not answer"],
  ] as const) {
    const verdict = judge(broken(code), "0.1.0", words, errors);
    assert.equal(verdict.state, "problem");
    assert.equal(verdict.parts.host.value, value);
    assert.equal(verdict.what, errors.text(`error-${code}`));
    assert.equal(verdict.next, code === "host-missing" ? words.text("host-get") : errors.text(`error-${code}.remedy`));
  }
});

test("an extension that is too old is the part to be replaced", () => {
  const { parts } = judge(broken("extension-too-old"), "0.1.0", words, errors);
  assert.deepEqual(parts.extension, { state: "problem", value: "too old" });
});

test("missing site access comes first, because without it nothing else is ever asked for", () => {
  const verdict = judge({ ...broken("host-missing"), sites: false }, "0.1.0", words, errors);
  assert.equal(verdict.state, "warning");
  assert.equal(verdict.what, words.text("access-title"));
  assert.notEqual(judge({ ...GOOD, sites: false, asked: true }, "0.1.0", words, errors).next, verdict.next);
});

test("recent requests are shown newest first, with their code and the time that was not the person's", () => {
  const rows = recentRows(
    [{ request: "status" }, { request: "authenticate", code: "no-card" }, { request: "authenticate", microseconds: 412_345 }, { request: "new" }],
    words,
    errors,
  );
  assert.deepEqual(
    rows.map(({ state, request, outcome, code, time }) => [state, request, outcome, code, time.replace(/[\u2068\u2069]/g, "")]),
    [
      ["ready", "Other", "done", "", ""],
      ["ready", "Sign-in", "done", "", "412 ms"],
      ["problem", "Sign-in", errors.text("error-no-card"), "no-card", ""],
    ],
  );
  assert.equal(milliseconds(9_949), 9.9);
});

test("the report holds versions and codes", () => {
  const findings: Findings = {
    ...GOOD,
    sites: false,
    setUp: {
      extension: "0.1.0",
      host: { error: { code: "host-missing", detail: "not found" } },
      recent: [
        { request: "authenticate", code: "no-card" },
        { request: "authenticate", timing: { card: 1, person: 2, window: 0, total: 3, commands: 4, bytes: 5 } },
      ],
    },
  };
  assert.equal(
    report(findings, "0.1.0", "a browser"),
    [
      "bitaqa extension: 0.1.0",
      "bitaqa host: host-missing (not found)",
      "site access: no",
      "browser: a browser",
      "request: authenticate no-card",
      'request: authenticate ok {"card":1,"person":2,"window":0,"total":3,"commands":4,"bytes":5}',
      "",
    ].join("\n"),
  );
});

test("site access is asked for all sites once, and for one site when it is not everywhere", async () => {
  const asked: string[][] = [];
  let granted: (origins: string[]) => boolean = () => true;
  let removed = (): void => {};
  const seen: boolean[] = [];
  const access = new SiteAccess(
    {
      contains: async ({ origins }) => {
        asked.push(origins);
        return granted(origins);
      },
      onAdded: { addListener: () => {} },
      onRemoved: { addListener: (changed) => void (removed = changed) },
    },
    (everywhere) => seen.push(everywhere),
  );
  assert.equal(await access.allows("https://portal.example:8443"), true);
  assert.deepEqual(asked, [SITES]);

  granted = ([first]) => first === "https://portal.example/*";
  removed();
  assert.equal(await access.allows("https://portal.example:8443"), true);
  assert.equal(await access.allows("http://[::1]:9"), false);
  assert.deepEqual(asked.slice(2), [["https://portal.example/*"], ["http://[::1]/*"]]);
  assert.deepEqual(seen, [true, false]);
});
