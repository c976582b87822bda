import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import { FormerHost } from '@hostmesh/protocol';
import { isDirPlace, placeOf, readMachine, whyElsewhere, type DirPlace } from './place.ts';

/** The data directory cannot be used; the message names the file and the way out. */
export type HostIdFault = Fault<'data_dir'>;

/** Who the agent of a data directory is. */
export interface HostIdentity {
  readonly hostId: string;
  /** Whose directory it was before it was copied or moved; null for one that is where it was made. */
  readonly former: FormerHost | null;
}

/** The same as it was found. */
export interface LoadedIdentity {
  readonly host: HostIdentity;
  /** Where this start has set aside what another host left in the directory; null when it is the same host as ever. */
  readonly aside: string | null;
}

/** What agents write into a data directory of their procs and config: of use to the host alone whose it is. */
const OWN_NAMES = ['procs', 'trash', 'client-config.json'];

/** Behind the id, in a line of its own. Agents of before did not write it. */
interface Note {
  readonly place: DirPlace;
  readonly former: FormerHost | null;
}
interface Noted {
  readonly hostId: string;
  readonly note: Note | null;
}

/**
 * The id of this host, which it keeps in its data directory and makes up at its first start, with the machine and the
 * directory that it is for. Where the directory has come to be elsewhere, as a copy or with the image of a machine, there
 * may be two of it: this one gets a new id, and what it has of the other host's procs and config is set aside in
 * `former/`, untouched. Agents that start at the same time on one directory agree on one id; a file that is no id is
 * refused rather than replaced, because the host would come back as another.
 */
export async function loadHostIdentity(
  dataDir: string,
  machine: string | null = readMachine(),
): Promise<Result<LoadedIdentity, HostIdFault>> {
  const file = join(dataDir, 'host-id');
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const place = placeOf(dataDir, machine);
    const noted = parse((await readIfThere(file)) ?? (await create(file, place)));
    if (noted === null) {
      const message = `${file} holds no host id: restore it, or remove it to start as a new host`;
      return fail({ code: 'data_dir', message });
    }
    const reason = noted.note && whyElsewhere(noted.note.place, place);
    if (reason !== null) return ok(await renew(dataDir, noted.hostId, reason, place));
    if (noted.note === null) await replace(file, textOf(noted.hostId, { place, former: null }));
    return ok({ host: { hostId: noted.hostId, former: noted.note?.former ?? null }, aside: null });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail({ code: 'data_dir', message: `the data directory ${dataDir} cannot be used: ${why}`, cause });
  }
}

/** The new id comes last: an agent that is killed before that begins anew, and never takes the other's procs for its own. */
async function renew(
  dataDir: string,
  formerId: string,
  reason: string,
  place: DirPlace,
): Promise<LoadedIdentity> {
  const aside = join(dataDir, 'former', `${formerId}.${randomUUID()}`);
  await mkdir(aside, { recursive: true, mode: 0o700 });
  for (const name of OWN_NAMES) {
    await rename(join(dataDir, name), join(aside, name)).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
  }
  const host: HostIdentity = { hostId: newId(), former: { hostId: formerId, reason } };
  await replace(join(dataDir, 'host-id'), textOf(host.hostId, { place, former: host.former }));
  return { host, aside };
}

const newId = (): string => `host_${randomUUID().replaceAll('-', '')}`;
const textOf = (hostId: string, note: Note): string => `${hostId}\n${JSON.stringify(note)}\n`;

function parse(text: string): Noted | null {
  const [hostId = '', json] = text.split('\n');
  if (!/^host_[0-9a-f]{32}$/.test(hostId)) return null;
  if (json === undefined || json === '') return { hostId, note: null };
  try {
    const { place, former }: Record<string, unknown> = JSON.parse(json);
    return isDirPlace(place)
      ? { hostId, note: { place, former: FormerHost.nullable().parse(former) } }
      : null;
  } catch {
    return null;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written aside and linked into place: nobody reads half a file, and the first of several wins. */
async function create(file: string, place: DirPlace): Promise<string> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await writeFile(aside, textOf(newId(), { place, former: null }), { mode: 0o600, flush: true });
    await link(aside, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
  return readFile(file, 'utf8');
}

async function replace(file: string, text: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await writeFile(aside, text, { mode: 0o600, flush: true });
    await rename(aside, file);
  } catch (error) {
    // It would take room on a full disk.
    await rm(aside, { force: true });
    throw error;
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
