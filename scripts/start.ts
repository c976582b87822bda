// `npm start`: builds the dashboard, starts the database, the agents, the API and the dashboard as processes of
// their own, keeps them running, and ends them all on Ctrl-C.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  livePart,
  printDiskSpace,
  readDiskSpace,
  startOverWithoutSecrets,
  type LifeEvent,
} from '@hostmesh/part';
import { lockDataDir, makeDataDir } from './supervisor/data-dir.ts';
import { takenPorts } from './supervisor/ports.ts';
import { readSettings } from './supervisor/stack-settings.ts';
import { runStack } from './supervisor/stack.ts';

const PARENT_POLL_MS = 1000;
const EXIT_WITHIN_MS = 120_000;
const SAME_KEY_MS = 1000;
const root = join(import.meta.dirname, '..');
const watch = process.argv.includes('--watch');
const say = (line: string) => console.log(`Hostmesh: ${line}`);

// Twice as long as its parts have, one kind of them after the other.
const life = livePart({ heard, exitWithinMs: EXIT_WITHIN_MS });
const orphaned = new AbortController();
// npm may be killed without passing the signal on; whoever started us is then no longer our parent.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid === parent || orphaned.signal.aborted) return;
  say('whoever started it has ended, and so it ends, too');
  orphaned.abort();
}, PARENT_POLL_MS).unref();
const stopping = AbortSignal.any([life.stop, orphaned.signal]);
let stoppingSince = Infinity;
stopping.addEventListener('abort', () => (stoppingSince = Date.now()), { once: true });

const code = await main().catch(unusable);
process.exitCode = life.exitCode || code;

async function main(): Promise<number> {
  const settings = readSettings(process.env, root);
  if ('problems' in settings) return refuse(settings.problems);
  makeDataDir(settings.dataDir);
  startOverWithoutSecrets(settings.dataDir);
  const lock = lockDataDir(settings.dataDir);
  if ('heldBy' in lock) {
    return refuse([
      `Another Hostmesh (process ${lock.heldBy}) runs on ${settings.dataDir}. Stop it, or set HOSTMESH_DATA_DIR.`,
    ]);
  }
  try {
    const taken = await takenPorts(settings);
    if (taken.length > 0) return refuse(taken);
    if (!watch && !buildDashboard()) return 1;
    return await runStack({ root, settings, watch, env: process.env, signal: stopping, say });
  } finally {
    lock.release();
  }
}

function heard(event: LifeEvent): void {
  if (event.kind === 'bug') console.error('Hostmesh: a bug, and everything is ended:', event.error);
  else if (event.kind === 'ignored') say(`${event.signal} means nothing here`);
  // One Ctrl-C comes several times: from the terminal, and passed on by npm.
  else if (event.kind === 'still_stopping' && Date.now() - stoppingSince > SAME_KEY_MS) say('still stopping');
}

/** The data directory cannot be used: a disk that is full, or files of somebody else. */
async function unusable(error: unknown): Promise<number> {
  if (!(error instanceof Error && 'syscall' in error)) throw error;
  const settings = readSettings(process.env, root);
  const dataDir = 'problems' in settings ? root : settings.dataDir;
  const space = await readDiskSpace(dataDir).then(printDiskSpace, () => dataDir);
  return refuse([`the data directory cannot be used: ${error.message}; ${space}`]);
}

function refuse(reasons: readonly string[]): number {
  for (const reason of reasons) console.error(`Hostmesh: ${reason}`);
  return 1;
}

/** Builds the dashboard unless it is built from these very sources. */
function buildDashboard(): boolean {
  say('building the dashboard (about half a minute the first time)');
  const args = ['run', 'build', '--filter=@hostmesh/web', '--output-logs=errors-only'];
  const done = spawnSync(join(root, 'node_modules/.bin/turbo'), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (done.status === 0) return true;
  process.stderr.write(Buffer.concat([done.stdout, done.stderr]));
  say('the dashboard could not be built: see above');
  return false;
}
