/**
 * How long the extension's images module takes for a portrait of 20,000 bytes, the size that cards have: in V8, the engine of
 * Chromium, with the very WebAssembly of the package. Made by OpenJPEG and libjpeg-turbo (ImageMagick): nothing of ours encodes.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Bytes of the portrait, about. */
const BYTES = 20_000;
/** Runs that are measured, after one that is not. */
const RUNS = 25;
/** What `cargo xtask build` puts beside the core. */
const MODULES = fileURLToPath(new URL("../../target/core", import.meta.url));

/** The half of the module that is used. */
interface Images {
  initSync(options: { module: BufferSource }): unknown;
  Picture: new (encoded: Uint8Array) => { width: number; height: number; rgba(): Uint8Array; free(): void };
}

/** Milliseconds for each format, by the clock and of a processor: from the encoded bytes to pixels that a canvas takes. */
export async function portraits(): Promise<object> {
  const images = (await import(join(MODULES, "bitaqa_images.js"))) as Images;
  images.initSync({ module: readFileSync(join(MODULES, "bitaqa_images_bg.wasm")) });
  return { jpeg2000: measured(images, "j2k"), jpeg: measured(images, "jpg") };
}

function measured({ Picture }: Images, format: "j2k" | "jpg"): object {
  const encoded = portrait(format);
  const [times, processor]: [number[], number[]] = [[], []];
  let size = "";
  for (let run = 0; run <= RUNS; run += 1) {
    const [started, used] = [performance.now(), process.cpuUsage()];
    const picture = new Picture(encoded);
    picture.rgba();
    times.push(performance.now() - started);
    const { user, system } = process.cpuUsage(used);
    processor.push((user + system) / 1000);
    size = `${picture.width} × ${picture.height}`;
    picture.free();
  }
  return { bytes: encoded.length, size, milliseconds: spread(times), ofProcessor: spread(processor) };
}

/** The first run, in which V8 has compiled little yet, and the others. */
function spread([first = Number.NaN, ...others]: number[]): object {
  others.sort((one, other) => one - other);
  const [median = Number.NaN, maximum = Number.NaN] = [others[others.length >> 1], others.at(-1)];
  const [one, two, three] = [first, median, maximum].map((time) => Math.round(time * 10) / 10);
  return { first: one, median: two, maximum: three };
}

/** Something with soft parts, edges and noise, at the quality that gives about as many bytes as a card's portrait has. */
function portrait(format: "j2k" | "jpg"): Uint8Array {
  const of = (quality: number): Uint8Array =>
    execFileSync("convert", [
      ...["-size", "413x531", "-seed", "7", "plasma:tan-bisque", "-blur", "0x3"],
      ...["-fill", "sienna", "-draw", "ellipse 206,240 110,150 0,360", "-fill", "black", "-draw", "circle 165,210 165,200 circle 245,210 245,200"],
      ...["-attenuate", "0.15", "+noise", "Gaussian", "-depth", "8", "-quality", String(quality), `${format}:-`],
    ]);
  let [least, most] = [1, 99];
  while (least < most) {
    const middle = (least + most) >> 1;
    if (of(middle).length < BYTES) least = middle + 1;
    else most = middle;
  }
  return of(least);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${JSON.stringify(await portraits(), null, 1)}\n`);
