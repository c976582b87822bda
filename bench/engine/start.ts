import { printAddress, type ChannelAddress } from '@hostmesh/core';
import { type CommandProcess, forkCommands } from '@hostmesh/testkit';
import type { EngineCommands } from './child.ts';

/** Starts the engine for these hosts in a process of its own. */
export async function startEngine(
  addresses: readonly ChannelAddress[],
): Promise<CommandProcess<EngineCommands>> {
  const engine = forkCommands<EngineCommands>(new URL('./child.ts', import.meta.url));
  await engine.call('hosts', addresses.map(printAddress));
  return engine;
}
