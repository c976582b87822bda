import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { formatClock } from '../ui/time/format.ts';
import { LogRowLine } from './log-row-line.tsx';

test.each(['2026-01-01T10:00:00.000Z', '2026-01-01T12:00:00.000+02:00'])(
  'a line that was written at %s has the time of the reader’s clock, and the whole of it on hover',
  (at) => {
    const entry = { seq: 1, stream: 'stderr', at, text: 'x', partial: false } as const;
    const html = renderToStaticMarkup(
      <LogRowLine row={{ kind: 'line', entry }} wanted="" isCurrent={false} />,
    );
    expect(html).toContain(`title="${at}"`);
    expect(html).toContain(`>${formatClock(Date.parse('2026-01-01T10:00:00Z'))}<`);
  },
);
