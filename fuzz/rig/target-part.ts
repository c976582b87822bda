import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';

/** How the process of a part ended. */
export interface PartEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What is started, and how it shows that it is ready. */
export interface PartPlan {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Matches what it writes once it is ready. */
  readonly ready: RegExp;
  readonly logFile: string;
}

/** A process of the product that is fuzzed. */
export class TargetPart {
  readonly name: string;
  /** What `ready` found in its first group. */
  readonly said: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #isAsked = false;

  private constructor(name: string, said: string, child: ChildProcess, ended: Promise<unknown>) {
    this.name = name;
    this.said = said;
    this.#child = child;
    this.#ended = ended;
  }

  /** Starts it; resolves once it is ready, and rejects with what it wrote when it ends without. */
  static async start({ name, args, env, ready, logFile }: PartPlan): Promise<TargetPart> {
    const child = spawn(process.execPath, [...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, ...env },
    });
    const log = createWriteStream(logFile, { flags: 'a' });
    const ended = new Promise((resolve) => child.once('close', resolve));
    void ended.then(() => log.end());
    let output = '';
    const said = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        log.write(chunk);
        if (output.length > 100_000) return;
        output += chunk.toString();
        const found = ready.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      void ended.then(() => reject(new Error(`${name} ended before it was ready:\n${output}`)));
    });
    return new TargetPart(name, said, child, ended);
  }

  /** Null while it runs. */
  get end(): PartEnd | null {
    const { exitCode: code, signalCode: signal } = this.#child;
    return code === null && signal === null ? null : { code, signal };
  }

  /** How it ended, in words, where nobody had told it to: the end that must not be. */
  get crash(): string | null {
    const { end } = this;
    if (end === null || this.#isAsked || end.code === 0) return null;
    return `${this.name} ended by itself with ${end.signal ?? `code ${end.code}`}`;
  }

  /** Memory that it has at present; 0 once it has ended. */
  get rssBytes(): number {
    try {
      const [, kib = '0'] =
        /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')) ?? [];
      return Number(kib) * 1024;
    } catch {
      return 0;
    }
  }

  /** Ends it in order and waits until it is gone. */
  async stop(): Promise<void> {
    this.#isAsked = true;
    this.#child.kill('SIGTERM');
    await this.#ended;
  }
}
