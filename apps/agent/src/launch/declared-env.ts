import { findConfigKey, ownEnvironment, type ConfigAttrs } from '@hostmesh/core';
import type { ProcFacts } from '../proc/agent-proc.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** All that a proc inherits of its agent's environment. The rest may hold secrets of the agent's own. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'USER', 'SHELL', 'TMPDIR'];

/**
 * The whole environment of a proc (Reference 9.4): what it inherits, the config that its client pushed, what its command
 * says, and who it is. Unlike the reference, nothing of the agent's own environment leaks into it.
 */
export function environmentOf(
  agentEnv: Environment,
  clientValues: ConfigAttrs,
  { spec }: ProcFacts,
  hostId: string,
): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = agentEnv[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    ...configEnvironment(clientValues),
    ...spec.command.env,
    ...ownEnvironment({
      procId: spec.procId,
      hostId,
      ...(spec.readiness.kind === 'descriptor' && { readyFd: 3 }),
    }),
  };
}

/** The pushed config as variables; secrets only where they are meant to travel. */
function configEnvironment(values: ConfigAttrs): Record<string, string> {
  const entries = Object.entries(values).flatMap(([name, value]) => {
    const key = findConfigKey(name);
    return key === undefined || (key.secret && !key.propagates) ? [] : [[key.envVar, value] as const];
  });
  return Object.fromEntries(entries);
}
