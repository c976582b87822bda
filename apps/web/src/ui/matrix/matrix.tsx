'use client';

import { formatCount } from '@hostmesh/core';
import { type MouseEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { type Mark, type Tone, tones } from '../state/mark.ts';
import { RowsLink } from '../page/rows-link.tsx';
import { Shape } from '../state/state-mark.tsx';
import { drawCell } from './draw-cell.ts';
import { type MatrixLayout, cellAt, layoutMatrix } from './layout.ts';
import styles from './matrix.module.css';

const MAX_HEIGHT = 264;
/** As in the style sheet. */
const SCROLLS_FROM = 560;

/**
 * One cell per thing in rank order, drawn on a canvas: shape and colour of each state, eighty thousand at a glance.
 * The legend counts the states and says it all in words; its entries lead to the matching rows. Pointing at a cell
 * names what it is, a click opens it; the keyboard has the table below for both.
 */
export function Matrix(props: {
  /** Keep the array's identity while nothing changes. */
  marks: readonly Mark[];
  /** What the cell is, besides its rank and its state: an address. */
  labelOf: (index: number) => string;
  /** What is counted: "hosts". */
  noun: string;
  /** So many neighbours belong together, as the procs of one host do: a row never ends within them if they fit. */
  group?: number | undefined;
  /** Link to the rows in a state, by the state's word. */
  legendHref?: ((word: string) => string) | undefined;
  /** The page itself counts the states beside it. */
  noLegend?: boolean;
  onOpen?: ((index: number) => void) | undefined;
}) {
  const { marks, noun, group = 1, noLegend = false, onOpen } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(box);
  const layout = useMemo(
    () => layoutMatrix(marks.length, width, MAX_HEIGHT, group),
    [marks.length, width, group],
  );
  const counts = useMemo(() => countWords(marks), [marks]);
  const [pointed, setPointed] = useState<number | null>(null);
  useDrawing(canvas, box, marks, layout);

  const indexOf = (event: MouseEvent<HTMLCanvasElement>) =>
    cellAt(layout, marks.length, event.nativeEvent.offsetX, event.nativeEvent.offsetY);
  const mark = pointed === null ? undefined : marks[pointed];
  const total = formatCount(marks.length);
  const summary = counts.map(({ mark, count }) => `${formatCount(count)} ${mark.word}`).join(', ');
  return (
    <figure className={styles['matrix']}>
      {/* Only what scrolls has to be reached by the keyboard. */}
      <div ref={box} className={styles['box']} tabIndex={layout.height > SCROLLS_FROM ? 0 : undefined}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${total} ${noun} in rank order: ${summary}`}
          style={{
            width: layout.width,
            height: layout.height,
            cursor: onOpen && mark ? 'pointer' : 'default',
          }}
          onMouseMove={(event) => setPointed(indexOf(event))}
          onMouseLeave={() => setPointed(null)}
          onClick={(event) => {
            const index = indexOf(event);
            if (index !== null) onOpen?.(index);
          }}
        />
        {/* Where the canvas takes the colours of the theme from. */}
        <span hidden>
          {tones.map((tone) => (
            <Shape key={tone} tone={tone} />
          ))}
        </span>
      </div>
      <figcaption className={styles['legend']}>
        {!noLegend && <Legend counts={counts} total={total} hrefOf={props.legendHref} />}
        <span className={styles['pointed']} aria-hidden="true">
          {pointed !== null &&
            mark !== undefined &&
            `rank ${pointed} · ${props.labelOf(pointed)} · ${mark.word}`}
        </span>
      </figcaption>
    </figure>
  );
}

interface WordCount {
  readonly mark: Mark;
  readonly count: number;
}

/** How many are in each state, in words that lead to the rows in it. */
function Legend(props: {
  counts: readonly WordCount[];
  total: string;
  hrefOf: ((word: string) => string) | undefined;
}) {
  const { hrefOf } = props;
  return props.counts.map(({ mark: { tone, word }, count }) => {
    const text = (
      <>
        <Shape tone={tone} /> {formatCount(count)} of {props.total} {word}
      </>
    );
    return hrefOf === undefined ? (
      <span key={word}>{text}</span>
    ) : (
      <RowsLink key={word} href={hrefOf(word)}>
        {text}
      </RowsLink>
    );
  });
}

/** How many are in each state, most first. */
function countWords(marks: readonly Mark[]): readonly WordCount[] {
  const byWord = new Map<string, { mark: Mark; count: number }>();
  for (const mark of marks) {
    const known = byWord.get(mark.word);
    if (known === undefined) byWord.set(mark.word, { mark, count: 1 });
    else known.count += 1;
  }
  return [...byWord.values()].sort((a, b) => b.count - a.count);
}

function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (box.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  return width;
}

/** Draws at the screen's resolution: all when size or theme change, else only the cells that changed. */
function useDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  box: RefObject<HTMLElement | null>,
  cells: readonly Mark[],
  layout: MatrixLayout,
): void {
  const drawn = useRef<Drawn | null>(null);
  useEffect(() => {
    const draw = (before: Drawn | null) => {
      if (canvas.current === null || box.current === null) return;
      paint(canvas.current, box.current, cells, layout, before?.layout === layout ? before.cells : null);
      drawn.current = { cells, layout };
    };
    draw(drawn.current);
    const redraw = () => draw(null);
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    const chosen = new MutationObserver(redraw);
    system.addEventListener('change', redraw);
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      system.removeEventListener('change', redraw);
      chosen.disconnect();
    };
  }, [canvas, box, cells, layout]);
}

/** What the canvas shows. */
interface Drawn {
  readonly cells: readonly Mark[];
  readonly layout: MatrixLayout;
}

function paint(
  canvas: HTMLCanvasElement,
  box: HTMLElement,
  cells: readonly Mark[],
  layout: MatrixLayout,
  before: readonly Mark[] | null,
): void {
  const context = canvas.getContext('2d');
  const changed = [...cells.keys()].filter((index) => cells[index]?.tone !== before?.[index]?.tone);
  if (context === null || layout.columns === 0 || changed.length === 0) return;
  const scale = window.devicePixelRatio;
  const { cell, columns } = layout;
  if (before === null) {
    canvas.width = layout.width * scale;
    canvas.height = layout.height * scale;
    context.scale(scale, scale);
  }
  const stamps = stampsOf(coloursOf(box), cell, scale);
  for (const index of changed) {
    const [x, y] = [(index % columns) * cell, Math.floor(index / columns) * cell];
    const tone = cells[index]?.tone ?? 'absent';
    context.clearRect(x, y, cell, cell);
    context.drawImage(stamps[tone], x, y, cell, cell);
  }
}

/** Each mark drawn once: thousands of copies of a small picture are much quicker than thousands of paths. */
function stampsOf(colours: Colours, cell: number, scale: number): Record<Tone, HTMLCanvasElement> {
  const stamp = (tone: Tone) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = Math.ceil(cell * scale);
    const context = canvas.getContext('2d');
    context?.scale(scale, scale);
    if (context) drawCell(context, tone, colours.tones[tone], colours.ground, cell);
    return canvas;
  };
  // Every tone has an entry by construction.
  return Object.fromEntries(tones.map((tone) => [tone, stamp(tone)])) as Record<Tone, HTMLCanvasElement>;
}

interface Colours {
  readonly ground: string;
  readonly tones: Readonly<Record<Tone, string>>;
}

function coloursOf(box: HTMLElement): Colours {
  const colour = (tone: Tone) => {
    const shape = box.querySelector(`[data-tone="${tone}"]`);
    return shape === null ? 'gray' : getComputedStyle(shape).color;
  };
  // Every tone has an entry by construction.
  const byTone = Object.fromEntries(tones.map((tone) => [tone, colour(tone)])) as Record<Tone, string>;
  return { ground: getComputedStyle(document.documentElement).backgroundColor, tones: byTone };
}
