import type { TcpAddress } from '@hostmesh/core';

/** The hosts as one line of a host list, in their order: `tcp:127.0.0.1:[30000-30999]`. */
export function hostListOf(addresses: readonly TcpAddress[]): string {
  const [first] = addresses;
  if (first === undefined) return '';
  return `tcp:${first.host}:[${portRanges(addresses.map(({ port }) => port))}]`;
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
