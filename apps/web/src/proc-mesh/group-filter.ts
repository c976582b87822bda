import type { ProcFailureGroup } from '@hostmesh/contract';

/** The filter of the table that shows the procs of a group, and as few others as a filter can say. */
export function groupFilter(
  group: Pick<ProcFailureGroup, 'status' | 'statusText' | 'exitCode' | 'signal'>,
): string {
  const status = `status:${group.status.toLowerCase()}`;
  // Words of a filter know no comma and no quote.
  const text = /[",]/.test(group.statusText) ? '' : ` text:"${group.statusText}"`;
  if (group.signal !== null) return `${status} signal:${group.signal}${text}`;
  return group.exitCode === null ? `${status}${text}` : `${status} exit:${group.exitCode}${text}`;
}
