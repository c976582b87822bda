'use client';

import { useDeferredValue, useMemo, useState } from 'react';
import { Button } from '../ui/button/button.tsx';
import { ErrorState } from '../ui/feedback/states.tsx';
import { formatCount } from '../ui/text/count.ts';
import { ApiError } from '../api/api-error.ts';
import { FollowNote } from './follow-note.tsx';
import { findRows } from './find.ts';
import { MAX_LINES, rowsOf } from './log-buffer.ts';
import { LogLines } from './log-lines.tsx';
import { useLog } from './use-log.ts';
import styles from './log.module.css';

type Stream = 'both' | 'stdout' | 'stderr';

/** The output of a proc: followed, held still, searched, filtered by stream, and as a file. */
export function LogView({ procId }: { procId: string }) {
  const { log, follower } = useLog(procId);
  const [stream, setStream] = useState<Stream>('both');
  const [text, setText] = useState('');
  const [place, setPlace] = useState(0);
  const wanted = useDeferredValue(text);
  const { entries, gaps, dropped } = log.shown;
  const rows = useMemo(() => {
    const some = stream === 'both' ? entries : entries.filter((entry) => entry.stream === stream);
    return rowsOf(some, gaps, dropped);
  }, [entries, gaps, dropped, stream]);
  const found = useMemo(() => findRows(rows, wanted), [rows, wanted]);
  const at = found.length === 0 ? -1 : ((place % found.length) + found.length) % found.length;
  const firstSeq = entries[0]?.seq ?? 1;

  if (log.follow.kind === 'failed') {
    return (
      <ErrorState
        what="The output could not be read"
        error={new ApiError(log.follow.fault)}
        onRetry={follower.fromStart}
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
                ? 'not found'
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
            <Button disabled={log.follow.kind === 'ended'} onClick={follower.pause}>
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
      <FollowNote log={log} />
      {dropped > 0 ? (
        <p className={styles['note']}>
          This page keeps the last {formatCount(MAX_LINES)} lines; {formatCount(dropped)} earlier ones are in
          the download.
        </p>
      ) : (
        firstSeq > 1 &&
        !gaps.some(({ afterSeq }) => afterSeq < firstSeq) && (
          <p className={styles['note']}>
            Lines 1 to {formatCount(firstSeq - 1)} are not loaded.{' '}
            <Button look="quiet" onClick={follower.fromStart}>
              Load from the start
            </Button>
          </p>
        )
      )}
      <LogLines
        rows={rows}
        wanted={wanted}
        current={found[at]}
        isStill={log.isPaused}
        empty={emptyText(log.follow.kind, stream)}
      />
    </div>
  );
}

const streamOf = (text: string): Stream => (text === 'stdout' || text === 'stderr' ? text : 'both');

function emptyText(kind: string, stream: Stream): string {
  if (kind === 'loading') return 'Reading the output';
  const what = stream === 'both' ? 'anything' : `anything to ${stream}`;
  return kind === 'ended' ? `It did not write ${what}.` : `It has not written ${what} so far.`;
}

async function downloadLog(procId: string, stream: 'stdout' | 'stderr' | undefined): Promise<void> {
  const { saveLog } = await import('./save-log.ts');
  await saveLog(procId, stream);
}
