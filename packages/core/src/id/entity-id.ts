import { assertNever, fail, ok, type Fault, type Result } from '../fault.ts';
import { parseLabel } from '../text/label.ts';
import { decodeBase58, encodeBase58 } from '../text/base58.ts';
import { parseUid, printUid, type Uid } from './uid.ts';

/** A proc, known by its uid (reference 2.4). */
export interface ProcId {
  readonly kind: 'proc';
  readonly uid: Uid;
}
/** An actor, and the proc that it lives in. */
export interface ActorId {
  readonly kind: 'actor';
  readonly uid: Uid;
  readonly proc: ProcId;
}
/** One of an actor's ports. */
export interface PortId {
  readonly kind: 'port';
  readonly actor: ActorId;
  readonly port: Port;
}
/** Ports that every actor has. */
const controlPorts = ['introspect', 'signal', 'status'] as const;
/** A port of an actor, within it. */
type Port =
  /** Unsigned, 64 bits. */
  | { readonly kind: 'number' | 'handler'; readonly number: bigint }
  | { readonly kind: 'control'; readonly name: (typeof controlPorts)[number] };
/** Any id of something that lives on a host. */
export type EntityId = ProcId | ActorId | PortId;

/** Why a text is no id of the kind that its form promises. */
export type EntityIdFault = Fault<'invalid_proc_id' | 'invalid_actor_id' | 'invalid_port_id'>;

/** Reads a proc id, which is a uid. */
export function parseProcId(text: string): Result<ProcId, EntityIdFault> {
  const uid = parseUid(text);
  if (!uid.ok) return fail({ code: 'invalid_proc_id', message: uid.fault.message });
  return ok({ kind: 'proc', uid: uid.value });
}

/** Reads `<actor>.<proc>`. */
export function parseActorId(text: string): Result<ActorId, EntityIdFault> {
  const invalid = (message: string) => fail<EntityIdFault>({ code: 'invalid_actor_id', message });
  const dot = text.indexOf('.');
  if (dot < 0) return invalid('invalid actor id: expected format `<actor>.<proc>`');
  const uid = parsePart(text.slice(0, dot));
  if (!uid.ok) return invalid(`invalid actor uid: ${uid.fault.message}`);
  const proc = parsePart(text.slice(dot + 1));
  if (!proc.ok) return invalid(`invalid proc uid in actor id: ${proc.fault.message}`);
  return ok({ kind: 'actor', uid: uid.value, proc: { kind: 'proc', uid: proc.value } });
}

/** Reads one side of the dot. An empty one is told of as a missing label; `parseUid` would say that the text ends too early. */
function parsePart(text: string): Result<Uid> {
  if (text !== '') return parseUid(text);
  const label = parseLabel(text);
  return label.ok
    ? parseUid(text)
    : fail({ ...label.fault, message: `invalid label: ${label.fault.message}` });
}

function parsePort(separator: ':' | '!', text: string): Port | undefined {
  if (separator === '!') {
    const name = controlPorts.find((control) => control === text);
    return name && { kind: 'control', name };
  }
  if (/^\d{1,20}$/.test(text)) {
    const number = BigInt(text);
    return number < 2n ** 64n ? { kind: 'number', number } : undefined;
  }
  const [, digits] = /^handler<(.*)>$/.exec(text) ?? [];
  const number = digits === undefined ? undefined : decodeBase58(digits);
  return number === undefined ? undefined : { kind: 'handler', number };
}

/** Reads `<actor>:<number>`, `<actor>:handler<…>` or `<actor>!introspect` and its like. */
export function parsePortId(text: string): Result<PortId, EntityIdFault> {
  const invalid = (message: string) => fail<EntityIdFault>({ code: 'invalid_port_id', message });
  const [, actorText, separator, portText] = /^([^:!]*)([:!])(.*)$/s.exec(text) ?? [];
  if (actorText === undefined || portText === undefined) {
    return invalid('invalid port id: expected format `<actor>:<port>`');
  }
  const actor = parseActorId(actorText);
  if (!actor.ok) return invalid(`invalid port id: ${actor.fault.message}`);
  const port = parsePort(separator === '!' ? '!' : ':', portText);
  if (port === undefined) return invalid(`invalid port id: '${portText}' is no port`);
  return ok({ kind: 'port', actor: actor.value, port });
}

/** Reads any of the three. A malformed port never degrades into an actor, nor an actor into a proc. */
export function parseEntityId(text: string): Result<EntityId, EntityIdFault> {
  if (/[:!]/.test(text)) return parsePortId(text);
  return text.includes('.') ? parseActorId(text) : parseProcId(text);
}

/** Reads back to the same id. */
export function printEntityId(id: EntityId): string {
  switch (id.kind) {
    case 'proc':
      return printUid(id.uid);
    case 'actor':
      return `${printUid(id.uid)}.${printEntityId(id.proc)}`;
    case 'port':
      return `${printEntityId(id.actor)}${printPort(id.port)}`;
    default:
      return assertNever(id);
  }
}

function printPort(port: Port): string {
  switch (port.kind) {
    case 'number':
      return `:${port.number}`;
    case 'handler':
      return `:handler<${encodeBase58(port.number)}>`;
    case 'control':
      return `!${port.name}`;
    default:
      return assertNever(port);
  }
}
