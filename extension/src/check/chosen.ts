/** What the person chose: the signed file, and what stands beside it. */

/** Endings of files that hold signatures and, as a rule, not what was signed. */
const SIGNATURES = /\.(p7s|p7m|p7c|sig|asc|jws|jose|xsig|xades)$/i;

/** Of files that were chosen at once: the one with the signatures, and the others. */
export function sorted<File extends { name: string }>(files: readonly File[]): { signed: File; beside: File[] } | undefined {
  const signed = files.find(({ name }) => SIGNATURES.test(name)) ?? files[0];
  return signed && { signed, beside: files.filter((file) => file !== signed) };
}

/** Adds files; one of the same name is replaced. */
export function added<File extends { name: string }>(known: readonly File[], more: readonly File[]): File[] {
  return [...known.filter(({ name }) => !more.some((file) => file.name === name)), ...more];
}
