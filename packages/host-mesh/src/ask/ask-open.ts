import type { AgentRequest, AnswerResult, Connection } from '@hostmesh/protocol';
import type { Clock } from '../clock/clock.ts';

/** The answer to a request on a connection that is open; null when none came in time, or another than `kind`. */
export async function askOpen<K extends AnswerResult['kind']>(
  connection: Connection,
  request: AgentRequest,
  kind: K,
  { clock, timeoutMs, signal }: { clock: Clock; timeoutMs: number; signal: AbortSignal },
): Promise<Extract<AnswerResult, { kind: K }> | null> {
  const limit = new AbortController();
  const cancelTimer = clock.after(timeoutMs, () => limit.abort());
  const outcome = await connection.request(request, AbortSignal.any([signal, limit.signal]));
  cancelTimer();
  if (!outcome.ok || outcome.value.kind !== kind) return null;
  // The kind was compared, which does not narrow a union by a type parameter.
  return outcome.value as Extract<AnswerResult, { kind: K }>;
}
