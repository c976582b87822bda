import type { z } from 'zod';
import type { routes, RouteName } from './routes.ts';

/** Headers that some routes read. */
export const requestHeaders = {
  'Idempotency-Key':
    'Of your making, up to 100 printable characters: a repeated request with it answers as the first one did, and another request with it is a 409.',
  Prefer:
    '`respond-async`: answer 202 at once. `no-wait-cleanup`: answer with the verdict, before it is known what is left on hosts.',
  'Last-Event-ID': 'The `id` of the last event that was seen: those after it are sent.',
} as const;
export type RequestHeaderName = keyof typeof requestHeaders;

/** Headers that answers have. */
export const responseHeaders = {
  'X-Request-Id': 'Names the request in our log: the one that was sent, or a new one.',
  Location: 'Where what was made is read.',
  'Preference-Applied': '`respond-async`, when the answer did not wait for the result.',
  'Set-Cookie': 'The session cookie; one that has expired ends the session.',
  'WWW-Authenticate': '`Bearer`: a token is needed.',
  Allow: 'Methods that are served here.',
  'Retry-After': 'So many seconds later it is worth another try.',
} as const;
export type ResponseHeaderName = keyof typeof responseHeaders;

/** What each tag of the routes stands for. */
export const tagNotes: Readonly<Record<string, string>> = {
  Attach:
    'Attempts to make a mesh of hosts, or to push config to one: all hosts install it, or none keeps it.',
  Audit: 'What was asked for, by whom.',
  Changes: 'What became of everything, and who asked for it.',
  Config: 'The config that an attach pushes.',
  Events: 'Changes as they happen.',
  Hosts: 'What a host agent says of itself when it is asked.',
  Meshes: 'Host meshes that are attached or were, and the health of their hosts.',
  Procs: 'Programs that were spawned on the hosts of a mesh: state, output, ends.',
  Service: 'Whether this service runs and can serve.',
  Session: 'Signing in and out.',
};

type NamesOf<Schema> = Schema extends z.ZodType ? keyof z.input<Schema> & string : never;
/** Of the path or the query of a route. */
type ParameterName = {
  [Name in RouteName]: NamesOf<(typeof routes)[Name]['params'] | (typeof routes)[Name]['query']>;
}[RouteName];

/** What the parameters of paths and queries mean, wherever they occur: a new one does not compile until it is here. */
export const parameterNotes: Readonly<Record<ParameterName, string>> = {
  id: 'The id of the record that the path is about.',
  rank: 'The rank of a host in its mesh.',
  limit: 'At most so many items on one page.',
  cursor: '`nextCursor` of the page before.',
  q: 'Part of a name, an address or an id.',
  state: 'Only those in this state.',
  status: 'Only those with this status.',
  health: 'Only hosts of this health.',
  kind: 'Only those of this kind.',
  code: 'Only hosts that failed with this code.',
  restore: 'Only hosts whose former config was, or was not, brought back like this.',
  withoutEffect: 'Only hosts on which some pushed key has no effect, or only the others.',
  attention: "Only those that need somebody's attention, or only the others.",
  mesh: 'Only what belongs to this mesh.',
  host: 'Only changes of this host.',
  hostId: 'Only what runs on this host.',
  attempt: 'Only what belongs to this attempt.',
  procMesh: 'Only events of this proc mesh.',
  ranks: 'Only procs of these create ranks, as in `0..4,7`.',
  hosts: 'Only procs on hosts of these ranks, as in `0..2`.',
  exitCode: 'Only procs that exited with this code.',
  signal: 'Only procs that this signal ended.',
  since: 'Only from this moment on.',
  until: 'Only up to this moment.',
  after: 'Only lines after this `seq`.',
  tail: 'Only so many of the last lines.',
  stream: 'Only what was written there.',
};
