import type { LogEntry, OpenLine } from '@hostmesh/contract';
import { memo } from 'react';
import { formatClock } from '../ui/time/format.ts';
import { readAnsi, type AnsiStyle } from './ansi.ts';
import { cutByFound } from './find.ts';
import { gapText, type LogRow } from './log-buffer.ts';
import styles from './log.module.css';

/** A line without an end would hold the page up; the file has all of it. */
const MAX_SHOWN = 8000;

/** One row of the log. `wanted` is what is being looked for, `isCurrent` whether the search stands here. */
export const LogRowLine = memo(function LogRowLine(props: {
  row: LogRow;
  wanted: string;
  isCurrent: boolean;
}) {
  const { row, wanted, isCurrent } = props;
  if (row.kind === 'gap') return <p className={styles['gap']}>{gapText(row.gap)}</p>;
  const entry = row.kind === 'line' ? row.entry : row.line;
  return (
    <div className={styles['line']} data-stream={entry.stream} data-current={isCurrent || undefined}>
      <span className={styles['seq']} title={row.kind === 'open' ? 'This line has not ended' : undefined}>
        {row.kind === 'line' ? row.entry.seq : '…'}
      </span>
      <time className={styles['at']} dateTime={entry.at} title={entry.at}>
        {formatClock(Date.parse(entry.at))}
      </time>
      <span className={styles['stream']}>{entry.stream === 'stderr' ? 'err' : 'out'}</span>
      <span className={styles['text']}>
        <Text entry={entry} wanted={wanted} />
      </span>
    </div>
  );
});

function Text({ entry, wanted }: { entry: LogEntry | OpenLine; wanted: string }) {
  const isCut = entry.text.length > MAX_SHOWN;
  const spans = readAnsi(isCut ? entry.text.slice(0, MAX_SHOWN) : entry.text);
  return (
    <>
      {spans.map(({ text, style }, index) => (
        // Stretches of one line never move.
        <span key={index} {...looks(style)}>
          <Found text={text} wanted={wanted} />
        </span>
      ))}
      {isCut && (
        <em className="quiet"> … {entry.text.length - MAX_SHOWN} more characters, in the download</em>
      )}
      {'partial' in entry && entry.partial && (
        <span className="quiet" title="The line goes on below">
          {' '}
          ↵
        </span>
      )}
    </>
  );
}

function Found({ text, wanted }: { text: string; wanted: string }) {
  const parts = cutByFound(text, wanted);
  if (parts.length === 1) return text;
  return parts.map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part));
}

/** A look as attributes that the style sheet knows: the content policy refuses styles in markup. */
function looks(style: AnsiStyle): Record<string, string | undefined> {
  const [colour, ground] = style.inverse
    ? [style.ground, style.colour ?? 'white']
    : [style.colour, style.ground];
  return {
    'data-colour': colour ?? undefined,
    'data-ground': ground ?? undefined,
    'data-weight': style.bold ? 'bold' : style.dim ? 'dim' : undefined,
    'data-slant': style.italic ? 'italic' : undefined,
    'data-line': style.underline ? 'under' : undefined,
  };
}
