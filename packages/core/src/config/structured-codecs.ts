import { z } from 'zod';
import { parseBindSpec, printBindSpec, type BindSpec } from '../address/bind-spec.ts';
import { codecOf, type ConfigCodec } from './codec.ts';

type JsonValues = readonly z.core.util.JSONType[];
/** Whatever JSON.parse has made of an array is JSON; a copy of it, member by member, would lose those called `__proto__`. */
const JsonValues = z.custom<JsonValues>(Array.isArray);

const JsonArray = z.string().transform((text, context) => {
  try {
    return JsonValues.parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'not a JSON array' });
    return z.NEVER;
  }
});

/** A JSON array. */
export const list: ConfigCodec<JsonValues> = codecOf(
  'list',
  'a JSON array',
  (text) => JsonArray.safeParse(text).data,
  (value) => JSON.stringify(value),
);

/** `a..b`: contains `a`, does not contain `b`. */
export interface ConfigRange {
  readonly start: number;
  readonly end: number;
}

/** A half-open range of whole numbers that does not run backwards. */
export const range: ConfigCodec<ConfigRange> = codecOf(
  'range',
  'a range a..b with a not above b',
  (text) => {
    const [, start, end] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
    const value = { start: Number(start), end: Number(end) };
    return Number.isSafeInteger(value.end) && value.start <= value.end ? value : undefined;
  },
  ({ start, end }) => `${String(start)}..${String(end)}`,
);

const Instant = z.iso.datetime({ offset: true });

/** A point in time as milliseconds since 1970; RFC 3339, printed in UTC. */
export const instant: ConfigCodec<number> = codecOf(
  'instant',
  'a time such as 2026-01-31T12:00:00Z',
  (text) => (Instant.safeParse(text).success ? Date.parse(text) : undefined),
  (value) => new Date(value).toISOString().replace('.000Z', 'Z'),
);

const Ip = z.union([
  z.ipv4(),
  z
    .string()
    .regex(/^\[.*\]$/)
    .transform((text) => text.slice(1, -1))
    .pipe(z.ipv6()),
]);

/** An IP address and a port, kept as it was written. */
export const socketAddress: ConfigCodec<string> = codecOf(
  'socket address',
  'an IP address and port such as [::]:1729',
  (text) => {
    const [, host, port] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
    return Number(port) <= 65_535 && Ip.safeParse(host).success ? text : undefined;
  },
  (value) => value,
);

/** Where a locally created endpoint binds: a transport's name or a channel address in either form. */
export const bindSpec: ConfigCodec<BindSpec> = codecOf(
  'bind spec',
  'a transport such as unix or tcp(Localhost), or an address',
  (text) => {
    const parsed = parseBindSpec(text);
    return parsed.ok ? parsed.value : undefined;
  },
  printBindSpec,
);

/** A credential: the PEM text itself, or the path of a file that holds it. */
export type PemSource = { readonly kind: 'inline' | 'path'; readonly text: string };

/** Text starting with `-----BEGIN` is the credential, any other is a path. */
export const pem: ConfigCodec<PemSource> = codecOf<PemSource>(
  'PEM',
  'a PEM text or a path',
  (text) => (text === '' ? undefined : { kind: text.startsWith('-----BEGIN') ? 'inline' : 'path', text }),
  (value) => value.text,
);
