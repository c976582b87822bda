import { assertNever } from '@hostmesh/core';
import type {
  AgentChange,
  AgentEvent,
  AnswerOf,
  Connection,
  InstalledConfig,
  Lifecycle,
} from '@hostmesh/protocol';
import type { HostLinks } from '../links/host-links.ts';
import type { EventCursor, ProcFeed } from './proc-feed.ts';

/** Told of a host's own state; that of its procs goes to the feed. */
export interface HostStreamListener {
  /** The host said what its state is. */
  told(state: { readonly lifecycle: Lifecycle; readonly config: InstalledConfig }): void;
  /** The host reported that a part of it changed. */
  changed(part: { readonly lifecycle?: Lifecycle; readonly config?: InstalledConfig }): void;
  /** The host will not stream. */
  refused(reason: string): void;
}

type Streaming = AnswerOf<'stream_state'>;

/**
 * The events of one connection, applied one by one in the order of their numbers: from where the connection before left
 * off, if the host still has them, or else from a snapshot. A number that is left out makes it ask for a snapshot.
 */
export class HostStream {
  readonly #hostRank: number;
  readonly #connection: Connection;
  readonly #links: HostLinks;
  readonly #feed: ProcFeed;
  readonly #now: () => number;
  readonly #signal: AbortSignal;
  readonly #listener: HostStreamListener;
  readonly #stopEvents: () => void;
  #askedAt: number | null = null;
  /** Events that came before the answer to `stream_state`, which tells what they follow on. */
  #early: AgentEvent[] = [];
  /** The host's own state is known as of this event. */
  #stateSeq = 0;
  /** The event up to which changes were missed and are being told again; null when all have been applied. */
  #catchUpSeq: number | null = null;
  #closed = false;

  constructor(
    hostRank: number,
    connection: Connection,
    deps: {
      readonly links: HostLinks;
      readonly feed: ProcFeed;
      readonly now: () => number;
      readonly signal: AbortSignal;
    },
    listener: HostStreamListener,
  ) {
    this.#hostRank = hostRank;
    this.#connection = connection;
    this.#links = deps.links;
    this.#feed = deps.feed;
    this.#now = deps.now;
    this.#signal = deps.signal;
    this.#listener = listener;
    this.#stopEvents = connection.onEvent((event) => this.#heard(event));
    this.#ask(this.#cursor());
  }

  /** Since when the host's answer is due; null when none is. */
  get askedAt(): number | null {
    return this.#askedAt;
  }

  close(): void {
    this.#closed = true;
    this.#stopEvents();
  }

  /** Where to go on; null when what was applied before is of another incarnation of the agent. */
  #cursor(): EventCursor | null {
    const cursor = this.#feed.cursor(this.#hostRank);
    return cursor?.incarnation === this.#connection.hello.incarnation ? cursor : null;
  }

  #at(seq: number): EventCursor {
    return { incarnation: this.#connection.hello.incarnation, seq };
  }

  #ask(after: EventCursor | null): void {
    this.#askedAt = this.#now();
    // Proc meshes hear of every change, so a snapshot is to tell what procs were before, too.
    const withPast = this.#feed.hasListeners;
    const request = {
      type: 'stream_state',
      id: this.#links.nextRequestId('stream'),
      after,
      withPast,
    } as const;
    void this.#connection.request(request, this.#signal).then((outcome) => {
      if (this.#closed) return;
      if (outcome.ok) return this.#answered(outcome.value);
      // The links tell when a connection ends, and being aborted is our own doing.
      if (outcome.fault.kind === 'refused') this.#listener.refused(`refused: ${outcome.fault.message}`);
    });
  }

  #answered(answer: Streaming): void {
    this.#askedAt = null;
    this.#stateSeq = answer.seq;
    this.#catchUpSeq = answer.resumed ? answer.seq : null;
    const { past = [], procs = [] } = answer;
    if (!answer.resumed) this.#feed.snapshot(this.#hostRank, this.#at(answer.seq), { past, procs });
    this.#listener.told(answer);
    this.#catchUp();
    for (const event of this.#early.splice(0)) this.#heard(event);
  }

  #heard(event: AgentEvent): void {
    if (this.#askedAt !== null) {
      this.#early.push(event);
      return;
    }
    switch (stepOfEvent(event.seq, this.#cursor())) {
      case 'skip':
        return;
      case 'gap':
        this.#early = [event];
        return this.#ask(null);
      case 'apply':
        this.#apply(event.seq, event.change);
        this.#feed.applied(this.#hostRank, this.#at(event.seq));
        return this.#catchUp();
    }
  }

  #apply(seq: number, change: AgentChange): void {
    switch (change.kind) {
      case 'proc_changed':
        return this.#feed.reported(this.#hostRank, change.proc);
      case 'client_config_changed':
        return seq > this.#stateSeq ? this.#listener.changed({ config: change.config }) : undefined;
      case 'lifecycle_changed':
        return seq > this.#stateSeq ? this.#listener.changed({ lifecycle: change.lifecycle }) : undefined;
      default:
        return assertNever(change);
    }
  }

  #catchUp(): void {
    const seq = this.#cursor()?.seq ?? 0;
    if (this.#catchUpSeq === null || seq < this.#catchUpSeq) return;
    this.#catchUpSeq = null;
    this.#feed.caughtUp(this.#hostRank);
  }
}

/**
 * What is to be done with an event that came in. Events of one incarnation count up by one: a lower number was applied
 * before, a higher one tells that something was lost on the way.
 */
function stepOfEvent(seq: number, cursor: EventCursor | null): 'apply' | 'skip' | 'gap' {
  if (cursor === null) return 'gap';
  if (seq <= cursor.seq) return 'skip';
  return seq === cursor.seq + 1 ? 'apply' : 'gap';
}
