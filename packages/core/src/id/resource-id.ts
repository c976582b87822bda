import { fail, ok, type Fault, type Result } from '../fault.ts';
import { parseLabel, stripLabel } from '../text/label.ts';
import { decodeBase58, encodeBase58 } from '../text/base58.ts';
import type { Uid } from './uid.ts';

/** Each kind is also the label that stands for "no label" in its text form. */
export type ResourceKind = 'resource' | 'host' | 'proc' | 'actor';

/** A uid that says what it identifies (reference 2.5). Compare with `sameUid(a.uid, b.uid)`. */
export interface ResourceId<K extends ResourceKind = ResourceKind> {
  readonly kind: K;
  readonly uid: Uid;
}
/** Identifies a host mesh. */
export type HostMeshId = ResourceId<'host'>;
/** Identifies a proc mesh. */
export type ProcMeshId = ResourceId<'proc'>;

const SUFFIX_DIGITS = 8;

/** Numbers below 58^7 are padded with the zero digit, or they would be too short to be read as instances. */
function printSuffix(number: bigint): string {
  return encodeBase58(number).padStart(SUFFIX_DIGITS, encodeBase58(0n));
}

/** An instance of the kind; `number` is random and 64 bits, `label` a valid label or null. */
export function instanceId<K extends ResourceKind>(
  kind: K,
  label: string | null,
  number: bigint,
): ResourceId<K> {
  return { kind, uid: { kind: 'instance', number, label: label === kind ? null : label } };
}

function readInstance<K extends ResourceKind>(kind: K, text: string): ResourceId<K> | undefined {
  const dash = text.lastIndexOf('-');
  if (dash < 0) return undefined;
  const suffix = text.slice(dash + 1);
  const number = decodeBase58(suffix);
  const label = parseLabel(text.slice(0, dash));
  const reads = label.ok && number !== undefined && printSuffix(number) === suffix;
  return reads ? instanceId(kind, label.value, number) : undefined;
}

/**
 * Reads the dashed form: `train` is a singleton, `train-BLs6T7ZaDRB` an instance. The reference's form is ambiguous
 * both ways; ours is the same text, made one to one: a suffix is an instance's only if it is the one that we would
 * print. So every accepted text prints back unchanged, every id survives the round trip, and a name that happens to
 * look like an instance is merely kept in another shape.
 */
export function parseResourceId<K extends ResourceKind>(
  kind: K,
  text: string,
): Result<ResourceId<K>, Fault<'invalid_id'>> {
  const instance = readInstance(kind, text);
  if (instance !== undefined) return ok(instance);
  const label = parseLabel(text);
  if (!label.ok) return fail({ code: 'invalid_id', message: `invalid label: ${label.fault.message}` });
  return ok({ kind, uid: { kind: 'singleton', label: label.value } });
}

/** Makes an id of any name that a person typed, by dropping what a label cannot hold. */
export function resourceIdOfName<K extends ResourceKind>(kind: K, name: string): ResourceId<K> {
  const typed = parseResourceId(kind, name);
  if (typed.ok) return typed.value;
  const label = stripLabel(name);
  return readInstance(kind, label) ?? { kind, uid: { kind: 'singleton', label } };
}

/** The dashed form; reads back to the same id. */
export function printResourceId({ kind, uid }: ResourceId): string {
  return uid.kind === 'singleton' ? uid.label : `${uid.label ?? kind}-${printSuffix(uid.number)}`;
}

/** For logs, where it must be clear what is label and what is number: `<'workers' BLs6T7ZaDRB>`. */
export function inspectResourceId({ uid }: ResourceId): string {
  if (uid.kind === 'singleton') return `<${uid.label}>`;
  const digits = encodeBase58(uid.number);
  return uid.label === null ? `<${digits}>` : `<'${uid.label}' ${digits}>`;
}

/** `parseResourceId` for host meshes. */
export const parseHostMeshId = (text: string): Result<HostMeshId, Fault<'invalid_id'>> =>
  parseResourceId('host', text);
/** `printResourceId` for host meshes. */
export const printHostMeshId = (id: HostMeshId): string => printResourceId(id);
/** `instanceId` for host meshes. */
export const instanceHostMeshId = (label: string | null, number: bigint): HostMeshId =>
  instanceId('host', label, number);
