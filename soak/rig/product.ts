import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type Client } from '@hostmesh/client';
import { makeDisk, type Disk } from './disk.ts';
import { unusedPort, pass, workspace } from './place.ts';
import { descendants, signal } from './proc-processes.ts';

/** Room for an empty Postgres with its journal, and what a soak records. */
const DISK_MB = 600;

/** What a part is recognised by in the command lines below the supervisor. */
const parts = {
  api: /apps\/api\/src\/main\.ts/,
  web: /next|apps\/web/,
  postgres: /prisma\/src\/postgres\/main\.ts/,
  'postgres-server': /bin\/postgres |postgres: /,
} as const;
export type PartName = keyof typeof parts;

/** The product as `npm start` runs it, without agents of its own. */
export interface Product {
  readonly client: Client;
  readonly agentKeyFile: string;
  readonly disk: Disk;
  readonly webPort: number;
  /** Whether the supervisor lives: nothing that happens to a part may end it. */
  readonly isAlive: () => boolean;
  /** Sends the signal to every process of a part. */
  signal(part: PartName, name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** Starts the product on free ports, with a disk of its own below `dir`; resolves once it says that it is ready. */
export async function startProduct(dir: string): Promise<Product> {
  const disk = makeDisk(join(dir, 'product'), DISK_MB);
  const [webPort, apiPort] = [await unusedPort(), await unusedPort()];
  const log = createWriteStream(join(dir, 'product.log'), { flags: 'a' });
  const supervisor = spawn(process.execPath, [join(workspace, 'scripts/start.ts')], {
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOSTMESH_DATA_DIR: disk.path,
      HOSTMESH_WEB_PORT: String(webPort),
      HOSTMESH_API_PORT: String(apiPort),
      HOSTMESH_AGENTS: '0',
      DATABASE_URL: '',
    },
  });
  supervisor.stdout.pipe(log);
  supervisor.stderr.pipe(log);
  const isAlive = (): boolean => supervisor.exitCode === null && supervisor.signalCode === null;
  await printed(supervisor, 'Hostmesh is ready');
  const token = readFileSync(join(disk.path, 'admin-token'), 'utf8').trim();
  return {
    client: createClient({ baseUrl: `http://127.0.0.1:${apiPort}`, token }),
    agentKeyFile: join(disk.path, 'agent-key'),
    disk,
    webPort,
    isAlive,
    signal(part, name) {
      const targets = descendants(supervisor.pid ?? 0).filter(({ commandLine }) =>
        parts[part].test(commandLine),
      );
      signal(
        targets.map(({ pid }) => pid),
        name,
      );
    },
    async stop() {
      supervisor.kill('SIGTERM');
      while (isAlive()) await pass(50);
      disk.remove();
    },
  };
}

function printed(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes(text)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`the product ended with ${code}:\n${output}`)));
  });
}
