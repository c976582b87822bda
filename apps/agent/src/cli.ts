import { assertNever, type Fault } from '@hostmesh/core';
import { livePart, outputLog, startOverWithoutSecrets, type LifeEvent } from '@hostmesh/part';
import { pino, type Logger } from 'pino';
import { offsetClock } from './clock/agent-clock.ts';
import packageJson from '../package.json' with { type: 'json' };
import { parseInvocation, usage } from './agent-options.ts';
import { runAgent } from './run-agent.ts';

/** Time after a signal for procs to be stopped, twice 2 s, and for connections to end; after all of that, for the log to be read. */
const EXIT_WITHIN_MS = 10_000;

/**
 * Runs what this process was started for, until it is done or a signal ends it, and sets the exit code. The process ends
 * then, within `logReadWithinMs` even if nobody reads its log.
 */
export async function runProcess(logReadWithinMs = EXIT_WITHIN_MS): Promise<void> {
  if (!leaveSecrets()) return;
  const log = pino({ base: { pid: process.pid } }, outputLog());
  const reloads = new Reloads();
  const life = livePart({
    heard: (event) => logEvent(log, event),
    reload: () => reloads.ask(),
    exitWithinMs: EXIT_WITHIN_MS,
    exit: kill,
  });
  const { env, stdout, stderr } = process;
  const onReload = (listener: () => void) => reloads.listen(listener);
  const code = await runCli(process.argv.slice(2), { env, stdout, stderr, log, signal: life.stop, onReload });
  process.exitCode = life.exitCode || code;
  setTimeout(kill, logReadWithinMs).unref();
}

/** Starts the process over where its environment has secrets, which procs could read. False when it cannot, which is said. */
function leaveSecrets(): boolean {
  const invocation = parseInvocation(process.argv.slice(2), process.env);
  if (!invocation.ok || invocation.value.kind !== 'run') return true;
  try {
    startOverWithoutSecrets(invocation.value.options.dataDir);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`hostmesh-agent: its key cannot be kept in the data directory: ${why}\n`);
    process.exitCode = 1;
    return false;
  }
}

/** `process.exit` would wait for a write to a log that nobody reads. */
const kill = (): void => void process.kill(process.pid, 'SIGKILL');

/** A wish to read the files again is kept until somebody is there to fulfil it. */
class Reloads {
  #isWanted = false;
  #listener: (() => void) | null = null;

  ask(): void {
    if (this.#listener === null) this.#isWanted = true;
    else this.#listener();
  }

  listen(listener: () => void): void {
    this.#listener = listener;
    if (this.#isWanted) listener();
    this.#isWanted = false;
  }
}

function logEvent(log: Logger, event: LifeEvent): void {
  if (event.kind === 'bug')
    log.fatal({ event: 'agent.bug', err: event.error }, 'bug: the agent ends in order');
  else if ('signal' in event) log.info({ event: `agent.${event.kind}`, signal: event.signal }, 'signal');
}

/** What a command line runs in. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly log: Logger;
  /** Ends an agent in order. */
  readonly signal: AbortSignal;
  /** Calls back when the agent is to read its files again. */
  readonly onReload: (listener: () => void) => void;
}

interface Output {
  write(text: string): unknown;
}

/** Does what the command line asks for, and resolves with the exit code: 2 when it has to be written differently. */
export async function runCli(
  args: readonly string[],
  { env, stdout, stderr, log, signal, onReload }: CliContext,
): Promise<number> {
  const complain = ({ code, message }: Fault): number => {
    stderr.write(`hostmesh-agent: ${message}\n`);
    return usageFaults.includes(code) ? 2 : 1;
  };
  const invocation = parseInvocation(args, env);
  if (!invocation.ok) return complain(invocation.fault);
  switch (invocation.value.kind) {
    case 'help':
      stdout.write(usage);
      return 0;
    case 'version':
      stdout.write(`${packageJson.version}\n`);
      return 0;
    case 'run': {
      const { HOSTMESH_DEV_CLOCK: clockFile } = env;
      const hostNowMs = clockFile ? offsetClock(clockFile) : undefined;
      const ended = await runAgent(invocation.value.options, { env, log, signal, onReload, hostNowMs });
      return ended.ok ? 0 : complain(ended.fault);
    }
    default:
      return assertNever(invocation.value);
  }
}

/** Faults that another command line, environment or file would avoid; others may be gone at the next try. */
const usageFaults = [
  'bad_usage',
  'config_file',
  'tls_credentials',
  'TLS_CREDENTIALS',
  'agent_key',
  'NO_AGENT_KEY',
  'NOT_PRIVATE',
  'metrics_token',
  'UNSUPPORTED_ADDRESS',
];

// `main.ts` starts the process over from here.
if (import.meta.main) await runProcess();
