import { fail, ok, type Result } from '@hostmesh/core';
import { describe, parseJson } from '../message/frame.ts';
import { Hello } from '../message/hello.ts';
import { versionConflict } from '../message/version.ts';
import type { ConnectFault } from '../transport.ts';
import { connectFault } from './connect-fault.ts';
import type { Trust } from './trust.ts';

const HelloVersion = Hello.pick({ type: true, protocolVersion: true });

/** The hello in an agent's first frame, as far as the agent is trusted. */
export function readHello(frame: string, trust: Trust): Result<Hello, ConnectFault> {
  const text = trust.kind === 'proved' ? trust.side.open(frame) : frame;
  if (text === undefined) return badHello('its first frame is not a hello sealed with our key');
  const json = parseJson(text);
  if (!json.ok) return badHello('its first frame is not JSON');
  const hello = Hello.safeParse(json.value);
  // Of another version's hello we can expect no more than its version.
  const spoken = hello.success ? hello : HelloVersion.safeParse(json.value);
  const conflict = spoken.success ? versionConflict({ agent: spoken.data.protocolVersion }) : null;
  if (conflict !== null) return fail(connectFault('handshaking', 'PROTOCOL_VERSION', conflict));
  if (!hello.success) return badHello(`its hello is not valid: ${describe(hello.error)}`);
  return trust.kind === 'none' ? badHello('it did not say its version as it accepted') : ok(hello.data);
}

const badHello = (why: string): Result<never, ConnectFault> =>
  fail(connectFault('handshaking', 'BAD_HELLO', why));
