import { AgentRequest, parseAgentFrame, type AgentKey } from '@hostmesh/protocol';
import type { Random } from '@hostmesh/soak/random';
import type { JsonSchema } from 'json-schema-faker';
import { z } from 'zod';
import { valueOf } from '../generate.ts';
import { hostileText, spoil } from '../hostile.ts';
import { makeSensible, type sensibleFor } from '../sensible.ts';
import { openAgentSocket, type AgentSocket } from './agent-socket.ts';

/** A frame that is sent, and how. */
export interface FuzzFrame {
  readonly text: string;
  readonly binary: boolean;
}

/** Frames that may be waited for, whatever is asked. */
const WAIT_MS = 10_000;
/** A request that comes after all others, so that they have been heard when it is answered. */
const LAST = 'the last one';
/** What may take its time: it ends procs, or waits for something. */
const slow = /"type":"(drain_host|shutdown_host|wait_status|read_logs|stop_procs)"/;

// What a schema cannot say of them is taken for anything.
const { oneOf: schemas = [] } = z.toJSONSchema(AgentRequest, { unrepresentable: 'any' });

/** Requests of the protocol by their schemas, some of them spoilt. */
export function makeFrames(
  random: Random,
  sensible: ReturnType<typeof sensibleFor>,
  hostile: readonly unknown[],
): FuzzFrame[] {
  return Array.from({ length: 1 + random.below(6) }, () => {
    if (random.chance(6)) return frame(hostileText(hostile, random), random);
    const schema = random.pick(schemas);
    // What zod makes is such a schema; the two have types of their own.
    const valid = makeSensible(valueOf(schema as JsonSchema, {}, random), sensible, random);
    const value = random.chance(60) ? valid : spoil(valid, random, random.pick(hostile));
    return frame(JSON.stringify(value) ?? '', random);
  });
}

const frame = (text: string, random: Random): FuzzFrame => ({ text, binary: random.chance(2) });

/** Sends frames without a proof: whatever they are, nothing is told and the connection is closed. */
export async function tryUnproven(
  address: string,
  key: AgentKey,
  frames: readonly FuzzFrame[],
): Promise<string[]> {
  const agent = await openAgentSocket(address, key);
  sendAll(agent, frames);
  const code = await within(agent.closed);
  if (code === null) agent.socket.terminate();
  const told = agent.frames.filter((text) => !text.startsWith('{"type":"sealed_hello"'));
  return [
    ...(code === null ? ['is left open without a proof'] : []),
    ...told.map((text) => `is answered without a proof: ${text.slice(0, 200)}`),
  ];
}

/** Sends frames after a proof: each that can be answered is, in a form of the protocol, or the connection is closed. */
export async function tryProven(
  address: string,
  key: AgentKey,
  frames: readonly FuzzFrame[],
): Promise<string[]> {
  const agent = await openAgentSocket(address, key);
  agent.socket.send(agent.side.proof);
  sendAll(agent, [...frames, { text: JSON.stringify({ type: 'keepalive', id: LAST }), binary: false }]);
  const lastWord = new Promise<void>((resolve) => {
    agent.socket.on('message', (data) => {
      if (data.toString().includes(LAST)) resolve();
    });
  });
  const end = await within(Promise.race([lastWord, agent.closed]));
  agent.socket.close();
  const [hello = '', ...told] = agent.frames;
  const opened = agent.side.open(hello);
  return [
    ...(opened === undefined ? ['is not greeted'] : wrongIn(opened)),
    ...told.flatMap(wrongIn),
    ...(end === null && !frames.some(({ text }) => slow.test(text)) ? ['is not answered'] : []),
  ];
}

/** A frame of an agent that is not of its protocol, or tells of a bug. */
function wrongIn(text: string): string[] {
  const parsed = parseAgentFrame(text);
  if (!parsed.ok) return [`gets a frame that is none: ${parsed.fault.message} ${text.slice(0, 300)}`];
  return text.includes('"code":"internal"') ? [`makes the agent fail: ${text.slice(0, 300)}`] : [];
}

function sendAll({ socket }: AgentSocket, frames: readonly FuzzFrame[]): void {
  // Closed while we write: what the agent does with the rest.
  for (const { text, binary } of frames) socket.send(text, { binary }, () => undefined);
}

/** Null when it takes too long. */
async function within<T>(promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), WAIT_MS);
  });
  const first = await Promise.race([promise, late]);
  clearTimeout(timer);
  return first;
}
