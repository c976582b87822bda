import { parsePushedAttrs } from '@hostmesh/core';
import { digestOf } from '@hostmesh/core/snapshot';
import { parseRequest, type AgentFault, type AgentRequest } from '@hostmesh/protocol';

type Push = Extract<AgentRequest, { type: 'set_client_config' }>;

/** A request as a host reads it; of a push also what its attrs hash to and what is wrong with them. */
export type RequestFrame =
  | {
      readonly kind: 'push';
      readonly request: Push;
      readonly digest: string;
      readonly unknownKeys: readonly string[];
      readonly fault: AgentFault | null;
    }
  | { readonly kind: 'other'; readonly request: Exclude<AgentRequest, Push> };

/**
 * Reads the frames of all simulated hosts of a process; undefined for what is no request of the protocol. A push
 * goes to thousands of them as the same bytes: reading those once stands for the CPUs that real hosts have.
 */
export function createFrameReader(): (bytes: Buffer) => RequestFrame | undefined {
  let last: { readonly bytes: Buffer; readonly frame: RequestFrame | undefined } | undefined;
  return (bytes) => {
    if (last?.bytes.equals(bytes) !== true) last = { bytes, frame: readFrame(bytes.toString()) };
    return last.frame;
  };
}

function readFrame(text: string): RequestFrame | undefined {
  const parsed = parseRequest(text);
  if (!parsed.ok) return undefined;
  const request = parsed.value;
  return request.type === 'set_client_config' ? readPush(request) : { kind: 'other', request };
}

function readPush(request: Push): RequestFrame {
  const attrs = parsePushedAttrs(request.attrs);
  const digest = digestOf(request.attrs);
  const unknownKeys = attrs.ok ? attrs.value.unknownKeys : [];
  const fault = attrs.ok
    ? digest === request.digest
      ? null
      : { code: 'digest_mismatch', message: `the attrs hash to ${digest}` }
    : {
        code: 'invalid_config',
        message: attrs.fault.message,
        keys: attrs.fault.errors.map(({ key }) => key),
      };
  return { kind: 'push', request, digest, unknownKeys, fault };
}
