import { assertNever, type Fault } from '@hostmesh/core';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { parseInvocation, usage } from './agent-options.ts';
import { runAgent } from './run-agent.ts';

/** Time after a signal for procs to be stopped, twice 2 s, and for connections to end; after all of that, for the log to be read. */
const EXIT_WITHIN_MS = 10_000;
/** Log lines that nobody has read yet, in bytes; beyond that they are dropped rather than block the agent. */
const MAX_UNREAD_LOG_BYTES = 1024 * 1024;

/**
 * Runs what this process was started for, until it is done or a signal ends it, and sets the exit code. The process ends
 * then, within `logReadWithinMs` even if nobody reads its log.
 */
export async function runProcess(logReadWithinMs = EXIT_WITHIN_MS): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      stop.abort(name);
      exitWithin(EXIT_WITHIN_MS);
    });
  }
  const { env, stdout, stderr } = process;
  process.exitCode = await runCli(process.argv.slice(2), { env, stdout, stderr, signal: stop.signal });
  exitWithin(logReadWithinMs);
}

/** `process.exit` would wait for a write to a log that nobody reads. */
function exitWithin(ms: number): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ms).unref();
}

/** What a command line runs in. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Ends an agent in order. */
  readonly signal: AbortSignal;
}

interface Output {
  write(text: string): unknown;
}

/** Does what the command line asks for, and resolves with the exit code: 2 when it has to be written differently. */
export async function runCli(
  args: readonly string[],
  { env, stdout, stderr, signal }: CliContext,
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
      const destination = pino.destination({ dest: 1, sync: false, maxLength: MAX_UNREAD_LOG_BYTES });
      const log = pino({ base: { pid: process.pid } }, destination);
      const ended = await runAgent(invocation.value.options, { env, log, signal });
      return ended.ok ? 0 : complain(ended.fault);
    }
    default:
      return assertNever(invocation.value);
  }
}

/** Faults that another command line, environment or file would avoid; others may be gone at the next try. */
const usageFaults = ['bad_usage', 'config_file', 'tls_credentials', 'TLS_CREDENTIALS', 'UNSUPPORTED_ADDRESS'];

// `main.ts` starts the process over from here.
if (import.meta.main) await runProcess();
