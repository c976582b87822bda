import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How many tests a step ran. A step without tests that fails counts as one failure. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Reads the counts from the runner's report; a step without it is no test runner. */
  readonly count?: () => Outcome;
}

/** Runs a step with its output shown, says how it went and how long it took, and counts its tests. */
export async function runStep(step: Step): Promise<Outcome> {
  console.log(`\nHostmesh: ${step.name}`);
  const startedAt = performance.now();
  const code = await exitCode(step);
  console.log(
    `Hostmesh: ${step.name} ${code === 0 ? 'ok' : 'FAILED'} (${Math.round((performance.now() - startedAt) / 1000)} s)`,
  );
  const counted = step.count === undefined ? { passed: 0, failed: 0, skipped: 0 } : counts(step.count);
  // A runner can fail without a failing test, by an error outside of any; that must not look like success.
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

function exitCode({ command: [program, ...args], env }: Step): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.once('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** A report that is missing or unreadable means that the runner did not finish. */
function counts(count: () => Outcome): Outcome {
  try {
    return count();
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

export const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

export const total = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
