import type { SessionReply } from '@hostmesh/contract';
import { ok } from '@hostmesh/core';
import type { AuditLog } from '../audit/audit-log.ts';
import { SESSION_MS, type Authenticator } from '../auth/authenticator.ts';
import { actorOf, json, type Handlers } from '../http/route-types.ts';
import { readSessionCookie, writeSessionCookie } from '../auth/credentials.ts';

/** Who the caller is, and the dashboard's signing in and out. */
export function sessionHandlers(
  authenticator: Authenticator,
  audit: AuditLog,
  about: Omit<SessionReply, 'name'>,
): Pick<Handlers, 'session' | 'login' | 'logout'> {
  return {
    session: async ({ caller }) => json({ name: caller.name, ...about }),
    login: async ({ body, ip, headers, requestId, act }) => {
      const signedIn = await authenticator.signIn(body.token, ip);
      if (!signedIn.ok) {
        const stranger = { name: 'unknown', requestId, act };
        await audit.recordRepeatable(stranger, 'session.login', ip, signedIn.fault.code);
        return signedIn;
      }
      const { caller, cookie } = signedIn.value;
      await audit.record(actorOf({ caller, requestId, act }), 'session.login', ip, 'done');
      const secure = headers.origin?.startsWith('https:') ?? false;
      const setCookie = writeSessionCookie(cookie, SESSION_MS / 1000, secure);
      return json({ name: caller.name, ...about }, { headers: { 'set-cookie': setCookie } });
    },
    logout: async (call) => {
      const cookie = readSessionCookie(call.headers.cookie);
      if (cookie !== undefined) await authenticator.signOut(cookie);
      await audit.record(actorOf(call), 'session.logout', call.ip, 'done');
      return ok({ kind: 'empty', headers: { 'set-cookie': writeSessionCookie('', 0, false) } });
    },
  };
}
