/**
 * What a page has to hold that axe cannot see. These functions run inside the page, each for itself, so that Chromium and Firefox are
 * asked the same; what they give is what is wrong.
 */

/** A function as a script for a page, with its arguments. */
export function script(check: (...values: never[]) => unknown, ...values: unknown[]): string {
  return `(() => { ${contrast.toString()}; ${focused.toString()}; return (${check.toString()})(${values.map((value) => JSON.stringify(value)).join(", ")}); })()`;
}

/** Contrast of a colour with what an element stands on (WCAG 2.2, definition of contrast ratio). */
function contrast(colour: string, element: Element | null): number {
  const parts = (text: string): number[] => (text.match(/[\d.]+/g) ?? []).map(Number);
  const light = (text: string): number => {
    const linear = parts(text).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    const [red = 0, green = 0, blue = 0] = linear;
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  let behind = "rgb(255, 255, 255)";
  for (let holder = element; holder !== null; holder = holder.parentElement) {
    const { backgroundColor } = getComputedStyle(holder);
    if ((parts(backgroundColor)[3] ?? 1) === 1) {
      behind = backgroundColor;
      break;
    }
  }
  const [bright = 0, dark = 0] = [light(colour), light(behind)].sort((one, other) => other - one);
  return (bright + 0.05) / (dark + 0.05);
}

/** Text that cannot be read without scrolling sideways, that its element cuts off, or that lies on other text (WCAG 1.4.10, 1.4.12). */
export function unreadable(): string[] {
  const faults: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth} px wide in ${root.clientWidth}`);
  const drawn: { text: string; node: Node; box: DOMRect }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? "";
    // what waits for the keyboard above the page, and what is read out only
    if (text === "" || element === null || !element.checkVisibility() || element.closest(".skip, .unseen, textarea, noscript") !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      drawn.push({ text, node, box });
      if (box.left < -1 || box.right > root.clientWidth + 1) faults.push(`outside the page: ${text}`);
      for (let holder: Element | null = element; holder !== null && holder !== document.body; holder = holder.parentElement) {
        const style = getComputedStyle(holder);
        if (style.display === "inline" || style.display === "contents") continue;
        const room = holder.getBoundingClientRect();
        // a font's box reaches beyond its line where lines are close
        const beyond = box.height / 4;
        if (box.left < room.left - 1 || box.right > room.right + 1 || box.top + beyond < room.top || box.bottom - beyond > room.bottom) {
          faults.push(`outside its ${holder.localName}: ${text}`);
        }
      }
    }
  }
  for (const [at, one] of drawn.entries()) {
    for (const other of drawn.slice(at + 1)) {
      if (other.node === one.node) continue;
      const [height, otherHeight] = [one.box.height / 4, other.box.height / 4];
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom - height, other.box.bottom - otherHeight) - Math.max(one.box.top + height, other.box.top + otherHeight);
      if (across > 1 && down > 1) faults.push(`on each other: ${one.text} / ${other.text}`);
    }
  }
  return [...new Set(faults)];
}

/** Text whose contrast with what is behind it is too low (WCAG 1.4.3): axe passes over most text in Arabic letters. */
export function faint(): string[] {
  const faults: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const [element, text] = [node.parentElement, node.textContent?.trim() ?? ""];
    if (element === null || text === "" || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const ratio = contrast(style.color, element);
    const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faults.push(`a contrast of ${ratio.toFixed(1)}: ${text}`);
  }
  return faults;
}

/** Spacing of WCAG 1.4.12, as a person's own style would set it. */
export function spaceOut(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}

export function spaceNormally(): void {
  document.adoptedStyleSheets = [];
}

/** What can be pressed and is smaller than 24 by 24 CSS pixels (WCAG 2.5.8), without the exceptions that it allows. */
export function smallTargets(): string[] {
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, select, summary")]
    .filter((target) => target.checkVisibility())
    .map((target) => ({ target, box: target.getBoundingClientRect() }))
    .filter(({ box }) => box.width < 24 || box.height < 24)
    .map(({ target, box }) => `${target.localName} ${target.textContent?.trim()}: ${Math.round(box.width)} × ${Math.round(box.height)} px`);
}

/** What the keyboard has to reach, in the order of the document: each gets a number that `focused` tells. */
export function numberControls(): number[] {
  const all = [...document.querySelectorAll<HTMLElement>("a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex]")];
  const controls = all.filter((control) => control.checkVisibility() && !control.matches(":disabled") && control.getAttribute("tabindex") !== "-1");
  controls.forEach((control, number) => (control.dataset["number"] = String(number)));
  // the next Tab begins at the top
  const root = document.documentElement;
  root.tabIndex = -1;
  root.focus();
  root.removeAttribute("tabindex");
  return controls.map((_, number) => number);
}

/** What has the focus. */
export interface Focused {
  number: number;
  name: string;
  box: { x: number; y: number; width: number; height: number };
  /** Why nobody sees that it has it. */
  unseen: string[];
}

export function focused(): Focused | null {
  const control = document.activeElement;
  if (!(control instanceof HTMLElement) || control.dataset["number"] === undefined) return null;
  const style = getComputedStyle(control);
  // it is drawn around the control
  const ratio = contrast(style.outlineColor, control.parentElement);
  const box = control.getBoundingClientRect();
  const unseen: string[] = [];
  if (!["solid", "auto"].includes(style.outlineStyle) || parseFloat(style.outlineWidth) < 2) unseen.push("it has no outline");
  if (ratio < 3) unseen.push(`its outline has a contrast of ${ratio.toFixed(1)}`);
  const [across, down] = [Math.max(0, box.left) + Math.min(box.width, 20) / 2, box.top + Math.min(box.height, 20) / 2];
  const there = document.elementFromPoint(across, down);
  if (there === null || !(control.contains(there) || there.contains(control))) unseen.push("it is covered or outside the window");
  const name = `${control.localName} ${control.getAttribute("name") ?? control.textContent?.trim()}`;
  return { number: Number(control.dataset["number"]), name, box: { x: box.x, y: box.y + scrollY, width: box.width, height: box.height }, unseen };
}

/** The same of each control in turn, without a keyboard: it was used before, so that the browser shows the focus. */
export function eachFocused(): (Focused | null)[] {
  const number = (control: HTMLElement): number => Number(control.dataset["number"]);
  const controls = [...document.querySelectorAll<HTMLElement>("[data-number]")].sort((one, other) => number(one) - number(other));
  return controls.map((control) => {
    control.focus();
    return focused();
  });
}

/** Whose language or direction is not said: text in another script than its language's, or that runs the other way and is not isolated. */
export function unsaidLanguages(language: string, direction: string): string[] {
  const faults: string[] = [];
  const root = document.documentElement;
  if (root.lang !== language || root.dir !== direction) faults.push(`the page says ${root.lang}, ${root.dir}`);
  const scripts: Record<string, RegExp> = { ar: /\p{Script=Arabic}/u, zgh: /\p{Script=Tifinagh}/u };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const [element, text] = [node.parentElement, node.textContent?.trim() ?? ""];
    if (element === null || !/\p{L}/u.test(text) || element.closest("script, template, textarea, noscript") !== null) continue;
    const said = element.closest<HTMLElement>("[lang]")?.lang ?? "";
    // names and identifiers are of no language (WCAG 3.1.2)
    const isName = element.closest("code, bdi:not([lang]), .origin, time") !== null;
    if (!isName && !(scripts[said] ?? /\p{Script=Latin}/u).test(text)) faults.push(`not in ${said}: ${text}`);
    const runs = /\p{Script=Arabic}/u.test(text) ? "rtl" : "ltr";
    const isMixed = runs === "rtl" && /\p{Script=Latin}/u.test(text);
    if (runs !== direction && !isMixed) {
      const style = getComputedStyle(element);
      // a word that stands alone in a box of its own has nothing around it that could move
      const alone = style.display !== "inline" && /^\p{L}(?:.*\p{L})?$/u.test(text);
      const isolating = element.closest("bdi, [dir]:not(html)") !== null || style.unicodeBidi.includes("isolate");
      if (!alone && !isolating) faults.push(`runs ${runs} in ${direction}: ${text}`);
    }
  }
  return faults;
}

/** What is wrong with how the page is built: heading, title, places for messages, errors without their fields. */
export function misbuilt(): string[] {
  const faults: string[] = [];
  const count = (selector: string): number => document.querySelectorAll(selector).length;
  if (count("h1") !== 1 || count("main") !== 1) faults.push(`${count("h1")} h1, ${count("main")} main`);
  if (!/\S · \S/.test(document.title)) faults.push(`the title is ${document.title}`);
  for (const field of document.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== "");
    const texts = described.map((id) => document.getElementById(id)?.textContent?.trim() ?? "");
    if (texts.includes("")) faults.push(`${field.id} is described by nothing`);
    if (field.hasAttribute("aria-invalid") && !described.some((id) => id.endsWith("_fault"))) faults.push(`${field.id} does not say what is wrong`);
  }
  for (const fault of document.querySelectorAll(".fault")) {
    // of no field: it is said aloud, or stands there from the beginning
    if (["alert", "note"].includes(fault.getAttribute("role") ?? "")) continue;
    const field = document.getElementById(fault.id.replace(/_fault$/, ""));
    if (field?.getAttribute("aria-invalid") !== "true") faults.push(`${fault.id} belongs to no field`);
    if (document.querySelector(`[role=alert] a[href="#${field?.id}"]`) === null) faults.push(`${fault.id} is not in the summary`);
  }
  for (const [id, role] of [["progress", "status"], ["failure", "alert"]]) {
    const place = document.getElementById(id ?? "");
    if (place !== null && place.getAttribute("role") !== role) faults.push(`${id} is no ${role}`);
  }
  if (document.querySelector("[style], style, [onclick], [onload], [onsubmit], script:not([src]):not([type='application/json'])") !== null) {
    faults.push("something inline");
  }
  return faults;
}
