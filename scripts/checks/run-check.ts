import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** How many tests a check ran. A check without tests that fails counts as one failure. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One command that says whether something is right. */
export interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Reads the counts from the runner's report; a check without it is no test runner. */
  readonly count?: () => Outcome;
}

/**
 * Runs checks one after the other, all of them whatever the ones before have found. Other lanes run beside: each line that a
 * check prints carries its name.
 */
export async function runLane(checks: readonly Check[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const check of checks) outcomes.push(await runCheck(check));
  return outcomes;
}

async function runCheck(check: Check): Promise<Outcome> {
  console.log(`Hostmesh: ${check.name} …`);
  const startedAt = performance.now();
  const code = await exitCode(check);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`Hostmesh: ${check.name} ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  const counted = check.count === undefined ? none : counts(check.count);
  // A runner can fail without a failing test, by an error outside of any; that must not look like success.
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

function exitCode({ name, command: [program, ...args], env }: Check): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const show = (output: Readable) =>
      createInterface({ input: output }).on('line', (line) => console.log(`[${name}] ${line}`));
    show(child.stdout);
    show(child.stderr);
    child.once('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}

const none: Outcome = { passed: 0, failed: 0, skipped: 0 };

/** A report that is missing or unreadable means that the runner did not finish. */
function counts(count: () => Outcome): Outcome {
  try {
    return count();
  } catch {
    return { ...none, failed: 1 };
  }
}

/** Says how many tests there were in all, as the last line, and sets the exit code of this process. */
export function conclude(outcomes: readonly Outcome[]): void {
  const total = (key: keyof Outcome) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  const skipped = total('skipped');
  process.exitCode = total('failed') === 0 ? 0 : 1;
  console.log(
    `\n${total('passed')} passed, ${total('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  );
}
