let last = 0;

/** An id that no other request of this process has, so that none is in use twice on a connection. */
export function nextRequestId(what: string): string {
  last += 1;
  return `${what}-${last}`;
}
