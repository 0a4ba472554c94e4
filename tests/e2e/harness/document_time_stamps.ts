/** The document time stamps of a PDF with one signature before them, and what each covers. */
export function documentTimeStamps(file: Buffer): { token: Buffer; covered: Buffer }[] {
  const ranges = [...file.toString("latin1").matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)];
  return ranges.slice(1).map((found) => {
    const [start = 0, first = 0, second = 0, last = 0] = found.slice(1).map(Number);
    const padded = Buffer.from(file.toString("latin1", start + first + 1, second - 1), "hex");
    return {
      token: padded.subarray(0, 4 + padded.readUInt16BE(2)),
      covered: Buffer.concat([file.subarray(start, start + first), file.subarray(second, second + last)]),
    };
  });
}
