/**
 * How stop or shutdown went on one host; the reference throws this away (sections 5.2, 5.3 "Improve on it").
 * - `done`: the host said so
 * - `refused`: the host, or our rule not to end what another client has taken over, said no
 * - `unreachable`: the host could not be asked, or its connection ended before it answered
 * - `timed_out`: no answer by the deadline
 */
export interface EndOutcome {
  readonly rank: number;
  /** As `HostTarget.text`: the printed address. */
  readonly address: string;
  readonly hostId: string | null;
  readonly outcome: 'done' | 'refused' | 'unreachable' | 'timed_out';
  readonly message: string;
}
