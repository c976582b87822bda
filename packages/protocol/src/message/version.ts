import { PROTOCOL_VERSION } from './common.ts';

/** The header of the opening handshake in which a client says what it speaks. Clients of version 1 sent none. */
export const VERSION_HEADER = 'hostmesh-protocol-version';

/** What the client of a handshake speaks, by its header. */
export const spokenVersion = (header: string | undefined): number =>
  /^\d{1,6}$/.test(header ?? '') ? Number(header) : 1;

/**
 * Why an agent and a client do not talk to each other: which side speaks what, and which one is to be upgraded. Null when they
 * speak the same. Agents say hello before they refuse, so that a client of any version can tell by itself.
 */
export function versionConflict(spoken: {
  readonly agent?: number;
  readonly client?: number;
}): string | null {
  const { agent = PROTOCOL_VERSION, client = PROTOCOL_VERSION } = spoken;
  if (agent === client) return null;
  const older = agent < client ? 'the agent' : 'Hostmesh where the client runs';
  return `the agent speaks protocol version ${agent}, the client ${client}: upgrade ${older}`;
}
