import { join } from "node:path";
import { startChromium } from "./chromium.ts";
import { startFirefox } from "./firefox.ts";
import { EXTENSION } from "./stage.ts";

/** The browsers, each with the extension. */
export const STARTERS = [
  ["chromium", () => startChromium(join(EXTENSION, "chromium"))],
  ["firefox", () => startFirefox(join(EXTENSION, "firefox"))],
] as const;

/** The same, where Chromium writes down what it does, so that it can be searched. */
export const TALKATIVE = [["chromium", () => startChromium(join(EXTENSION, "chromium"), { switches: ["--enable-logging", "--v=1"] })], STARTERS[1]] as const;
