/**
 * What PDFs of a batch may show or do beside their pages is said before anything can be signed, of every one of them, in real browsers: on
 * the page "Sign a file" and in a site's signing window. Nobody opens the documents that it is said of.
 */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { chooseFiles, type Tab, until } from "./harness/browser.ts";
import { pdfsig } from "./harness/judges.ts";
import { line, pdf } from "./harness/pdf_file.ts";
import type { SigningPage } from "./harness/signing_page.ts";
import { type Signings, withCard } from "./harness/signings.ts";
import { STARTERS } from "./harness/starters.ts";

/** A card whose key for documents signs any number after one entry of the PIN. */
const CARD = { personality: "pkcs15", key: "p256", signsMany: true } as const;
const PIN = "12345";

const PAGE = { content: line("Bill") };
const PLAIN = pdf([PAGE]);
const SCRIPT = pdf([PAGE], { catalog: "/Names<</JavaScript<</Names[]>>>>" });
const FORM = pdf([PAGE], { catalog: "/AcroForm<</Fields[]/XFA[]>>/OCProperties<</OCGs[]/D<<>>>>" });
const LINK = pdf([{ ...PAGE, entries: "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://a.example/)>>>>]" }]);
const BEHIND = Buffer.concat([PLAIN, Buffer.from("more")]);

/** As many as one batch may have. */
const MANY = 500;

/** What stands there when the button "Sign" can be pressed for the first time, and what was said until then. */
interface AtFirst {
  marks: string[];
  flagged: string;
  opened: number;
  said: string[];
}

/** Watches the page from before it has documents; what is seen is in `window.atFirst`. */
const WATCH = `(() => {
  const at = (id) => document.getElementById(id);
  const said = new Set();
  new MutationObserver(() => {
    if (!at("state").hidden) said.add(at("what").textContent.replace(/[\\u2068\\u2069]/g, ""));
    if (window.atFirst !== undefined || at("go").hidden || at("go").disabled) return;
    const marks = [...document.querySelectorAll("#list button")];
    window.atFirst = {
      marks: marks.map((button) => { const mark = button.querySelector(".caution"); return mark.checkVisibility() ? mark.innerText : ""; }),
      flagged: at("flagged").checkVisibility() ? at("flagged").innerText.replace(/[\\u2068\\u2069]/g, "") : "",
      opened: marks.filter((button) => button.querySelector(".seen").textContent !== "").length,
      said: [...said],
    };
  }).observe(document.querySelector("body"), { subtree: true, childList: true, attributes: true, characterData: true });
})()`;

/** Keeps the page's workers from inspecting until `window.release` is called: the slowest inspection that there is. */
const HOLD = `(() => {
  const held = [];
  let isHeld = true;
  window.Worker = class extends Worker {
    postMessage(call) {
      if (isHeld && call.name === "inspect") held.push(() => super.postMessage(call));
      else super.postMessage(call);
    }
  };
  window.release = () => {
    isHeld = false;
    for (const go of held.splice(0)) go();
  };
})()`;

async function atFirst(tab: Tab): Promise<AtFirst> {
  await until(() => tab.evaluate<boolean>("window.atFirst !== undefined"), "the button to sign", 60_000);
  return tab.evaluate<AtFirst>("window.atFirst");
}

for (const [name, start] of STARTERS) {
  describe(`${name}: what PDFs may do`, () => {
    let signings: Signings;

    withCard(start, CARD, (made) => ({ signings } = made));

    /** A batch of the person's own, watched from before it is chosen. */
    async function chosen(files: readonly (readonly [string, Buffer])[], { isHeld = false } = {}): Promise<SigningPage> {
      const page = await signings.own();
      await page.tab.evaluate(WATCH);
      if (isHeld) await page.tab.evaluate(HOLD);
      await chooseFiles(page.tab, "#files", ...files.map(([called, content]) => signings.file(called, content)));
      return page;
    }

    test("every PDF that nobody opened is marked, with its sentences, before a person can sign, and is signed all the same", async () => {
      const page = await chosen([["plain.pdf", PLAIN], ["script.pdf", SCRIPT], ["form.pdf", FORM], ["link.pdf", LINK], ["behind.pdf", BEHIND]]);
      const { marks, flagged, opened } = await atFirst(page.tab);
      assert.deepEqual(marks.map((mark) => mark.trim()), ["", "Caution", "Caution", "Caution", "Caution"]);
      assert.equal(opened, 1);
      assert.match(flagged, /^4 of 5 documents may show or do something other than what you see here:/);
      assert.match(flagged, /script\.pdf\s+This PDF has scripts/);
      assert.match(flagged, /form\.pdf\s+This PDF has an XFA form.*\s+This PDF has layers/);
      assert.match(flagged, /link\.pdf\s+This PDF has links or actions/);
      assert.match(flagged, /behind\.pdf\s+Something stands behind the end/);
      assert.ok(!flagged.includes("plain.pdf"));
      await page.sign(PIN);
      const files = await page.saved();
      assert.equal(files.size, 5);
      assert.match(pdfsig(signings.file("signed.pdf", files.get("script-signed.pdf") ?? "")), /Signature is Valid/);
    });

    test("nobody can sign while a document is not inspected, however long ago the first one was drawn, and the page says why", async () => {
      const page = await chosen([["plain.pdf", PLAIN], ["script.pdf", SCRIPT]], { isHeld: true });
      await until(() => page.tab.evaluate<boolean>('document.querySelector("#list .seen")?.textContent === "✓"'), "the first document");
      await page.says("The documents are being inspected: 0 of 2");
      await page.says("You can sign when all of them are.");
      // longer than the page lets a person look
      await new Promise((resolve) => setTimeout(resolve, 2000));
      assert.equal(await page.tab.evaluate<boolean>("window.atFirst === undefined && document.querySelector('#go').disabled"), true);
      await page.tab.evaluate("window.release()");
      const { marks, flagged } = await atFirst(page.tab);
      assert.deepEqual(marks.map((mark) => mark.trim()), ["", "Caution"]);
      assert.match(flagged, /^1 of 2 documents/);
      assert.equal(await page.tab.evaluate<boolean>('document.querySelector("#state").hidden'), true);
    });

    test("a site's PDF is inspected whatever the site calls it, and one that cannot be read is marked", async () => {
      const documents = [
        { name: "plain.pdf", type: "application/pdf", base64: PLAIN.toString("base64") },
        { name: "notes.txt", type: "text/plain", base64: SCRIPT.toString("base64") },
        { name: "broken.pdf", type: "application/pdf", base64: Buffer.from("%PDF-1.7\nno PDF").toString("base64") },
        { name: "letter.txt", type: "text/plain", base64: Buffer.from("letter").toString("base64") },
      ];
      const { request, window } = await signings.siteAsks({ documents, format: "cades", language: "en" });
      await window.says("2 of 4 documents may show or do something other");
      const flagged = await window.text("#flagged");
      assert.match(flagged, /notes\.txt\s+This PDF has scripts/);
      assert.match(flagged, /broken\.pdf\s+Bitaqa cannot read how this PDF is built: ./);
      // the name leads to the document, where its sentences stand again
      assert.equal(await window.tab.evaluate<boolean>('document.querySelector("#risks").hidden'), true);
      await window.tab.evaluate('document.querySelector("#flagged-list button").click()');
      assert.match(await window.text("#risks"), /This PDF has scripts/);
      await window.tab.evaluate('document.querySelector("#list li:first-child button").click()');
      assert.equal(await window.tab.evaluate<boolean>('document.querySelector("#risks").hidden'), true);
      await window.cancel();
      assert.equal((await request.end(60_000)).code, "user-cancelled");
    });

    test(`of ${MANY} PDFs the last one is inspected, too, and meanwhile the page says what it waits for`, async () => {
      const files = Array.from({ length: MANY }, (_, at) => [`bill ${at + 1}.pdf`, at === MANY - 1 ? SCRIPT : PLAIN] as const);
      const begun = performance.now();
      const page = await chosen(files);
      const { marks, flagged, opened, said } = await atFirst(page.tab);
      console.log(`${name}: ${MANY} PDFs inspected in ${Math.round(performance.now() - begun)} ms, choosing included`);
      assert.deepEqual(marks.flatMap((mark, at) => (mark === "" ? [] : [at])), [MANY - 1]);
      assert.match(flagged, new RegExp(`^1 of ${MANY} documents .*\\s+bill ${MANY}\\.pdf\\s+This PDF has scripts`));
      assert.ok(opened <= 1);
      assert.ok(said.some((text) => new RegExp(`^The documents are being inspected: \\d+ of ${MANY}$`).test(text)), said.join("; "));
    });
  });
}
