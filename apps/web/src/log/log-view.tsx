'use client';

import { useDeferredValue, useMemo, useState } from 'react';
import { ErrorState } from '../ui/feedback/states.tsx';
import { ApiError } from '../api/api-error.ts';
import { FollowNote } from './follow-note.tsx';
import { findRows } from './find.ts';
import { rowsOf } from './log-buffer.ts';
import { LogSearch, LogTools, type StreamChoice } from './log-bar.tsx';
import { LogLines } from './log-lines.tsx';
import { MissingLines, missingOf } from './missing-lines.tsx';
import type { LogSnapshot } from './step-log-follow.ts';
import { useLog } from './use-log.ts';
import styles from './log.module.css';

/** The output of a proc: followed, held still, searched, filtered by stream, and as a file. */
export function LogView(props: {
  procId: string;
  /** Since when the proc's host cannot be heard; null when it can. */
  silentSince: string | null;
}) {
  const { procId } = props;
  const { log, follower } = useLog(procId);
  const [stream, setStream] = useState<StreamChoice>('both');
  const [text, setText] = useState('');
  const [place, setPlace] = useState(0);
  const wanted = useDeferredValue(text);
  const { entries, gaps, open, dropped } = log.shown;
  const missing = missingOf(log);
  const rows = useMemo(() => {
    if (stream === 'both') return rowsOf(entries, gaps, dropped, open);
    const isShown = (line: { readonly stream: string }) => line.stream === stream;
    return rowsOf(entries.filter(isShown), gaps, dropped, open.filter(isShown));
  }, [entries, gaps, dropped, open, stream]);
  const found = useMemo(() => findRows(rows, wanted), [rows, wanted]);
  const at = found.length === 0 ? -1 : ((place % found.length) + found.length) % found.length;

  if (log.follow.kind === 'failed') {
    return (
      <ErrorState
        what="The output could not be read"
        error={new ApiError(log.follow.fault)}
        onRetry={follower.toEnd}
      />
    );
  }
  return (
    <div className={styles['log']}>
      <div className={styles['bar']} role="search" aria-label="Search the output">
        <LogSearch
          text={text}
          onText={(changed) => {
            setText(changed);
            setPlace(0);
          }}
          found={found.length}
          at={at}
          onPlace={setPlace}
          isWhole={missing === 'none'}
        />
        <LogTools procId={procId} log={log} follower={follower} stream={stream} onStream={setStream} />
      </div>
      <FollowNote log={log} silentSince={props.silentSince} />
      <MissingLines log={log} missing={missing} follower={follower} />
      <LogLines
        key={log.from}
        from={log.from}
        rows={rows}
        wanted={wanted}
        current={found[at]}
        endWord={endWordOf(log)}
        empty={emptyText(log.follow.kind, stream)}
      />
    </div>
  );
}

function endWordOf({ follow, isPaused }: LogSnapshot): string {
  if (follow.kind === 'head' || follow.kind === 'reading') return 'To the last line loaded';
  return isPaused || follow.kind === 'ended' ? 'To the end' : 'Follow the end';
}

function emptyText(kind: string, stream: StreamChoice): string {
  if (kind === 'loading' || kind === 'reading') return 'Reading the output';
  const what = stream === 'both' ? 'anything' : `anything to ${stream}`;
  return kind === 'ended' ? `It did not write ${what}.` : `It has not written ${what} so far.`;
}
