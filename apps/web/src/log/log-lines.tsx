'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button/button.tsx';
import type { LogRow } from './log-buffer.ts';
import { LogRowLine } from './log-row-line.tsx';
import styles from './log.module.css';

const LINE_PX = 20;
/** As near to the end as this counts as being there. */
const END_PX = 30;

/**
 * The lines in view. At the end it stays at the end while lines arrive; whoever scrolls up to read stays where they
 * are, and is told of a way back. Begins at the end, or at the first line.
 */
export function LogLines(props: {
  rows: readonly LogRow[];
  wanted: string;
  /** The place of the line that the search stands at. */
  current: number | undefined;
  from: 'end' | 'start';
  /** What the way back to the end is called. */
  endWord: string;
  empty: string;
}) {
  const { rows, current } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(props.from === 'end');
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualiser re-renders this component itself
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 12,
  });
  // Where the search stands, the view stays: lines that arrive do not draw it back to the end, until it is sent there.
  const [letGo, setLetGo] = useState<number>();
  const follows = isAtEnd && (current === undefined || current === letGo);
  useEffect(() => {
    if (follows && rows.length > 0) virtualizer.scrollToIndex(rows.length - 1, { align: 'end' });
  }, [virtualizer, rows, follows]);
  useEffect(() => {
    if (current !== undefined) virtualizer.scrollToIndex(current, { align: 'center' });
  }, [virtualizer, current]);

  const items = virtualizer.getVirtualItems();
  return (
    <div className={styles['frame']}>
      <div
        ref={scroller}
        className={styles['lines']}
        tabIndex={0}
        role="log"
        aria-label="Output"
        aria-live="off"
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          setAtEnd(scrollHeight - scrollTop - clientHeight < END_PX);
        }}
      >
        {rows.length === 0 && <p className={styles['nothing']}>{props.empty}</p>}
        <div className={styles['all']} style={{ height: virtualizer.getTotalSize() }}>
          <div className={styles['shown']} style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map(({ index, key }) => {
              const row = rows[index];
              return (
                row !== undefined && (
                  <div key={key} data-index={index} ref={virtualizer.measureElement}>
                    <LogRowLine row={row} wanted={props.wanted} isCurrent={index === current} />
                  </div>
                )
              );
            })}
          </div>
        </div>
      </div>
      {!follows && rows.length > 0 && (
        <span className={styles['toEnd']}>
          <Button
            onClick={() => {
              virtualizer.scrollToIndex(rows.length - 1, { align: 'end' });
              setAtEnd(true);
              setLetGo(current);
            }}
          >
            {props.endWord}
          </Button>
        </span>
      )}
    </div>
  );
}
