/**
 * Lets Node's test runner load TypeScript and Fluent files as the builds do: `node --import …/typescript.mjs --test`.
 */
import { register } from "node:module";

register("./typescript_hooks.mjs", import.meta.url);
