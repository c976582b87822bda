import type { ConfigAttrs } from '@hostmesh/core';
import { findSetpriv } from '../launch/tools.ts';
import type { BindTools } from '../launch/bind.ts';
import type { Proc } from '../proc/proc.ts';
import { GroupWatch } from '../process-table/group-watch.ts';
import { GroupReaper } from '../reaper/reaper.ts';
import { ProcStore } from '../store/proc-store.ts';
import { HostProcs } from './host-procs.ts';

/** What the procs of a host hear of their agent, and the other way round. */
export interface ProcHooks {
  changed(proc: Proc): void;
  stepMs(): number;
  clientValues(): ConfigAttrs;
  /** Whether the kernel is to kill procs with their agent, on top of what the agent does itself. */
  parentDeathSignal(): boolean;
}

/** Where procs run, and with what. */
export interface ProcPlace {
  readonly hostId: string;
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where programs are looked for. */
  readonly path: string;
  readonly tools: BindTools;
  monotonicMs(): number;
  /** Something of the operating system is not as it should be; the agent goes on. */
  onFault(what: string, error: unknown): void;
  onBug(error: unknown): void;
}

/** The procs of a host on the real operating system. Starts nothing. */
export function createHostProcs(place: ProcPlace, hooks: ProcHooks): HostProcs {
  const { hostId, dataDir, env, path, tools, onFault, onBug } = place;
  let setpriv: Promise<string | null> | null = null;
  return new HostProcs({
    hostId,
    store: new ProcStore(dataDir, (error) => onFault('proc store', error)),
    launch: {
      agentEnv: { ...env, PATH: path },
      hostId,
      tools,
      setpriv: async () => (hooks.parentDeathSignal() ? (setpriv ??= findSetpriv(path)) : null),
      clientValues: () => hooks.clientValues(),
    },
    groups: new GroupWatch(),
    reaper: new GroupReaper(() => onFault('reaper', new Error('procs have no reaper: it cannot be started'))),
    stepMs: () => hooks.stepMs(),
    changed: (proc) => hooks.changed(proc),
    monotonicMs: () => place.monotonicMs(),
    onFault,
    onBug,
  });
}
