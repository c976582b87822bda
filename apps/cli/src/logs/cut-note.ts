import type { Proc } from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';
import type { Context } from '../context.ts';
import type { LogSink } from './log-sink.ts';
import type { Reading } from './read-output.ts';

interface Shown {
  readonly first: number;
  last: number;
  count: number;
}

/** The sink, which also counts, and in the end says of how many entries it was given only the last ones. */
export function sayingCut(context: Context, { tail, stream }: Reading, sink: LogSink): LogSink {
  if (tail === undefined || tail === 0) return sink;
  const shown = new Map<Proc, Shown>();
  return {
    ...sink,
    async write(proc, entry) {
      const { seq } = entry;
      const before = shown.get(proc);
      if (before === undefined) shown.set(proc, { first: seq, last: seq, count: 1 });
      else Object.assign(before, { last: seq, count: before.count + 1 });
      await sink.write(proc, entry);
    },
    async end() {
      await sink.end();
      // Fewer than asked for are all that there are: what is missing before them is said as a gap.
      const cut = [...shown.values()].filter(({ first, count }) => first > 1 && count >= tail);
      if (cut.length === 0) return;
      const sum = (of: (one: Shown) => number) => cut.reduce((total, one) => total + of(one), 0);
      const count = sum((one) => one.count);
      // Entries are numbered over both streams: how many there are of one is not known.
      const what =
        stream === undefined
          ? `${formatCount(count)} of ${countOf(
              sum(({ last }) => last),
              'entry',
              'entries',
            )}`
          : `${countOf(count, 'entry', 'entries')} of ${stream}`;
      context.err(`hostmesh: the last ${what}. All of them: --tail all`);
    },
  };
}
