import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile } from '@hostmesh/part';
import { afterDeath, noBackoff, type RestartBackoff } from './restart-backoff.ts';

/** One process that Hostmesh consists of. */
export interface PartSpec {
  readonly name: string;
  /** Arguments of Node: the file to run and what it takes. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Answers 2xx once the part is ready; `null` when being alive is all there is to ask. */
  readonly readyUrl: string | null;
  /** Exit codes after which a restart cannot help: the part said what is wrong. */
  readonly finalCodes?: readonly number[];
  /** Like `args`: run when the part is stopped after it has died, for what it may have left behind. */
  readonly cleanUpArgs?: readonly string[];
  /** It has something to tell its supervisor, over Node's channel for that. */
  readonly tells?: boolean;
}

/**
 * - `running`: the process is there since `since`
 * - `waiting`: it died, and is started again when the timer fires
 * - `stopped`: by us, or for good; it stays so
 */
type PartState =
  | {
      readonly kind: 'running';
      readonly child: ChildProcess;
      readonly since: number;
      readonly backoff: RestartBackoff;
    }
  | { readonly kind: 'waiting'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'stopped' };

export interface Part {
  readonly spec: PartSpec;
  /** Asks the process to end, forces its group after `graceMs`, and resolves when it is gone, and what it left too. */
  stop(graceMs: number): Promise<void>;
}

export interface PartEvents {
  /** A line for the person at the terminal. */
  readonly say: (line: string) => void;
  /** The part will not come back. */
  readonly onGivenUp: (name: string) => void;
  /** What the process tells its supervisor. */
  readonly onMessage?: (message: unknown) => void;
}

const preload = (file: string): string[] => ['--import', join(import.meta.dirname, file)];

/** Starts a part and keeps it running: when it dies it is started again with backoff, and that is said. */
export function startPart(spec: PartSpec, logDir: string, events: PartEvents): Part {
  makeLogDir(logDir, events.say);
  const lastWords = new WeakMap<ChildProcess, string>();
  const log = new LogFile(join(logDir, `${spec.name}.log`), { say: events.say });
  let state: PartState = { kind: 'running', child: launch(spec, log), since: Date.now(), backoff: noBackoff };
  watch(state.child);

  function watch(child: ChildProcess): void {
    child.stderr?.on('data', (chunk: Buffer) => {
      lastWords.set(child, chunk.toString().trim().split('\n').at(-1) ?? '');
    });
    if (events.onMessage !== undefined) child.on('message', events.onMessage);
    child.once('exit', (code, signal) => {
      if (state.kind !== 'running' || state.child !== child) return;
      killGroup(child, 'SIGKILL');
      const words = lastWords.get(child) ?? '';
      const how = `${signal === null ? `exited with code ${code}` : `was ended by ${signal}`}${words === '' ? '' : `: ${words}`}`;
      if (code !== null && spec.finalCodes?.includes(code)) {
        state = { kind: 'stopped' };
        events.say(`${spec.name} ${how} (log: ${log.path})`);
        events.onGivenUp(spec.name);
        return;
      }
      const backoff = afterDeath(state.backoff, Date.now() - state.since);
      const again = `starting it again in ${backoff.delayMs / 1000} s (restart ${backoff.restarts})`;
      events.say(`${spec.name} ${how}; ${again} (log: ${log.path})`);
      const timer = setTimeout(() => {
        state = { kind: 'running', child: launch(spec, log), since: Date.now(), backoff };
        watch(state.child);
      }, backoff.delayMs);
      state = { kind: 'waiting', timer };
    });
  }

  return {
    spec,
    async stop(graceMs) {
      const before = state;
      state = { kind: 'stopped' };
      if (before.kind === 'waiting') clearTimeout(before.timer);
      if (before.kind === 'running') await endGroup(before.child, graceMs);
      const hasDied = before.kind === 'waiting' || (before.kind === 'running' && before.child.exitCode !== 0);
      if (hasDied && spec.cleanUpArgs !== undefined)
        await ended(launch({ ...spec, args: spec.cleanUpArgs }, log), graceMs);
      await log.close();
    },
  };
}

/** A log directory that cannot be made costs the logs, not the parts. */
function makeLogDir(logDir: string, say: PartEvents['say']): void {
  try {
    mkdirSync(logDir, { recursive: true });
  } catch (error) {
    say(`the logs cannot be kept: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function launch(spec: PartSpec, log: LogFile): ChildProcess {
  // Nobody is to open Node's inspector in a part.
  const child = spawn(
    process.execPath,
    ['--disable-sigusr1', ...preload('die-with-parent.mjs'), ...spec.args],
    {
      cwd: spec.cwd,
      env: spec.env,
      // Its own group: Ctrl-C reaches the supervisor alone, which ends its parts in order.
      detached: true,
      // Standard input is never written to: that it stays open says that the supervisor is there.
      stdio: ['pipe', 'pipe', 'pipe', ...(spec.tells ? (['ipc'] as const) : [])],
    },
  );
  for (const output of [child.stdout, child.stderr]) if (output !== null) void log.follow(output);
  child.on('error', (error) => void log.write(`${error}\n`));
  return child;
}

async function endGroup(child: ChildProcess, graceMs: number): Promise<void> {
  child.kill('SIGTERM');
  await ended(child, graceMs);
}

/** Waits for a process, and ends its group after `graceMs`. */
async function ended(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const force = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
    await once(child, 'exit');
    clearTimeout(force);
  }
  // What the process left behind in its group must not survive it.
  killGroup(child, 'SIGKILL');
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // ESRCH: nobody is left in the group.
  }
}
