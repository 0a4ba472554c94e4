/**
 * Where on a page the visible signature goes, in the page's own coordinates ("default user space", ISO 32000-1, 8.3.2.3): units of
 * 1/72 inch (times the page's UserUnit), x to the right and y upwards **before the page is turned** by its `Rotate`. `x` and `y` are
 * the lower left corner, so that `[x, y, x + width, y + height]` is the `Rect` of the signature's widget as it stands.
 *
 * On nearly every page the origin is the lower left corner of what is seen. Where the CropBox begins elsewhere, so do the coordinates
 * of what is seen: a box at that corner has the CropBox's left and bottom as its x and y. On a page that is turned by 90 or 270 degrees
 * `height` is what a person sees as the width, and whoever draws the signature has to turn it to be upright.
 */
export interface Placement {
  /** From 1. */
  page: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where the person finds the box at first: somewhere, or at the lower end of a page, so large as it is seen. */
export type Start = Placement | { page: number; width: number; height: number };

/** How large something is as it is seen, in units of its page. */
export interface Size {
  width: number;
  height: number;
}

/** From the edges of a page to a box at its end, in units. */
const MARGIN = 36;

/** What of a page is seen, and how. */
export interface PageShape {
  /** Left, bottom, right and top of what is seen of the page (CropBox within MediaBox), in its own coordinates. */
  view: readonly [number, number, number, number];
  /** Degrees by which it is turned clockwise when it is shown. */
  rotation: 0 | 90 | 180 | 270;
  /** Size of a unit in 1/72 inch. */
  userUnit: number;
}

/** A rectangle on a page as it is shown, in the page's units, from its upper left corner. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Smallest box, in units: a name can still be read in it. */
const SMALLEST = { width: 60, height: 24 };

/** A turn as one of four, from what a page says. */
export function quarter(rotation: number): PageShape["rotation"] {
  const turned = ((Math.round(rotation / 90) % 4) + 4) % 4;
  return ([0, 90, 180, 270] as const)[turned] ?? 0;
}

/** Width and height of a page as it is shown. */
export function shownSize({ view: [left, bottom, right, top], rotation }: PageShape): { width: number; height: number } {
  const [width, height] = [right - left, top - bottom];
  return rotation % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** A placement as it is seen on its page. */
export function toBox({ x, y, width, height }: Placement, { view: [left, bottom, right, top], rotation }: PageShape): Box {
  switch (rotation) {
    case 0:
      return { left: x - left, top: top - y - height, width, height };
    // the lower left corner is shown at the upper left
    case 90:
      return { left: y - bottom, top: x - left, width: height, height: width };
    case 180:
      return { left: right - x - width, top: y - bottom, width, height };
    // the lower left corner is shown at the lower right
    case 270:
      return { left: top - y - height, top: right - x - width, width: height, height: width };
  }
}

/** The placement of what is seen there on this page. */
export function toPlacement(box: Box, { view: [left, bottom, right, top], rotation }: PageShape, page: number): Placement {
  const { width, height } = box;
  switch (rotation) {
    case 0:
      return { page, x: left + box.left, y: top - box.top - height, width, height };
    case 90:
      return { page, x: left + box.top, y: bottom + box.left, width: height, height: width };
    case 180:
      return { page, x: right - box.left - width, y: bottom + box.top, width, height };
    case 270:
      return { page, x: right - box.top - height, y: top - box.left - width, width: height, height: width };
  }
}

/** A box at the lower corner where lines end. */
export function boxAtEnd({ width, height }: { width: number; height: number }, page: { width: number; height: number }, rightToLeft: boolean): Box {
  return { left: rightToLeft ? MARGIN : page.width - width - MARGIN, top: page.height - height - MARGIN, width, height };
}

/** The box, no smaller than a name needs, no larger than its page, and inside of it. */
export function within(box: Box, page: { width: number; height: number }): Box {
  const width = between(box.width, Math.min(SMALLEST.width, page.width), page.width);
  const height = between(box.height, Math.min(SMALLEST.height, page.height), page.height);
  return { left: between(box.left, 0, page.width - width), top: between(box.top, 0, page.height - height), width, height };
}

function between(value: number, least: number, most: number): number {
  // not a number is the least
  return Math.min(Math.max(Number.isNaN(value) ? least : value, least), most);
}

/** What a key does to the box. */
export type KeyMeaning = { move: [number, number] } | { grow: [number, number] } | { pages: -1 | 1 };

/** Steps in units: a few for a fine place, many to get across a page. */
const [STEP, LARGE_STEP] = [3, 36];

const ARROWS: { readonly [key: string]: readonly [number, number] } = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * What a key means: arrows move the box, as they point in every language; with Ctrl or Alt they move its right and lower edges;
 * Shift makes the steps large. Page Up and Page Down carry it to another page.
 */
export function keyMeaning(event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey">): KeyMeaning | undefined {
  if (event.metaKey) return undefined;
  if (event.key === "PageUp" || event.key === "PageDown") {
    return event.ctrlKey || event.altKey ? undefined : { pages: event.key === "PageUp" ? -1 : 1 };
  }
  const arrow = ARROWS[event.key];
  if (arrow === undefined) return undefined;
  const step = event.shiftKey ? LARGE_STEP : STEP;
  const by: [number, number] = [arrow[0] * step, arrow[1] * step];
  return event.ctrlKey || event.altKey ? { grow: by } : { move: by };
}
