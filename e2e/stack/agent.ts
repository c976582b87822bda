import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { end } from './process.ts';
import { freePorts, root, type Stack } from './stack.ts';

/** An agent that is up answers much sooner. */
const ANSWER_MS = 2000;

/** A real host agent that one story runs beside those of the product. */
export interface Agent {
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

/** An agent on a port of its own that is not started yet: a host that refuses connections. */
export async function makeAgent(stack: Stack): Promise<Agent> {
  const port = await freePorts(1);
  const dataDir = await mkdtemp(join(tmpdir(), 'hostmesh-e2e-agent-'));
  const key = (await readFile(join(stack.dataDir, 'agent-key'), 'utf8')).trim();
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
        [join(root, 'apps/agent/src/main.ts'), '--listen', address, '--data-dir', dataDir],
        { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, HOSTMESH_AGENT_KEY: key } },
      );
      const answers = () =>
        fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
          ({ ok }) => ok,
          () => false,
        );
      await expect.poll(answers).toBe(true);
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
