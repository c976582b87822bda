import { spawnDefaults, type ReadinessRequest, type RestartRequest } from '@hostmesh/contract';
import { assertNever } from '@hostmesh/core';

/** Readiness in words: `it accepts connections on port 8080 + its slot, within 30s`. */
export function describeReadiness(readiness: ReadinessRequest): string {
  const within = readiness.timeout === undefined ? '' : `, within ${readiness.timeout}`;
  return whenReady(readiness) + within;
}

function whenReady(readiness: ReadinessRequest): string {
  switch (readiness.kind) {
    case 'alive':
      return `alive for ${readiness.for ?? spawnDefaults.aliveFor}`;
    case 'descriptor':
      return 'it writes a line to HOSTMESH_READY_FD';
    case 'tcp':
      return `it accepts connections on port ${portText(readiness)}`;
    case 'http':
      return `it answers ${readiness.path} on port ${portText(readiness)}`;
    case 'output':
      return `its output contains “${readiness.contains}”`;
    default:
      return assertNever(readiness);
  }
}

const portText = ({ port, perSlot }: { port: number; perSlot?: boolean | undefined }): string =>
  perSlot === true ? `${port} plus its slot` : String(port);

/** The restart policy in words. */
export function describeRestart({ policy, limit, backoff, maxBackoff }: RestartRequest): string {
  if (policy === 'never') return 'never';
  const when = policy === 'always' ? 'after every end that nobody asked for' : 'after a failure';
  return `${when}, ${limit ?? spawnDefaults.restartLimit} times in a row, first after ${backoff ?? spawnDefaults.backoff}, at most ${maxBackoff ?? spawnDefaults.maxBackoff}`;
}
