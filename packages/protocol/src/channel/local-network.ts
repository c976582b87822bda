import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { FrameChannel } from './frame-channel.ts';
import { createMemoryChannels } from './memory-channel.ts';

interface LocalListener {
  readonly maxFrameBytes: number;
  readonly accept: (channel: FrameChannel) => void;
}

/** The `local:N` addresses of one process or test: who listens on which number (reference section 2.1). */
export class LocalNetwork {
  readonly #listeners = new Map<bigint, LocalListener>();

  /** Takes `id`, or any free one for 0; fails with `EADDRINUSE` when somebody listens there. */
  listen(
    id: bigint,
    listener: LocalListener,
  ): Result<{ readonly id: bigint; close(): void }, Fault<'EADDRINUSE'>> {
    let taken = id;
    if (id === 0n) for (taken = 1n; this.#listeners.has(taken);) taken += 1n;
    if (this.#listeners.has(taken)) return fail({ code: 'EADDRINUSE', message: `local:${taken} is taken` });
    this.#listeners.set(taken, listener);
    return ok({ id: taken, close: () => void this.#listeners.delete(taken) });
  }

  /** The client end of a new channel to whoever listens on `id`; undefined when nobody does. */
  dial(id: bigint, maxFrameBytes: number): FrameChannel | undefined {
    const listener = this.#listeners.get(id);
    if (listener === undefined) return undefined;
    const { client, server } = createMemoryChannels({
      client: maxFrameBytes,
      server: listener.maxFrameBytes,
    });
    queueMicrotask(() => listener.accept(server));
    return client;
  }
}
