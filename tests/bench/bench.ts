/**
 * `cargo xtask bench`: what docs/performance.md says, measured again. Nothing is asserted: machines differ and are noisy.
 *
 * With `--json` the last line is one JSON object.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { recentRequests } from "../e2e/harness/background.ts";
import { until } from "../e2e/harness/browser.ts";
import { startChromium } from "../e2e/harness/chromium.ts";
import { program } from "../e2e/harness/programs.ts";
import { EXTENSION, Request, Stage } from "../e2e/harness/stage.ts";
import { portraits } from "./portrait.ts";

/** Sign-ins measured, after one that is not. */
const SIGN_INS = 25;

/** What `bitaqa-bench cards --json` says; see tests/bench/src/card_report.rs. */
interface CardReport {
  models: { contactT1: { commandMilliseconds: number; byteInMicroseconds: number; byteOutMicroseconds: number } };
  rows: object[];
}

interface Spread {
  minimum: number;
  median: number;
  p95: number;
  maximum: number;
}

const bench = (...parts: string[]): unknown => JSON.parse(execFileSync(program("bitaqa-bench"), parts, { encoding: "utf8" }));

const cards = bench("cards", "--json") as CardReport;
const report = {
  machine: `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} processors`,
  host: bench("host", program("bitaqa-host")),
  windowWithPhoto: bench("window", program("bitaqa-host")),
  pace: bench("pace", "--json"),
  verification: JSON.parse(execFileSync(program("bitaqa-answers"), ["bench", "--json"], { encoding: "utf8" })) as unknown,
  verificationInNode: JSON.parse(
    execFileSync(process.execPath, ["--import", "./tests/e2e/typescript.mjs", "tests/bench/verification.ts", "--json"], { encoding: "utf8" }),
  ) as unknown,
  cards,
  portraits: await portraits(),
  ...(await signIns()),
};

for (const [name, value] of Object.entries({ ...report, cards: undefined })) {
  if (value !== undefined) process.stderr.write(`${name}: ${JSON.stringify(value, null, 1)}\n`);
}
process.stderr.write(`cards:\n${execFileSync(program("bitaqa-bench"), ["cards"], { encoding: "utf8" })}`);
if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(report)}\n`);

async function signIns(): Promise<object> {
  const stage = await Stage.start(() => startChromium(join(EXTENSION, "chromium")));
  try {
    await stage.bed.insert({ personality: "esteid" });
    const tab = await stage.open();
    const times: number[] = [];
    const card: object[] = [];
    for (let run = 0; run <= SIGN_INS; run += 1) {
      await stage.bed.log(0, true);
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await stage.enter("1234");
      const { milliseconds = Number.NaN, value, code } = await request.end();
      if (value === undefined) throw new Error(`sign-in ${run}: ${code}`);
      times.push(milliseconds);
      if (run < 2) card.push(await costs(stage));
      await stage.desktop.noWindow();
    }
    const recent = (await recentRequests(stage.browser)).flatMap(({ timing }) => timing ?? []).slice(-SIGN_INS);
    const measured = times.slice(-SIGN_INS).map((milliseconds, index) => ({ milliseconds, timing: recent[index] }));
    const without = (parts: readonly ("card" | "person" | "window")[]): Spread =>
      spread(
        measured.map(({ milliseconds, timing }) =>
          parts.reduce((rest, part) => rest - (timing?.[part] ?? Number.NaN) / 1000, milliseconds),
        ),
      );
    const [firstUse, known] = card;
    return {
      signInOnEstEid: { firstUse, known },
      pageToPageMilliseconds: {
        signIns: SIGN_INS,
        withoutCardPersonAndWindow: without(["card", "person", "window"]),
        withoutCardAndPerson: without(["card", "person"]),
        windowOnScreen: spread(recent.map(({ window }) => window / 1000)),
      },
      core: await core(stage),
    };
  } finally {
    await stage.stop();
  }
}

/** Commands and bytes of the last sign-in, and what they cost a contact card. */
async function costs(stage: Stage): Promise<object> {
  const { entries } = await stage.bed.log();
  const bytesIn = entries.reduce((sum, entry) => sum + entry.bytesIn, 0);
  const bytesOut = entries.reduce((sum, entry) => sum + entry.bytesOut, 0);
  const { commandMilliseconds, byteInMicroseconds, byteOutMicroseconds } = cards.models.contactT1;
  const onTheWire = (bytesIn * byteInMicroseconds + bytesOut * byteOutMicroseconds) / 1000;
  const contactCardMilliseconds = Math.round(entries.length * commandMilliseconds + onTheWire);
  return { commands: entries.length, bytes: bytesIn + bytesOut, contactCardMilliseconds };
}

/** The core's size, and how long Chromium takes to compile and instantiate it. */
async function core(stage: Stage): Promise<object> {
  const file = join(EXTENSION, "chromium/core.wasm");
  const bytes = readFileSync(file);
  const page = await stage.browser.openExtensionPage("set_up.html");
  await page.evaluate(`(async () => {
    const bytes = await (await fetch("core.wasm")).arrayBuffer();
    const times = [];
    for (let run = 0; run < 20; run += 1) {
      const started = performance.now();
      const module = await WebAssembly.compile(bytes);
      const imports = {};
      for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
      await WebAssembly.instantiate(module, imports);
      times.push(performance.now() - started);
    }
    window.times = times;
  })()`);
  const times = (await until(() => page.evaluate<number[] | undefined>("window.times"), "the core's times")) as number[];
  await page.close();
  return { bytes: bytes.length, gzipBytes: gzipSync(bytes, { level: 9 }).length, instantiationMilliseconds: spread(times) };
}

function spread(values: number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (part: number): number => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN) * 10) / 10;
  return { minimum: at(0), median: at(0.5), p95: at(0.95), maximum: at(1) };
}
