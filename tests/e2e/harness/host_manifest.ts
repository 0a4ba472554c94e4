import { readFileSync } from "node:fs";

/** A native messaging manifest. */
export interface HostManifest {
  name: string;
  description: string;
  path: string;
  type: "stdio";
  allowed_origins?: string[];
  allowed_extensions?: string[];
}

/** The manifest that the product installs for a family of browsers, with its placeholder for the program. */
export function hostManifest(family: "chromium" | "firefox"): HostManifest {
  const template = new URL(`../../../manifests/${family}/org.bitaqa.host.json`, import.meta.url);
  return JSON.parse(readFileSync(template, "utf8")) as HostManifest;
}
