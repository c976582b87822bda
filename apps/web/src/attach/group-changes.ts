import type { ConfigChange, PreflightHost } from '@hostmesh/contract';

/** Hosts that would change in the same way. */
export interface ChangeGroup {
  readonly changes: readonly ConfigChange[];
  readonly addresses: readonly string[];
}

/** Hosts with the same changes together, biggest group first; hosts without changes are in none. */
export function groupChanges(hosts: readonly PreflightHost[]): readonly ChangeGroup[] {
  const groups = new Map<string, { changes: readonly ConfigChange[]; addresses: string[] }>();
  for (const { changes, address } of hosts) {
    if (changes.length === 0) continue;
    const same = JSON.stringify(changes);
    const group = groups.get(same) ?? { changes, addresses: [] };
    group.addresses.push(address);
    groups.set(same, group);
  }
  return [...groups.values()].sort((a, b) => b.addresses.length - a.addresses.length);
}
