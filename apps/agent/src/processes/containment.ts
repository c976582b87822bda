import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { Hello } from '@hostmesh/protocol';
import { ownCgroup, ProcCgroups } from './cgroups.ts';

/** How the processes of procs are told, and the cgroups that they live in where there are any. */
export interface Containment {
  readonly cgroups: ProcCgroups | null;
  readonly told: Hello['containment'];
}

/**
 * Looks where procs can have cgroups of their own: below `given`, or below the agent's own cgroup when that is undefined;
 * `none` does without. Where it was left open, and cannot be, processes are told by their environment.
 */
export function findContainment(
  hostId: string,
  given: string | undefined,
  notes: string,
): Result<Containment, Fault<'bad_usage'>> {
  const byEnvironment = (why: string): Containment => ({
    cgroups: null,
    told: { kind: 'environment', detail: why.slice(0, 500) },
  });
  if (given === 'none') return ok(byEnvironment('started with --cgroup none'));
  const home = ownCgroup();
  const opened =
    home === null
      ? fail({ code: 'no_cgroup', message: 'this system shows no cgroups of version 2' })
      : ProcCgroups.open(hostId, given ?? home, home, notes);
  if (opened.ok) {
    return ok({ cgroups: opened.value, told: { kind: 'cgroup', detail: opened.value.root.slice(0, 500) } });
  }
  const why = `no cgroup can be made: ${opened.fault.message}`;
  return given === undefined
    ? ok(byEnvironment(why))
    : fail({ code: 'bad_usage', message: `--cgroup ${given}: ${why}` });
}
