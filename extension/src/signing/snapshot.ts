/**
 * The bytes that a Blob has now, in a Blob of our own. A Blob can stand for a file that somebody writes to while the person looks at it;
 * what is shown has to be what is signed.
 *
 * @throws where it can no longer be read, or has another length than it said
 */
export async function snapshot(blob: Blob): Promise<Blob> {
  // through a stream of ours: of a Blob itself some browsers give the same file back
  const copied = await new Response(blob.stream().pipeThrough(new TransformStream())).blob();
  if (copied.size !== blob.size) throw new Error("the document changed while it was read");
  return new Blob([copied], { type: blob.type });
}
