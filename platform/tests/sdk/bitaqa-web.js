// Stands in for the built module in the tests of serving it.
export class BitaqaError extends Error {}
export async function authenticate() {
  throw new BitaqaError();
}
export async function status() {
  return { state: "unknown" };
}
