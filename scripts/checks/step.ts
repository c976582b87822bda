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
  return outcomeOf(step, await exitCode(step, 'inherit'), startedAt);
}

/** Runs lists of steps beside each other; what a step prints is shown when it is over. */
export async function runBeside(lists: readonly (readonly Step[])[]): Promise<Outcome[]> {
  console.log(`\nHostmesh: ${lists.flatMap((steps) => steps.map(({ name }) => name)).join(', ')}`);
  const runOne = async (step: Step) => {
    const startedAt = performance.now();
    const printed: Buffer[] = [];
    const code = await exitCode(step, 'pipe', (chunk) => printed.push(chunk));
    process.stdout.write(Buffer.concat(printed));
    return outcomeOf(step, code, startedAt);
  };
  const runAll = async (steps: readonly Step[]) => {
    const outcomes: Outcome[] = [];
    for (const step of steps) outcomes.push(await runOne(step));
    return outcomes;
  };
  return (await Promise.all(lists.map(runAll))).flat();
}

function outcomeOf(step: Step, code: number, startedAt: number): Outcome {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`Hostmesh: ${step.name} ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  const counted = step.count === undefined ? { passed: 0, failed: 0, skipped: 0 } : counts(step.count);
  // A runner can fail without a failing test, by an error outside of any; that must not look like success.
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

function exitCode(
  { command: [program, ...args], env }: Step,
  output: 'inherit' | 'pipe',
  onOutput?: (chunk: Buffer) => void,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
    });
    for (const stream of [child.stdout, child.stderr])
      if (onOutput !== undefined) stream?.on('data', onOutput);
    child.once('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
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
