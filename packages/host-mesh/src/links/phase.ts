/**
 * What we were in the middle of with a host when time ran out.
 * - `queued`: we had not got round to dialling it
 * - `connecting`, `handshaking`: its agent had not said hello
 * - `awaiting_ack`: it had not answered our request
 */
export type PushPhase = 'queued' | 'connecting' | 'handshaking' | 'awaiting_ack';

/** How each phase ends a sentence. */
export const phaseText: Record<PushPhase, string> = {
  queued: 'before it was dialled',
  connecting: 'while connecting',
  handshaking: 'during the handshake',
  awaiting_ack: 'while awaiting acknowledgement',
};

/** Milliseconds as the failure texts have them: `500ms`, `60s`, `30.001s` (reference section 10.1). */
export const printElapsed = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)}ms` : `${Math.round(ms) / 1000}s`;
