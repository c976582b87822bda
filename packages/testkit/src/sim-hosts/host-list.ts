import type { TcpAddress } from '@hostmesh/core';

/** What one entry of a host list may hold, and then some. */
const ENTRY_CHARACTERS = 4000;

/**
 * The hosts as a host list, in their order: `tcp:127.0.0.1:[30000-30999]`, on as many lines as it takes to keep each
 * entry within what a list accepts.
 */
export function hostListOf(addresses: readonly TcpAddress[]): string {
  const [first] = addresses;
  if (first === undefined) return '';
  const lines: string[] = [];
  let line = '';
  for (const run of portRanges(addresses.map(({ port }) => port)).split(',')) {
    if (line.length + run.length > ENTRY_CHARACTERS) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? run : `,${run}`;
  }
  return [...lines, line].map((runs) => `tcp:${first.host}:[${runs}]`).join('\n');
}

/** Ports in their order, with runs as ranges: `30000-30004,30010`. */
export function portRanges(ports: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const port of ports) {
    const run = runs.at(-1);
    if (run?.last === port - 1) run.last = port;
    else runs.push({ first: port, last: port });
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
