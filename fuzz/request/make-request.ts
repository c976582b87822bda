import type { Random } from '@hostmesh/soak/random';
import { valueOf } from '../generate.ts';
import { hostileText, spoil } from '../hostile.ts';
import { makeSensible, type sensibleFor } from '../sensible.ts';
import type { JsonSchema } from 'json-schema-faker';
import type { Operation } from './api-document.ts';

/** What goes over the wire, and which operation it is meant for. */
export interface FuzzRequest {
  readonly operation: Operation;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What a request is made of besides its operation. */
export interface RequestSources {
  readonly defs: Readonly<Record<string, JsonSchema>>;
  readonly sensible: ReturnType<typeof sensibleFor>;
  readonly hostile: readonly unknown[];
  /** Ids that the API has told. */
  readonly ids: readonly string[];
}

const accepts = ['application/json', 'text/csv', 'text/plain', 'text/event-stream', '*/*', 'image/png;q=x'];
const mediaTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/json; charset=latin1',
  '',
];
const strangers = ['', 'Bearer', 'Bearer hm_wrong', 'Basic YWRtaW46YWRtaW4=', `Bearer ${'x'.repeat(5000)}`];
const otherMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'PROPFIND'];

/** A request for an operation: most are as the document says, the others off in one place or more. */
export function makeRequest(operation: Operation, random: Random, sources: RequestSources): FuzzRequest {
  const anyText = (): string => hostileText(sources.hostile, random);
  const headers = makeHeaders(operation, random, anyText);
  return {
    operation,
    method: random.chance(3) ? (random.pick(otherMethods) ?? 'GET') : operation.method,
    path: makePath(operation, random, sources, anyText),
    headers,
    body: makeBody(operation, random, sources),
  };
}

function makeHeaders(
  { body, parameters }: Operation,
  random: Random,
  anyText: () => string,
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (random.chance(30)) headers.accept = random.pick(accepts) ?? '';
  if (random.chance(4)) headers.authorization = random.pick(strangers) ?? '';
  if (random.chance(2)) headers.origin = 'https://evil.example';
  if (random.chance(1)) headers.host = 'rebound.example';
  if (body !== undefined)
    headers['content-type'] = random.chance(95) ? 'application/json' : (random.pick(mediaTypes) ?? '');
  for (const { name } of parameters.filter((parameter) => parameter.in === 'header')) {
    if (random.chance(60)) continue;
    const usual = name === 'Prefer' ? 'respond-async' : String(random.below(50));
    headers[name] = random.chance(70) ? usual : headerText(anyText());
  }
  return headers;
}

/** What of a text can be a header at all. */
const headerText = (text: string): string => text.replaceAll(/[^\t\x20-\x7E\x80-\xFF]/g, '').slice(0, 4000);

function makePath(
  { path, parameters }: Operation,
  random: Random,
  { defs, ids, sensible }: RequestSources,
  anyText: () => string,
): string {
  const query: string[] = [];
  let filled = path;
  for (const { name, in: place, required, schema } of parameters) {
    if (place === 'header') continue;
    if (place === 'query' && required !== true && random.chance(65)) continue;
    const known = name === 'rank' ? [0, 1] : isId(name) ? idsFor(path, ids) : (sensible[name] ?? []);
    const usual = random.chance(75) ? random.pick<unknown>(known) : undefined;
    const value = random.chance(12) ? anyText() : String(usual ?? valueOf(schema, defs, random));
    const text = encodeText(value);
    if (place === 'path') filled = filled.replace(`{${name}}`, () => text);
    else query.push(`${name}=${text}`);
  }
  if (random.chance(3)) query.push(`${encodeText(anyText())}=${encodeText(anyText())}`);
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`;
}

/** Mostly ids of what the path is about, where there are any. */
function idsFor(path: string, ids: readonly string[]): readonly string[] {
  const [, prefix = ''] = idPrefixes.find(([folder]) => path.includes(folder)) ?? [];
  const own = ids.filter((id) => id.startsWith(prefix));
  return own.length > 0 ? own : ids;
}

const idPrefixes = [
  ['/meshes/{id}', 'mesh_'],
  ['/attach-attempts/', 'att_'],
  ['/proc-meshes/', 'pm_'],
  ['/procs/', 'proc-'],
  ['/hosts/', 'host_'],
] as const;
const isId = (name: string): boolean => /^(id|mesh|attempt|procMesh|host|hostId|cursor)$/.test(name);
/** Short enough that the path is read at all, and half a surrogate pair is not an error of ours. */
const encodeText = (text: string): string => encodeURIComponent(text.slice(0, 6000).toWellFormed());

function makeBody({ body }: Operation, random: Random, sources: RequestSources): string | undefined {
  if (body === undefined) return random.chance(4) ? '{"colour":"red"}' : undefined;
  const valid = makeSensible(valueOf(body, sources.defs, random), sources.sensible, random);
  if (random.chance(60)) return JSON.stringify(valid);
  let spoilt = valid;
  for (let more = random.below(3); more >= 0; more -= 1)
    spoilt = spoil(spoilt, random, random.pick(sources.hostile));
  const text = JSON.stringify(spoilt) ?? '';
  return random.chance(6) ? text.slice(0, random.below(text.length + 1)) : text;
}
