import type { SessionReply } from '@hostmesh/contract';
import { ok } from '@hostmesh/core';
import type { AuditLog } from '../audit/audit-log.ts';
import { SESSION_MS, type Authenticator } from '../auth/authenticator.ts';
import { readBearer, readSessionCookie, writeSessionCookie } from '../auth/credentials.ts';
import { actorOf, json, type Handlers } from '../http/route-types.ts';
import { refuse } from '../problem/route-fault.ts';

/** What sessions tell of the service. */
export interface SessionDeps {
  readonly about: Omit<SessionReply, 'name'>;
  readonly dashboardUrl: string;
}

/** Who the caller is, and the dashboard's signing in and out. */
export function sessionHandlers(
  authenticator: Authenticator,
  audit: AuditLog,
  { about, dashboardUrl }: SessionDeps,
): Pick<Handlers, 'session' | 'login' | 'logout' | 'makeSignInCode'> {
  return {
    session: async ({ caller }) => json({ name: caller.name, ...about }),
    login: async ({ body, client, headers, requestId, act }) => {
      const signedIn = await authenticator.signIn(body, client);
      if (!signedIn.ok) {
        const stranger = { name: 'unknown', requestId, act };
        await audit.recordRepeatable(stranger, 'session.login', client.address, signedIn.fault.code);
        return signedIn;
      }
      const { caller, cookie } = signedIn.value;
      await audit.record(actorOf({ caller, requestId, act }), 'session.login', client.address, 'done');
      const secure = headers.origin?.startsWith('https:') ?? false;
      const age = { maxAgeSeconds: SESSION_MS / 1000, secure };
      const setCookie = writeSessionCookie(await authenticator.installation(), cookie, age);
      return json({ name: caller.name, ...about }, { headers: { 'set-cookie': setCookie } });
    },
    logout: async (call) => {
      const installation = await authenticator.installation();
      const cookie = readSessionCookie(call.headers.cookie, installation);
      if (cookie !== undefined) await authenticator.signOut(cookie);
      await audit.record(actorOf(call), 'session.logout', call.client.address, 'done');
      const removed = writeSessionCookie(installation, '', { maxAgeSeconds: 0, secure: false });
      return ok({ kind: 'empty', headers: { 'set-cookie': removed } });
    },
    makeSignInCode: async (call) => {
      // What a session makes would outlive it.
      if (readBearer(call.headers.authorization) === undefined)
        return refuse('unauthenticated', 'A code is made with a token, not by a browser that is signed in.');
      const { code, expiresAt } = await authenticator.makeCode(call.caller);
      await audit.record(actorOf(call), 'session.code', call.client.address, 'done');
      const url = `${dashboardUrl}/sign-in#code=${code}`;
      return json({ code, url, expiresAt: expiresAt.toISOString() });
    },
  };
}
