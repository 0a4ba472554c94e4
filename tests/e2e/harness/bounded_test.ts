import { test as unbounded } from "node:test";

/** Longest time of one test, in milliseconds: the longest waits for idle backgrounds and takes two minutes. */
const LIMIT = 180_000;

/**
 * A test that ends in bounded time. (Node's `--test-timeout` is for a whole file and each of its suites; the script `test`
 * in `package.json` sets that one, too.)
 */
export function test(name: string, body: () => Promise<void>): void {
  void unbounded(name, { timeout: LIMIT }, body);
}
