import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, parsePushedAttrs, shortDigest, type Fault, type Result } from '@hostmesh/core';
import { digestOf } from '@hostmesh/core/snapshot';
import { Epoch, Hello, SetClientConfig, type AgentFault } from '@hostmesh/protocol';
import { noClientConfig, type ClientConfig, type ClientLayer } from './client-config.ts';

/** As pushed: how much of it is understood is for the agent to say that reads it, which may be a newer one. */
const SavedLayer = SetClientConfig.pick({ epoch: true, owner: true, digest: true, attrs: true });
const Saved = Hello.pick({ hostId: true }).extend({
  seenEpoch: Epoch,
  layers: SavedLayer.array(),
  undone: Epoch.array(),
});

/** What is on disk cannot be used as a whole, and so is not used at all. */
export type UnusableConfigFault = Fault<'config_unusable'>;

/**
 * The pushed config of a host in its data directory, in one file for the agent's user alone, since values may be secrets: the
 * digest of the rest in its first line. It is replaced as a whole, and is on the disk when `save` resolves, so that an agent that
 * is killed at any moment has after its restart what it had acknowledged.
 */
export class ClientConfigStore {
  readonly #dir: string;
  readonly #file: string;
  readonly #hostId: string;

  constructor(dataDir: string, hostId: string) {
    this.#dir = dataDir;
    this.#file = join(dataDir, 'client-config.json');
    this.#hostId = hostId;
  }

  /** What an earlier agent of this host has left; nothing at the first start. */
  async load(): Promise<Result<ClientConfig, UnusableConfigFault>> {
    try {
      return ok(this.#parse(await readFile(this.#file, 'utf8')));
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return ok(noClientConfig);
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `${this.#file} cannot be used, nothing counts as installed until the next push: ${why}`;
      return fail({ code: 'config_unusable', message: message.slice(0, 2000), cause });
    }
  }

  /** Nothing has changed when this fails. */
  async save(config: ClientConfig): Promise<Result<null, AgentFault>> {
    const aside = `${this.#file}.${randomUUID()}`;
    try {
      await writeThrough(aside, this.#print(config));
      await rename(aside, this.#file);
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined);
      return fail(faultOf(error, this.#dir));
    }
    // From here on the new file is there; only a power cut at this very moment could bring the old one back.
    await syncDirectory(this.#dir).catch(() => undefined);
    return ok(null);
  }

  #print({ seenEpoch, layers, undone }: ClientConfig): string {
    const saved = { hostId: this.#hostId, seenEpoch, layers: layers.map(savedLayer), undone };
    const json = JSON.stringify(saved);
    return `${sumOf(json)}\n${json}`;
  }

  #parse(text: string): ClientConfig {
    const [sum = '', ...rest] = text.split('\n');
    const json = rest.join('\n');
    if (sum !== sumOf(json)) throw new Error('it is damaged');
    const { hostId, layers, ...saved } = Saved.parse(JSON.parse(json));
    if (hostId !== this.#hostId) throw new Error(`it was installed on host ${hostId}`);
    return { ...saved, layers: layers.map(layerOf) };
  }
}

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const savedLayer = ({ epoch, owner, digest, attrs }: ClientLayer) => ({ epoch, owner, digest, attrs });

function layerOf(saved: ReturnType<typeof SavedLayer.parse>): ClientLayer {
  if (digestOf(saved.attrs) !== saved.digest) throw new Error(`it is not ${shortDigest(saved.digest)}`);
  const parsed = parsePushedAttrs(saved.attrs);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return { ...saved, ...parsed.value };
}

async function writeThrough(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function faultOf(error: unknown, dir: string): AgentFault {
  const code = codeOf(error);
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  const why = isFull ? 'its disk is full' : `it cannot be written (${String(code)})`;
  const message = `config is kept in the data directory ${dir}, and ${why}; nothing was changed`;
  return { code: isFull ? 'disk_full' : 'disk_failed', message };
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
