import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';

/** The data directory cannot be used; the message names the file and the way out. */
export type HostIdFault = Fault<'data_dir'>;

/**
 * The id of this host, which it keeps in its data directory and makes up at its first start. Agents that start at the
 * same time on one directory agree on one id; a file that is no id is refused rather than replaced, because the host
 * would come back as another.
 */
export async function loadHostId(dataDir: string): Promise<Result<string, HostIdFault>> {
  const file = join(dataDir, 'host-id');
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const text = (await readIfThere(file)) ?? (await create(file));
    if (/^host_[0-9a-f]{32}$/.test(text)) return ok(text);
    const message = `${file} holds no host id: restore it, or remove it to start as a new host`;
    return fail({ code: 'data_dir', message });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail({ code: 'data_dir', message: `the data directory ${dataDir} cannot be used: ${why}`, cause });
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written aside and linked into place: nobody reads half a file, and the first of several wins. */
async function create(file: string): Promise<string> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await writeFile(aside, `host_${randomUUID().replaceAll('-', '')}\n`, { mode: 0o600, flush: true });
    await link(aside, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
  return (await readFile(file, 'utf8')).trim();
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
