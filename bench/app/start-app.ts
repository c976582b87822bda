import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A part of the product as a process, with a data directory that goes when it does. */
export interface AppProcess extends AsyncDisposable {
  readonly pid: number;
  readonly dataDir: string;
  /** The first line that it prints with this text in it; rejects when it ends without. */
  readonly ready: string;
}

export interface AppSpec {
  /** Path of its main module, from the root of the repository. */
  readonly main: string;
  readonly args: (dataDir: string) => readonly string[];
  /** Its whole environment: nothing of ours reaches it. */
  readonly env: (dataDir: string) => Readonly<Record<string, string>>;
  /** Part of the line of its log that tells that it is ready. */
  readonly readyText: string;
}

/** Starts it and waits until it is ready. */
export async function startApp({ main, args, env, readyText }: AppSpec): Promise<AppProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hostmesh-bench-'));
  const file = fileURLToPath(new URL(`../../${main}`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args(dataDir)], {
    env: env(dataDir),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const end = (): boolean => child.kill('SIGTERM');
  process.once('exit', end);
  const stop = async (): Promise<void> => {
    end();
    await ended;
    process.off('exit', end);
    await rm(dataDir, { recursive: true });
  };
  try {
    const ready = await lineWith(child.stdout, readyText);
    child.stdout.resume();
    return { pid: child.pid ?? -1, dataDir, ready, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function lineWith(output: NodeJS.ReadableStream, text: string): Promise<string> {
  const lines = createInterface({ input: output });
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => line.includes(text) && resolve(line));
    lines.on('close', () => reject(new Error(`it ended before it said "${text}"`)));
  });
}
