import { userInfo } from 'node:os';
import { spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  type WriteStream,
} from 'node:fs';
import { join } from 'node:path';
import { makeDisk, type Disk } from './disk.ts';
import { unusedPort, pass, workspace } from './place.ts';

/** Enough for what an agent keeps, and little enough to be filled at once. */
const DISK_MB = 16;
const ANSWER_MS = 2_000;

/** What an agent is doing; `since` is when that began, in milliseconds since 1970. */
export type SlotState =
  | { readonly kind: 'up'; readonly since: number }
  | { readonly kind: 'frozen'; readonly since: number }
  /** `asked`: we ended it, or it was told to leave. */
  | { readonly kind: 'down'; readonly since: number; readonly asked: boolean };

/** A port at which an agent is found, with all that can happen to it there. */
export class HostSlot {
  readonly name: string;
  readonly address: string;
  readonly disk: Disk;
  readonly #port: number;
  readonly #agentKeyFile: string;
  readonly #log: WriteStream;
  /** Says how wrong the clock of the host is. */
  readonly #clock: string;
  readonly #hostIds: string[] = [];
  #state: SlotState = { kind: 'down', since: Date.now(), asked: true };
  #child: ChildProcess | undefined;
  #replacedAt = 0;
  #downAt = 0;

  private constructor(name: string, dir: string, port: number, agentKeyFile: string) {
    this.name = name;
    this.address = `tcp:127.0.0.1:${port}`;
    this.disk = makeDisk(join(dir, name), DISK_MB);
    this.#port = port;
    this.#agentKeyFile = agentKeyFile;
    this.#clock = join(dir, `${name}.clock`);
    this.shiftClock(0);
    this.#log = createWriteStream(join(dir, `${name}.log`), { flags: 'a' });
  }

  /** A slot on a free port whose agent is not started yet, with a disk and a log below `dir`. */
  static async make(name: string, dir: string, agentKeyFile: string): Promise<HostSlot> {
    return new HostSlot(name, dir, await unusedPort(), agentKeyFile);
  }

  get state(): SlotState {
    return this.#state;
  }

  /** Ids of all agents that were ever at this port, the present one last. */
  get hostIds(): readonly string[] {
    return this.#hostIds;
  }

  /** When the agent of that time was ended last. */
  get downAt(): number {
    return this.#downAt;
  }

  /** When the agent at this port became another one. */
  get replacedAt(): number {
    return this.#replacedAt;
  }

  /** Whether the directory of an agent before was put aside. */
  get isReplaced(): boolean {
    return existsSync(this.#aside);
  }

  get #dataDir(): string {
    return join(this.disk.path, 'data');
  }

  get #aside(): string {
    return join(this.disk.path, 'aside');
  }

  /** Its clock is off by so much from now on. */
  shiftClock(offsetMs: number): void {
    writeFileSync(this.#clock, String(offsetMs));
  }

  /** Starts the agent and waits until it answers, or has ended. */
  async start(): Promise<void> {
    if (this.#state.kind !== 'down') return;
    mkdirSync(this.#dataDir, { recursive: true });
    const args = [
      '--listen',
      this.address,
      '--data-dir',
      this.#dataDir,
      '--allow',
      '*',
      '--run-as',
      userInfo().username,
    ];
    const child = spawn(process.execPath, [join(workspace, 'apps/agent/src/main.ts'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOSTMESH_AGENT_KEY_FILE: this.#agentKeyFile,
        HOSTMESH_DEV_CLOCK: this.#clock,
      },
    });
    this.#child = child;
    child.stdout.pipe(this.#log, { end: false });
    child.stderr.pipe(this.#log, { end: false });
    this.#enter('up');
    child.once('exit', () => {
      // Whoever ends it says so before.
      if (this.#child === child && this.#state.kind !== 'down') this.#enter('down', false);
    });
    while (isRunning(child) && !(await answers(this.#port))) await pass(50);
    this.#meet(hostIdIn(this.#dataDir));
  }

  /** Ends it by this signal and waits until it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#state.kind === 'frozen') this.#child?.kill('SIGCONT');
    const child = this.#child;
    this.#enter('down');
    if (child === undefined || !isRunning(child)) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  /** It is expected to leave by itself: somebody tells it to. */
  expectLeave(): void {
    this.#enter('down');
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
    this.#enter('frozen');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
    this.#enter('up');
  }

  /** Another agent, with nothing of the one before, takes the port. */
  async replace(): Promise<void> {
    await this.end('SIGKILL');
    renameSync(this.#dataDir, this.#aside);
    await this.start();
  }

  /** The agent that was there before `replace` is there again. */
  async giveBack(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.#dataDir, { recursive: true });
    renameSync(this.#aside, this.#dataDir);
    await this.start();
  }

  /** The directory goes into another slot, as a machine that was cloned. */
  async copyTo(other: HostSlot): Promise<void> {
    cpSync(this.#dataDir, other.#dataDir, { recursive: true });
    await other.start();
  }

  async remove(): Promise<void> {
    await this.end('SIGTERM');
    this.#log.end();
    this.disk.remove();
  }

  #enter(kind: SlotState['kind'], asked = true): void {
    if (kind === 'down') this.#downAt = Date.now();
    this.#state = kind === 'down' ? { kind, since: Date.now(), asked } : { kind, since: Date.now() };
  }

  #meet(hostId: string | undefined): void {
    if (hostId === undefined || hostId === this.#hostIds.at(-1)) return;
    if (this.#hostIds.length > 0) this.#replacedAt = Date.now();
    this.#hostIds.push(hostId);
  }
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** As the agent has written it down; `undefined` when it could not. */
function hostIdIn(dataDir: string): string | undefined {
  try {
    return /host_[0-9a-f]{32}/.exec(readFileSync(join(dataDir, 'host-id'), 'utf8'))?.[0];
  } catch {
    return undefined;
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    // Also when it says that its disk is full.
    await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return true;
  } catch {
    return false;
  }
}
