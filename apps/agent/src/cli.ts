import { assertNever, type Fault } from '@hostmesh/core';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { parseInvocation, usage } from './options/options.ts';
import { runAgent } from './run.ts';

/** Log lines that nobody has read yet, in bytes; beyond that they are dropped rather than block the agent. */
const MAX_UNREAD_LOG_BYTES = 1024 * 1024;

/** Does what the command line asks for, and resolves with the exit code: 2 when it has to be written differently. */
export async function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<number> {
  const invocation = parseInvocation(args, env);
  if (!invocation.ok) return complain(invocation.fault);
  switch (invocation.value.kind) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'version':
      process.stdout.write(`${packageJson.version}\n`);
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

/** Faults that another command line, environment or file would avoid; the others may pass. */
const usageFaults = ['bad_usage', 'config_file', 'tls_credentials', 'TLS_CREDENTIALS', 'UNSUPPORTED_ADDRESS'];

function complain({ code, message }: Fault): number {
  process.stderr.write(`hostmesh-agent: ${message}\n`);
  return usageFaults.includes(code) ? 2 : 1;
}
