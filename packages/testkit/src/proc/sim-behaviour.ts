import { fail, ok, parseDuration, signalNumber, type Fault, type Result } from '@hostmesh/core';
import type { ProcCommand, ProcExit } from '@hostmesh/protocol';

/** What a simulated process does by itself. */
export interface SimBehaviour {
  /** From its start until it is ready; null: as soon as its readiness allows. */
  readonly readyAfterMs: number | null;
  /** How it ends by itself, and how long after its start; null: never. */
  readonly end: { readonly exit: ProcExit; readonly afterMs: number } | null;
  /** Only SIGKILL ends it. */
  readonly ignoresTerm: boolean;
  /** It exits with 0 so long after SIGTERM; null: SIGTERM ends it at once. */
  readonly slowStopMs: number | null;
  /** Lines on stdout. */
  readonly chatterPerSecond: number;
  /** Once ready it ends, is restarted and gets ready again for ever: so many changes of state per second. */
  readonly flapsPerSecond: number;
  /** Lines that it writes at its start. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** What it writes then of a line that it does not end; null: nothing. */
  readonly prompt: string | null;
  /** Why it cannot be started; null when it can. */
  readonly missing: string | null;
}

/** Ready when its readiness allows, then goes on without a word until it is stopped. */
const plain: SimBehaviour = {
  readyAfterMs: null,
  end: null,
  ignoresTerm: false,
  slowStopMs: null,
  chatterPerSecond: 0,
  flapsPerSecond: 0,
  stdout: [],
  stderr: [],
  prompt: null,
  missing: null,
};

/** What the arguments of the program `sim` make it do, for people. */
export const behaviourUsage = `  ready-after=50ms     ready so long after its start
  never-ready          until its readiness times out
  exit=3@1s            exits with that code, so long after its start
  signal=SIGSEGV@1s    dies of that signal
  ignore-term          only SIGKILL stops it
  slow-stop=200ms      exits with 0 so long after SIGTERM
  chatter=10/s         lines on stdout
  flap=5/s             changes of state: it ends and is restarted for ever
  stdout=text          a line at its start
  stderr=text
  prompt=text          on stdout, without an end of line
  missing=text         it cannot be started, and this is why
`;

type Reading = Result<Partial<SimBehaviour>, Fault<'bad_argument'>>;
const readers: Readonly<Record<string, (value: string, before: SimBehaviour) => Reading>> = {
  'ready-after': (value) => durationIn(value, (readyAfterMs) => ({ readyAfterMs })),
  'never-ready': () => ok({ readyAfterMs: Infinity }),
  exit: (value) =>
    endIn(value, /^\d{1,3}$/, (code) => ({ code: Number(code), signal: null, coreDumped: false })),
  signal: (value) =>
    endIn(value, /^SIG[A-Z0-9]+$/, (signal) => ({ code: null, signal, coreDumped: dumpsCore.has(signal) })),
  'ignore-term': () => ok({ ignoresTerm: true }),
  'slow-stop': (value) => durationIn(value, (slowStopMs) => ({ slowStopMs })),
  chatter: (value) => rateIn(value, (chatterPerSecond) => ({ chatterPerSecond })),
  flap: (value) => rateIn(value, (flapsPerSecond) => ({ flapsPerSecond })),
  stdout: (value, { stdout }) => ok({ stdout: [...stdout, value] }),
  stderr: (value, { stderr }) => ok({ stderr: [...stderr, value] }),
  prompt: (value) => ok({ prompt: value }),
  missing: (value) => ok({ missing: value }),
};

/** Signals after which systems keep the memory of the process. */
const dumpsCore: ReadonlySet<string> = new Set([
  'SIGSEGV',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGQUIT',
]);

/** What a command does: the program `sim` reads its arguments, any other is plain. With a wrong one it cannot start. */
export function behaviourOf({ program, args }: ProcCommand): SimBehaviour {
  let behaviour = plain;
  if (!/(?:^|\/)sim$/.test(program)) return behaviour;
  for (const arg of args) {
    const [, name = arg, value = ''] = /^([a-z-]+)=(.*)$/s.exec(arg) ?? [];
    const reading = readers[name]?.(value, behaviour) ?? bad(`sim has no argument '${arg}'`);
    if (!reading.ok) return { ...plain, missing: reading.fault.message };
    behaviour = { ...behaviour, ...reading.value };
  }
  return behaviour;
}

const bad = (message: string): Reading => fail({ code: 'bad_argument', message });

function durationIn(value: string, use: (ms: number) => Partial<SimBehaviour>): Reading {
  const ms = parseDuration(value);
  return ms.ok ? ok(use(ms.value)) : bad(ms.fault.message);
}

function rateIn(value: string, use: (perSecond: number) => Partial<SimBehaviour>): Reading {
  const [, rate] = /^(\d+(?:\.\d+)?)\/s$/.exec(value) ?? [];
  return Number(rate) > 0 ? ok(use(Number(rate))) : bad(`'${value}' is no rate, write for example 5/s`);
}

function endIn(value: string, pattern: RegExp, exitOf: (how: string) => ProcExit): Reading {
  const [how = '', after = '0s'] = value.split('@');
  if (!pattern.test(how))
    return bad(`'${value}' is no end, write for example exit=3@1s or signal=SIGSEGV@1s`);
  const exit = exitOf(how);
  if (exit.signal !== null && signalNumber(exit.signal) === undefined) return bad(`no signal ${exit.signal}`);
  return durationIn(after, (afterMs) => ({ end: { exit, afterMs } }));
}
