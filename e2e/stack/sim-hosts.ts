import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { end, printed } from './process.ts';
import { root } from './stack.ts';

/** Simulated hosts that one story runs. */
export interface SimHosts {
  /** All of them, as a host list. */
  readonly list: string;
  readonly close: () => Promise<void>;
}

const HOST_LIST = /^(tcp:\S+)$/m;

/** Runs `pnpm sim-hosts` with these options on free ports. */
export async function startSimHosts(options: readonly string[]): Promise<SimHosts> {
  const child = spawn(
    process.execPath,
    [join(root, 'packages/testkit/src/sim-hosts/main.ts'), '--base-port', '0', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return { list: await printed(child, HOST_LIST), close: () => end(child, 'SIGTERM') };
}
