/** Signals that ask a part to end in order. Without a terminal, SIGHUP may mean something else: see `LifeOptions`. */
export const stopSignals = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGALRM',
  'SIGVTALRM',
  'SIGPROF',
  'SIGXCPU',
  'SIGIO',
  'SIGPWR',
  'SIGSTKFLT',
] as const satisfies readonly NodeJS.Signals[];

/**
 * Signals that would end a process which says nothing of them, or, SIGUSR1, open Node's inspector to whoever is on this
 * machine. A part takes no notice of them but for a line in its log. With SIGXFSZ the write itself tells what is wrong.
 */
export const ignoredSignals = [
  'SIGUSR1',
  'SIGUSR2',
  'SIGPIPE',
  'SIGXFSZ',
] as const satisfies readonly NodeJS.Signals[];

/** Exit code of a part that ended because of a bug of its own (EX_SOFTWARE). */
export const EXIT_BUG = 70;

/** A timer of the platform holds no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What happens in the life of a process. */
export type LifeEvent =
  | { readonly kind: 'stop'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'still_stopping'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'reload' }
  | { readonly kind: 'ignored'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'bug'; readonly error: unknown };

export interface LifeOptions {
  /** Hears of everything, for the log. */
  readonly heard: (event: LifeEvent) => void;
  /** What SIGHUP asks for where there is no terminal; without it SIGHUP ends the part like the others. */
  readonly reload?: () => void;
  /** A part that was asked to end and hangs is ended after so long. */
  readonly exitWithinMs: number;
  /** How it is ended then. */
  readonly exit?: (code: number) => void;
  /** Whether somebody sits at a terminal of this process. */
  readonly hasTerminal?: boolean;
}

/** The life of this process, as far as others can end it. */
export interface PartLife {
  /** Fires when the part is to end in order; the reason says why, in words. */
  readonly stop: AbortSignal;
  /** What to exit with: 0 when somebody asked for the end, 70 after a bug. */
  readonly exitCode: number;
}

/**
 * Takes over every way in which this process can be ended, but for SIGKILL and faults of the machine: a signal or a bug
 * fires `stop` once, and whoever runs the part then ends in order. Nothing is ended by a reader of its output that leaves.
 */
export function livePart(options: LifeOptions): PartLife {
  const { heard, reload, exitWithinMs, exit = (code) => process.exit(code) } = options;
  const hasTerminal = options.hasTerminal ?? [0, 1, 2].some(isTerminal);
  const stop = new AbortController();
  let exitCode = 0;
  const end = (reason: string) => {
    stop.abort(reason);
    setTimeout(() => exit(exitCode || 1), Math.min(exitWithinMs, LONGEST_TIMER_MS)).unref();
  };
  const asked = (signal: NodeJS.Signals) => {
    if (signal === 'SIGHUP' && reload !== undefined && !hasTerminal) {
      heard({ kind: 'reload' });
      return reload();
    }
    if (stop.signal.aborted) return heard({ kind: 'still_stopping', signal });
    heard({ kind: 'stop', signal });
    end(signal);
  };
  for (const signal of stopSignals) listen(signal, () => asked(signal));
  for (const signal of ignoredSignals) listen(signal, () => heard({ kind: 'ignored', signal }));
  const failed = (error: unknown) => {
    heard({ kind: 'bug', error });
    exitCode = EXIT_BUG;
    if (!stop.signal.aborted) end(`a bug: ${error instanceof Error ? error.message : String(error)}`);
  };
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  return {
    stop: stop.signal,
    get exitCode() {
      return exitCode;
    },
  };
}

function listen(signal: NodeJS.Signals, listener: () => void): void {
  try {
    process.on(signal, listener);
  } catch {
    // This system has no such signal.
  }
}

const isTerminal = (fd: number): boolean => {
  const stream = [process.stdin, process.stdout, process.stderr][fd];
  return stream?.isTTY === true;
};
