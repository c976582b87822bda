import { z } from 'zod';
import { line, pageOf, PageQuery, searched, Timestamp } from './fields.ts';

const Secret = line(200).min(1);
/** Body of `POST /session`: a token, or a code that was made with one. */
export const LoginRequest = z
  .strictObject({ token: Secret.optional(), code: Secret.optional() })
  .superRefine(({ token, code }, context) => {
    if (token === undefined && code === undefined)
      context.addIssue({ code: 'custom', path: ['token'], message: 'is required, or a code' });
    if (token !== undefined && code !== undefined)
      context.addIssue({ code: 'custom', path: ['code'], message: 'is not for those who send a token' });
  });
/** What signs one browser in, once and soon. */
export const SignInCodeReply = z.object({
  code: z.string(),
  /** Where a browser that opens it is signed in. */
  url: z.string(),
  expiresAt: Timestamp,
});
export type SignInCodeReply = z.infer<typeof SignInCodeReply>;
/** Who the caller is, and the limits of this service. */
export const SessionReply = z.object({
  name: z.string(),
  version: z.string(),
  /** Longest host list that is taken. */
  maxHosts: z.int(),
  /** How long what has ended is kept. */
  retentionMs: z.int(),
  /** Host list of the agents that were started with this service, and wait on its machine; null where there are none. */
  localAgents: z.string().nullable(),
});
export type SessionReply = z.infer<typeof SessionReply>;

/** Whether the API runs. */
export const HealthReply = z.object({ status: z.literal('ok'), version: z.string() });
/** One thing that the API needs: whether it is well, since when that is so, and how that shows. */
export const PartHealth = z.object({
  /** `database`: a small write is taken. `disk`: that of the data directory has room. `process`: the API itself keeps up. */
  part: z.enum(['database', 'disk', 'process']),
  ok: z.boolean(),
  since: Timestamp,
  detail: z.string(),
});
export type PartHealth = z.infer<typeof PartHealth>;
/** Whether the API can serve requests, and what it waits for. */
export const ReadyReply = z.object({
  status: z.enum(['ready', 'not_ready']),
  database: z.string(),
  migrations: z.string(),
  parts: z.array(PartHealth),
});

/** One thing that somebody did through the API. */
export const AuditEntry = z.object({
  id: z.string(),
  at: Timestamp,
  actor: z.string(),
  action: z.string(),
  target: z.string().nullable(),
  outcome: z.string(),
  requestId: z.string(),
  /** How often it was. Sign-ins that are refused alike, from one address within an hour, are one entry. */
  count: z.int(),
  /** When it was last; null when it was once. */
  lastAt: Timestamp.nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
/** `GET /audit`, newest first. */
export const AuditList = pageOf(AuditEntry);
/** Filters of `GET /audit`. */
export const AuditQuery = PageQuery.extend({ q: searched.optional() });
