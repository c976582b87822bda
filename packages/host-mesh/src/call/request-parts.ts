import { MAX_FRAME_BYTES, type ProcSpec } from '@hostmesh/protocol';

/** As many procs as the protocol allows in one request. */
const MAX_REQUEST_PROCS = 1_000;

/** Proc ids of one host, cut into as many parts as requests are needed. */
export function procIdParts(procIds: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(procIds.length / MAX_REQUEST_PROCS) }, (_, part) =>
    procIds.slice(part * MAX_REQUEST_PROCS, (part + 1) * MAX_REQUEST_PROCS),
  );
}

/** A request stays well below what a frame holds, and so does its answer, which is about as long. */
export const MAX_REQUEST_BYTES = MAX_FRAME_BYTES / 2;

/** Cuts the procs of one host into as few requests as frames allow: usually one. Keeps their order. */
export function splitSpecs(specs: readonly ProcSpec[]): readonly (readonly ProcSpec[])[] {
  const parts: ProcSpec[][] = [];
  let sizeBytes = Infinity;
  for (const spec of specs) {
    const specBytes = Buffer.byteLength(JSON.stringify(spec));
    const part = parts.at(-1);
    if (
      part === undefined ||
      part.length === MAX_REQUEST_PROCS ||
      sizeBytes + specBytes > MAX_REQUEST_BYTES
    ) {
      parts.push([spec]);
      sizeBytes = specBytes;
    } else {
      part.push(spec);
      sizeBytes += specBytes;
    }
  }
  return parts;
}
