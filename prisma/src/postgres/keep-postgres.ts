import { ok, pauseFor, type Result } from '@hostmesh/core';
import { tryDisk } from '@hostmesh/part';
import type { PostgresFault } from './binaries.ts';
import { startPostgres, type PostgresOptions, type PostgresServer } from './start-postgres.ts';

/** Pauses between two tries to start it again: the first, and the longest. */
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 30_000;

/** An embedded server at one URL, whatever happens to its process. */
export interface KeptPostgres {
  readonly url: string;
  /** As `PostgresServer.stop`; it does not come back after that. */
  stop(): Promise<void>;
}

/**
 * As `startPostgres`, and starts the server again at the same URL when it has ended by itself, as it does on a full disk. It
 * then has all that it said to be recorded.
 */
export async function keepPostgres(options: PostgresOptions): Promise<Result<KeptPostgres, PostgresFault>> {
  const first = await startPostgres(options);
  if (!first.ok) return first;
  const { url, port } = first.value;
  const over = new AbortController();
  const say = options.say ?? (() => undefined);
  let server = first.value;

  /** Null: it was stopped meanwhile. */
  async function startAgain(): Promise<PostgresServer | null> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LAST_PAUSE_MS, pauseMs * 2)) {
      if (!(await pauseFor(pauseMs, over.signal))) return null;
      const started = await startPostgres({ ...options, port });
      if (started.ok) return started.value;
      if (pauseMs === FIRST_PAUSE_MS) say(started.fault.message);
    }
  }

  async function keep(): Promise<void> {
    for (;;) {
      await server.exited;
      if (over.signal.aborted) return;
      const disk = await tryDisk(options.dataDir);
      say(`Postgres ended by itself and is started again: ${disk?.message ?? server.lastWords()}`);
      const next = await startAgain();
      if (next === null) return;
      server = next;
      if (over.signal.aborted) await server.stop();
      else say('Postgres runs again');
    }
  }
  const keeping = keep();
  return ok({
    url,
    async stop() {
      over.abort();
      await server.stop();
      await keeping;
    },
  });
}
