import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { end, printed } from './processes.ts';
import { compileCache, freePorts, root, type Stack } from './stack.ts';

/** An agent that is up answers much sooner. */
const ANSWER_MS = 2000;
/** A busy machine starts several agents at once. */
const START_MS = 60_000;

/** A real host agent that one story runs beside those of the product. */
export interface StoryAgent {
  readonly address: string;
  /** Starts the agent, with the data that it had before, and waits until it answers. */
  readonly start: () => Promise<void>;
  readonly isRunning: () => boolean;
  /** Ends it as a power cut does. */
  readonly kill: () => Promise<void>;
  /** Holds it still as a machine that hangs does, and lets it go on. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Ends it and removes its data. */
  readonly remove: () => Promise<void>;
}

const keyFileOf = ({ dataDir }: Stack): string => join(dataDir, 'agent-key');

/** An agent on a port of its own that is not started yet: a host that refuses connections. */
export async function makeStoryAgent(stack: Stack): Promise<StoryAgent> {
  const port = await freePorts(1);
  const dataDir = await mkdtemp(join(tmpdir(), 'hostmesh-e2e-agent-'));
  const address = `tcp:127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const stop = async (signal: NodeJS.Signals) => {
    if (child !== undefined) await end(child, signal);
  };
  return {
    address,
    async start() {
      child = spawn(
        process.execPath,
        [
          join(root, 'apps/agent/src/main.ts'),
          '--listen',
          address,
          '--data-dir',
          dataDir,
          '--key-file',
          keyFileOf(stack),
          '--run-as',
          userInfo().username,
        ],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
          env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
        },
      );
      const answers = () =>
        fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
          ({ ok }) => ok,
          () => false,
        );
      await expect.poll(answers, { timeout: START_MS }).toBe(true);
    },
    isRunning: () => child?.exitCode === null && child.signalCode === null,
    kill: () => stop('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async remove() {
      child?.kill('SIGCONT');
      await stop('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Simulated hosts that one story runs. */
export interface StorySimHosts {
  /** All of them, as a host list. */
  readonly list: string;
  readonly close: () => Promise<void>;
}

const HOST_LIST = /^(tcp:\S+)$/m;

/** Runs `pnpm sim-hosts` with these options on free ports. */
export async function startStorySimHosts(stack: Stack, options: readonly string[]): Promise<StorySimHosts> {
  const child = spawn(
    process.execPath,
    [
      join(root, 'packages/testkit/src/sim-hosts/main.ts'),
      '--base-port',
      '0',
      '--key-file',
      keyFileOf(stack),
      ...options,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_COMPILE_CACHE: compileCache } },
  );
  return { list: await printed(child, HOST_LIST), close: () => end(child, 'SIGTERM') };
}
