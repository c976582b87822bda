import type { OutputEntry } from '@hostmesh/protocol';
import type { SimBehaviour } from './sim-behaviour.ts';

/** Entries that a host keeps of each proc. */
const KEPT_ENTRIES = 200;
/** Lines of stderr that are told with an end. */
const TAIL_LINES = 50;

/** What a proc has written. Chatter is made up when somebody reads it, so that nobody pays for what none reads. */
export interface SimOutput {
  readonly entries: readonly OutputEntry[];
  readonly lastSeq: number;
  /** Up to when the chatter of the present run is in `entries`, by its number. */
  readonly chattered: number;
}

/** Before the first start. */
export const noOutput: SimOutput = { entries: [], lastSeq: 0, chattered: 0 };

/** With what a process writes at its start. */
export function beginRun(output: SimOutput, { stdout, stderr }: SimBehaviour, atMs: number): SimOutput {
  const lines = [
    ...stdout.map((text) => ({ stream: 'stdout' as const, text })),
    ...stderr.map((text) => ({ stream: 'stderr' as const, text })),
  ];
  return {
    ...append(
      output,
      lines.map((line) => ({ ...line, at: atMs })),
    ),
    chattered: 0,
  };
}

/** With the line that a run has begun as its last entry: the run has ended, and the line with it. */
export const endLine = (output: SimOutput, { prompt }: SimBehaviour, atMs: number): SimOutput =>
  append(output, prompt === null ? [] : [{ stream: 'stdout', text: prompt, at: atMs }]);

/** With the chatter of a run that began at `startedAtMs`, up to `untilMs`. */
export function chatterUntil(
  output: SimOutput,
  perSecond: number,
  startedAtMs: number,
  untilMs: number,
): SimOutput {
  const due = Math.floor(((untilMs - startedAtMs) * perSecond) / 1000);
  if (perSecond === 0 || due <= output.chattered) return output;
  const first = Math.max(output.chattered, due - KEPT_ENTRIES);
  const skipped = { ...output, lastSeq: output.lastSeq + first - output.chattered };
  const lines = Array.from({ length: due - first }, (_, index) => {
    const line = first + index + 1;
    return {
      stream: 'stdout' as const,
      text: `line ${line}`,
      at: nextLineAt(perSecond, startedAtMs, line - 1),
    };
  });
  return { ...append(skipped, lines), chattered: due };
}

/** When the line after `lines` lines of a run comes. */
export const nextLineAt = (perSecond: number, startedAtMs: number, lines: number): number =>
  Math.ceil(startedAtMs + ((lines + 1) * 1000) / perSecond);

/** The last lines of stderr of a run that began at `startedAtMs`. */
export const stderrTailOf = ({ entries }: SimOutput, startedAtMs: number): string[] =>
  entries
    .filter(({ stream, at }) => stream === 'stderr' && at >= startedAtMs)
    .map(({ text }) => text.slice(0, 1000))
    .slice(-TAIL_LINES);

/** Number of the oldest entry that is kept. */
export const firstSeqOf = ({ entries, lastSeq }: SimOutput): number => entries[0]?.seq ?? lastSeq + 1;

/** Entries after `after`, oldest first, or the last `tail` ones; as many as fit into `maxBytes`, one at least. */
export function entriesOf(
  { entries }: SimOutput,
  { after, tail, maxBytes }: { after: number | null; tail: number | null; maxBytes: number },
): OutputEntry[] {
  const asked =
    after === null && tail !== null
      ? entries.slice(Math.max(0, entries.length - tail))
      : entries.filter(({ seq }) => seq > (after ?? 0));
  let bytes = 0;
  return asked.filter(({ text }, index) => (bytes += Buffer.byteLength(text)) <= maxBytes || index === 0);
}

function append(output: SimOutput, lines: readonly Omit<OutputEntry, 'seq' | 'partial'>[]): SimOutput {
  if (lines.length === 0) return output;
  const added = lines.map((line, index) => ({ ...line, seq: output.lastSeq + index + 1, partial: false }));
  return {
    ...output,
    entries: [...output.entries, ...added].slice(-KEPT_ENTRIES),
    lastSeq: output.lastSeq + lines.length,
  };
}
