'use client';

import { assertNever } from '@hostmesh/core';
import { useDeferredValue, useMemo, useState } from 'react';
import { Button } from '../ui/button/button.tsx';
import { ErrorState } from '../ui/feedback/states.tsx';
import { formatCount } from '../ui/text/plain-text.ts';
import { ApiError } from '../api/api-error.ts';
import { FollowNote } from './follow-note.tsx';
import { findRows } from './find.ts';
import { MAX_LINES, rowsOf } from './log-buffer.ts';
import { LogLines } from './log-lines.tsx';
import type { LogFollower, LogSnapshot } from './log-follower.ts';
import { missingOf, type Missing } from './missing.ts';
import { useLog } from './use-log.ts';
import styles from './log.module.css';

type Stream = 'both' | 'stdout' | 'stderr';

/** The output of a proc: followed, held still, searched, filtered by stream, and as a file. */
export function LogView(props: {
  procId: string;
  /** Since when the proc's host cannot be heard; null when it can. */
  silentSince: string | null;
}) {
  const { procId } = props;
  const { log, follower } = useLog(procId);
  const [stream, setStream] = useState<Stream>('both');
  const [text, setText] = useState('');
  const [place, setPlace] = useState(0);
  const wanted = useDeferredValue(text);
  const { entries, gaps, dropped } = log.shown;
  const missing = missingOf(log);
  const rows = useMemo(() => {
    const some = stream === 'both' ? entries : entries.filter((entry) => entry.stream === stream);
    return rowsOf(some, gaps, dropped);
  }, [entries, gaps, dropped, stream]);
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
        <input
          type="search"
          value={text}
          spellCheck={false}
          placeholder="Find in the output"
          aria-label="Find in the output"
          onChange={(event) => {
            setText(event.target.value);
            setPlace(0);
          }}
          onKeyDown={(event) => event.key === 'Enter' && setPlace(at + (event.shiftKey ? -1 : 1))}
        />
        {text !== '' && (
          <>
            <span className="quiet" role="status">
              {found.length === 0
                ? missing === 'none'
                  ? 'not found'
                  : 'not in the loaded lines'
                : `${formatCount(at + 1)} of ${formatCount(found.length)} lines`}
            </span>
            <Button look="quiet" disabled={found.length === 0} onClick={() => setPlace(at - 1)}>
              Previous
            </Button>
            <Button look="quiet" disabled={found.length === 0} onClick={() => setPlace(at + 1)}>
              Next
            </Button>
          </>
        )}
        <span className={styles['tools']}>
          <select
            value={stream}
            aria-label="Which stream"
            onChange={(event) => setStream(streamOf(event.target.value))}
          >
            <option value="both">stdout and stderr</option>
            <option value="stdout">stdout</option>
            <option value="stderr">stderr</option>
          </select>
          {log.isPaused ? (
            <Button look="primary" onClick={follower.resume}>
              Resume{log.held > 0 && `: ${formatCount(log.held)} new ${log.held === 1 ? 'line' : 'lines'}`}
            </Button>
          ) : (
            <Button
              disabled={log.follow.kind === 'ended' || log.follow.kind === 'head'}
              onClick={follower.pause}
            >
              Pause
            </Button>
          )}
          <Button
            look="quiet"
            onClick={() => void downloadLog(procId, stream === 'both' ? undefined : stream)}
          >
            Download
          </Button>
        </span>
      </div>
      <FollowNote log={log} silentSince={props.silentSince} />
      <Unloaded log={log} missing={missing} follower={follower} />
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

/** Which lines the page lacks, and what to do for them. */
function Unloaded(props: { log: LogSnapshot; missing: Missing; follower: LogFollower }) {
  const { log, missing, follower } = props;
  const { entries, dropped } = log.shown;
  switch (missing) {
    case 'none':
      return null;
    case 'later':
      return log.follow.kind === 'head' ? (
        <p className={styles['note']}>
          Lines {formatCount(log.follow.readTo + 1)} to {formatCount(log.follow.newest)} and any after them
          are not loaded.{' '}
          <Button look="quiet" onClick={follower.toEnd}>
            Go to the end
          </Button>
        </p>
      ) : null;
    case 'dropped':
      return (
        <p className={styles['note']}>
          This page keeps the last {formatCount(MAX_LINES)} lines; {formatCount(dropped)} earlier ones are in
          the download.
        </p>
      );
    case 'earlier':
      return (
        <p className={styles['note']}>
          Lines 1 to {formatCount((entries[0]?.seq ?? 1) - 1)} are not loaded.{' '}
          <Button look="quiet" onClick={follower.fromStart}>
            Load from the start
          </Button>
        </p>
      );
    default:
      return assertNever(missing);
  }
}

function endWordOf({ follow, isPaused }: LogSnapshot): string {
  if (follow.kind === 'head' || follow.kind === 'reading') return 'To the last line loaded';
  return isPaused || follow.kind === 'ended' ? 'To the end' : 'Follow the end';
}

const streamOf = (text: string): Stream => (text === 'stdout' || text === 'stderr' ? text : 'both');

function emptyText(kind: string, stream: Stream): string {
  if (kind === 'loading' || kind === 'reading') return 'Reading the output';
  const what = stream === 'both' ? 'anything' : `anything to ${stream}`;
  return kind === 'ended' ? `It did not write ${what}.` : `It has not written ${what} so far.`;
}

async function downloadLog(procId: string, stream: 'stdout' | 'stderr' | undefined): Promise<void> {
  const { saveLog } = await import('./save-log.ts');
  await saveLog(procId, stream);
}
