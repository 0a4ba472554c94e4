/**
 * The platform's pages, in every language and state, before judges that are not ours: axe-core, the browsers' own layout and focus, and
 * their reports of what a page's policy forbids. What they need of a person is made without a card: `harness/platform_pages.ts`.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import type { Browser, Page } from "playwright-core";
import { test } from "./harness/bounded_test.ts";
import { type Tab, until } from "./harness/browser.ts";
import { type Firefox, startFirefox } from "./harness/firefox.ts";
import { startPlainChromium, Visitor } from "./harness/page_browser.ts";
import { ask, axe, DESKTOP, judge, type Judged, PHONE, walk } from "./harness/page_judge.ts";
import { faint, misbuilt, smallTargets, unreadable, unsaidLanguages } from "./harness/page_checks.ts";
import { LANGUAGES, type PageLanguage, PLATFORM_PAGES, type PlatformPage, PlatformWorld } from "./harness/platform_pages.ts";
import { EXTENSION } from "./harness/stage.ts";

/** A folder for pictures of all pages, for people to look at. */
const PICTURES = process.env["BITAQA_PICTURES"];

let world: PlatformWorld;
let browser: Browser;
before(async () => {
  [world, browser] = await Promise.all([PlatformWorld.start(), startPlainChromium()]);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const arrive = (language: string, options: object = {}): Promise<Visitor> =>
  Visitor.arrive(browser, [world.platform.origin, world.platform.administration, world.empty.origin], { locale: language, ...options });

async function opened(page: Page, shown: PlatformPage, language: PageLanguage): Promise<void> {
  await shown.open(page, world, language);
  await page.waitForSelector(shown.shows, { state: "attached" });
}

async function picture(page: Page, shown: PlatformPage, language: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  for (const [name, size] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
    await page.setViewportSize(size);
    await page.screenshot({ path: join(PICTURES, `${shown.name}-${language}-${name}.png`), fullPage: true });
  }
}

describe("every page in every state", { concurrency: 2 }, () => {
  for (const language of LANGUAGES) {
    test(`holds in ${language}`, async () => {
      const visitors = {
        anybody: await arrive(language),
        amina: await arrive(language),
        onboarder: await arrive(language),
        authoriser: await arrive(language),
      };
      await world.signIn(await visitors.amina.page());
      await world.operate(await visitors.onboarder.page(), "onboarder");
      await world.operate(await visitors.authoriser.page(), "authoriser");
      const [faults, titles]: [string[], Map<string, string>] = [[], new Map()];
      for (const shown of PLATFORM_PAGES) {
        const page = await visitors[shown.visitor].page();
        await opened(page, shown, language);
        titles.set(shown.titled ?? shown.name, await page.title());
        await picture(page, shown, language);
        const found = await judge(page, language, language === "ar" ? "every" : "light");
        faults.push(...[...found, ...visitors[shown.visitor].faults()].map((fault) => `${shown.name}: ${fault}`));
        await page.close();
      }
      assert.deepEqual(faults, []);
      assert.equal(new Set(titles.values()).size, titles.size, `titles: ${[...titles].join("; ")}`);
      for (const visitor of Object.values(visitors)) await visitor.context.close();
    });
  }
});

describe("with a keyboard alone", { concurrency: true }, () => {
  for (const language of ["ar", "en"] as const) {
    test(`everything can be done, in ${language}`, async () => {
      const visitors = [await arrive(language), await arrive(language)] as const;
      const [page, hers] = await Promise.all(visitors.map((visitor) => visitor.page())) as [Page, Page];
      await world.signIn(hers);

      await page.goto(await world.ask(language));
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      assert.ok(await page.evaluate("document.querySelector('main').contains(document.activeElement)"), "the link at the top leads past the languages");
      await press(page, "#start");
      await page.waitForSelector("[role=alert] .what");
      assert.ok(await page.evaluate("document.activeElement.id === 'start'"), "the focus is where one goes on");
      await press(page, "nav a[lang=fr]");
      await page.waitForSelector("html[lang=fr]");
      await press(page, "#back button");
      await page.waitForURL(`${world.site}/callback?error=access_denied*`);

      await hers.goto(await world.ask(language, { prompt: "consent" }));
      await press(hers, "form[action*='/agree'] button");
      await hers.waitForURL(`${world.site}/callback?code=*`);
      await hers.goto(`${world.platform.origin}/end-session?lang=${language}`);
      await press(hers, "form[action^='/signed-out'] button");
      await hers.waitForURL(`${world.platform.origin}/signed-out?lang=${language}`);

      await page.goto(`${world.empty.origin}/register-portal?lang=${language}`);
      await press(page, "button.go");
      await page.waitForSelector("[role=alert]:focus");
      await press(page, "[role=alert] a[href='#name']");
      await page.waitForSelector("#name:focus");
      await page.keyboard.type("Essai");
      for (const [field, text] of [["contact", "dev@example.ma"], ["redirect_uris", "https://dev.example.ma/callback"]] as const) {
        await reach(page, `#${field}`);
        await page.keyboard.type(text);
      }
      await press(page, "button.go");
      await page.waitForSelector("main dl");
      for (const { context } of visitors) await context.close();
    });
  }
});

async function reach(page: Page, selector: string): Promise<void> {
  const there = `document.activeElement.matches(${JSON.stringify(selector)})`;
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(there)) return;
  }
  assert.fail(`Tab never gets to ${selector}`);
}

async function press(page: Page, selector: string): Promise<void> {
  await reach(page, selector);
  await page.keyboard.press("Enter");
}

test("without JavaScript everything works but the card, and the page says so", async () => {
  const amina = await arrive("en");
  await world.signIn(await amina.page());
  const visitor = await arrive("en", { javaScriptEnabled: false, storageState: await amina.context.storageState() });
  const page = await visitor.page();
  const heading = (): Promise<string> => page.innerText("h1");

  await page.goto(`${world.platform.origin}/services`);
  assert.equal(await page.locator("main section a").count(), 2);
  await page.click("nav a[lang=ar]");
  assert.equal(await page.getAttribute("html", "dir"), "rtl");

  await page.goto(await world.ask("en", { prompt: "consent" }));
  await page.click("form[action*='/agree'] button");
  await page.waitForURL(`${world.site}/callback?code=*`);
  await page.goto(await world.ask("en", { prompt: "none", response_mode: "form_post" }));
  await page.click("#answer button");
  await page.waitForURL(`${world.site}/callback`);

  await page.goto(await world.ask("en", { prompt: "consent" }));
  await page.click("form[action*='/other-card'] button");
  assert.match(await heading(), /Sign in/);
  assert.equal(await page.isVisible("#start"), false, "a button that does nothing");
  assert.match(await page.innerText(".warning"), /needs JavaScript/);
  await page.click("#back button");
  await page.waitForURL(`${world.site}/callback?error=access_denied*`);

  await visitor.context.addCookies((await amina.context.storageState()).cookies);
  await world.signIn(await amina.page());
  await visitor.context.addCookies((await amina.context.storageState()).cookies);
  await page.goto(`${world.platform.origin}/end-session`);
  await page.click("form[action^='/signed-out'] button");
  assert.match(await heading(), /You are signed out/);

  await page.goto(`${world.empty.origin}/register-portal`);
  await page.click("button.go");
  assert.equal(await page.locator("[role=alert] li").count(), 3);
  await page.fill("#name", "Trial");
  await page.fill("#contact", "dev@example.ma");
  await page.fill("#redirect_uris", "https://dev.example.ma/callback");
  await page.click("button.go");
  assert.match(await heading(), /is registered/);
  assert.deepEqual(visitor.faults(), []);
  for (const { context } of [visitor, amina]) await context.close();
});

test("each check notices what it is there for", async () => {
  const visitor = await arrive("ar");
  const cases: [broken: string, notices: (page: Page) => Promise<string[]>, told: RegExp, width?: number][] = [
    ["document.querySelector('label').remove()", (page) => axe(page), /axe refuses label/],
    ["document.querySelector('.faults a').style.color = '#bbb'", (page) => ask(page, faint), /a contrast of 1\.\d: /],
    ["document.querySelector('.fault code').style.color = '#bbb'", (page) => axe(page, "color-contrast"), /axe refuses color-contrast/],
    ["document.querySelector('#contact').removeAttribute('aria-describedby')", (page) => ask(page, misbuilt), /contact does not say what is wrong/],
    ["document.querySelector('#contact_fault').id = 'elsewhere_fault'", (page) => ask(page, misbuilt), /belongs to no field/],
    ["document.querySelector('h1').outerHTML += '<h1>twice</h1>'", (page) => ask(page, misbuilt), /2 h1/],
    ["document.querySelector('nav a[lang=en]').removeAttribute('lang')", (page) => ask(page, unsaidLanguages, "ar", "rtl"), /not in ar: English/],
    ["document.querySelector('.fault p[dir]').removeAttribute('dir'); document.querySelector('.fault code').style.unicodeBidi = 'normal'",
      (page) => ask(page, unsaidLanguages, "ar", "rtl"), /runs ltr in rtl/],
    ["Object.assign(document.querySelector('button.go').style, { padding: '0', minBlockSize: '0', blockSize: '20px' })", (page) => ask(page, smallTargets), /× 20 px/],
    ["document.querySelector('main').style.minInlineSize = '30rem'", (page) => ask(page, unreadable), /the page is \d+ px wide in 320/, 320],
    ["document.querySelector('main > p').style.blockSize = '1rem'", (page) => ask(page, unreadable), /outside its p/],
    ["document.querySelector('h1').style.translate = '0 3rem'", (page) => ask(page, unreadable), /on each other/],
    ["document.querySelector('button.go').style.outline = 'none'", (page) => walk(page, "rtl"), /no outline/],
    ["document.querySelector('button.go').style.outlineColor = '#fefefe'", (page) => walk(page, "rtl"), /a contrast of 1\.0/],
    ["document.querySelector('button.go').tabIndex = 1", (page) => walk(page, "rtl"), /Tab leads to/],
    ["document.querySelector('.register').style.gridAutoFlow = 'column'; document.querySelector('.field').style.order = 1", (page) => walk(page, "rtl"), /stands before/],
    ["Object.assign(document.querySelector('footer').style, { position: 'fixed', inset: '0' })", (page) => walk(page, "rtl"), /it is covered/],
    ["document.querySelector('h1').setAttribute('style', 'color: red')", async () => visitor.faults(), /policy violated: style-src/],
    ["document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))", async () => visitor.faults(), /policy violated: script-src/],
  ];
  const page = await visitor.page();
  for (const [broken, notices, told, width = 1280] of cases) {
    await page.setViewportSize({ ...DESKTOP, width });
    await page.goto(`${world.platform.origin}/register-portal?lang=ar`);
    await page.click("button.go");
    await page.waitForSelector(".faults:focus");
    const before = await notices(page);
    assert.deepEqual(before.filter((fault) => told.test(fault)), [], "before it is broken");
    await page.evaluate(`{ ${broken} }`);
    await page.waitForTimeout(50);
    const found = await notices(page);
    assert.ok(found.some((fault) => told.test(fault)), `${broken}: ${found.join("; ")}`);
  }
  await visitor.context.close();
});

describe("in Firefox", () => {
  let firefox: Firefox;
  before(async () => {
    firefox = await startFirefox(join(EXTENSION, "firefox"), { "intl.accept_languages": "ar" });
  });
  after(() => firefox?.quit());

  const places: [name: string, open: (tab: Tab) => Promise<unknown>][] = [
    ["sign-in", async (tab) => tab.goto(await world.ask("ar", { scope: "openid profile loan letter" }))],
    ["services", (tab) => tab.goto(`${world.platform.origin}/services?lang=fr`)],
    ["sign-out", (tab) => tab.goto(`${world.platform.origin}/end-session`)],
    ["register-faults", async (tab) => {
      await tab.goto(`${world.platform.origin}/register-portal?lang=ar`);
      await tab.click("button.go");
      await until(() => tab.evaluate<boolean>("document.activeElement.matches('.faults')"), "the focus at what is wrong");
    }],
  ];
  for (const [name, open] of places) {
    test(`${name} holds, also at the browser's own zoom of 400 %`, async () => {
      const tab = await firefox.open("about:blank");
      const page = tab as unknown as Judged & Pick<Page, "keyboard"> & { setViewport(size: object): Promise<void> };
      await tab.bringToFront();
      await page.setViewport(DESKTOP);
      await open(tab);
      const direction = (await page.evaluate("document.documentElement.dir")) as "ltr" | "rtl";
      const faults = [...(await axe(page)), ...(await walk(page, direction)), ...(await ask(page, unreadable))];
      await firefox.privileged("gBrowser.selectedBrowser.fullZoom = 4");
      await until(() => tab.evaluate<boolean>("innerWidth <= 345"), "the zoom");
      faults.push(...(await ask(page, unreadable)), ...(await walk(page, direction)));
      assert.deepEqual(faults, []);
      await tab.close();
    });
  }
});
