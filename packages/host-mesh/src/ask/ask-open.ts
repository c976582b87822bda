import type { AgentRequestType, AnswerOf, Connection, RequestOf } from '@hostmesh/protocol';
import type { Clock } from '../clock/clock.ts';

/** The answer to a request on a connection that is open; null when none came in time, or a fault. */
export async function askOpen<T extends AgentRequestType>(
  connection: Connection,
  request: RequestOf<T>,
  { clock, timeoutMs, signal }: { clock: Clock; timeoutMs: number; signal: AbortSignal },
): Promise<AnswerOf<T> | null> {
  const limit = new AbortController();
  const cancelTimer = clock.after(timeoutMs, () => limit.abort());
  const outcome = await connection.request<T>(request, AbortSignal.any([signal, limit.signal]));
  cancelTimer();
  return outcome.ok ? outcome.value : null;
}
