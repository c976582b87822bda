import { countOf, formatCount } from '@hostmesh/core';
import { Button } from '../ui/button/button.tsx';
import type { LogFollower } from './log-follower.ts';
import styles from './log.module.css';
import type { LogSnapshot } from './step-log-follow.ts';
import { saveLog } from './use-log.ts';

export type StreamChoice = 'both' | 'stdout' | 'stderr';

/** A text that is looked for in the lines; `place` counts up and down through those that have it. */
export function LogSearch(props: {
  text: string;
  onText: (text: string) => void;
  found: number;
  /** Which of those found the reader stands at; -1 when there are none. */
  at: number;
  onPlace: (place: number) => void;
  /** Whether all lines are here. */
  isWhole: boolean;
}) {
  const { text, found, at, onPlace } = props;
  const nothing = props.isWhole ? 'not found' : 'not in the loaded lines';
  return (
    <>
      <input
        type="search"
        value={text}
        spellCheck={false}
        placeholder="Find in the output"
        aria-label="Find in the output"
        onChange={(event) => props.onText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && onPlace(at + (event.shiftKey ? -1 : 1))}
      />
      {text !== '' && (
        <>
          <span className="quiet" role="status">
            {found === 0 ? nothing : `${formatCount(at + 1)} of ${countOf(found, 'line')}`}
          </span>
          <Button
            look="quiet"
            whyDisabled={found === 0 ? 'No line has this text' : null}
            onClick={() => onPlace(at - 1)}
          >
            Previous
          </Button>
          <Button
            look="quiet"
            whyDisabled={found === 0 ? 'No line has this text' : null}
            onClick={() => onPlace(at + 1)}
          >
            Next
          </Button>
        </>
      )}
    </>
  );
}

/** Which stream is shown, whether the picture is held still, and all of it as a file. */
export function LogTools(props: {
  procId: string;
  log: LogSnapshot;
  follower: LogFollower;
  stream: StreamChoice;
  onStream: (stream: StreamChoice) => void;
}) {
  const { log, follower, stream } = props;
  return (
    <span className={styles['tools']}>
      <select
        value={stream}
        aria-label="Which stream"
        onChange={(event) => props.onStream(streamOf(event.target.value))}
      >
        <option value="both">stdout and stderr</option>
        <option value="stdout">stdout</option>
        <option value="stderr">stderr</option>
      </select>
      {log.isPaused ? (
        <Button look="primary" onClick={follower.resume}>
          Resume{log.held > 0 && `: ${countOf(log.held, 'new line')}`}
        </Button>
      ) : (
        <Button whyDisabled={whyNoPause(log.follow.kind)} onClick={follower.pause}>
          Pause
        </Button>
      )}
      <Button look="quiet" onClick={() => void saveLog(props.procId, stream === 'both' ? undefined : stream)}>
        Download
      </Button>
    </span>
  );
}

function whyNoPause(follow: LogSnapshot['follow']['kind']): string | null {
  if (follow === 'ended') return 'The output has ended: no more lines arrive';
  return follow === 'head' ? 'Here are the first lines: new ones are not followed' : null;
}

const streamOf = (text: string): StreamChoice => (text === 'stdout' || text === 'stderr' ? text : 'both');
