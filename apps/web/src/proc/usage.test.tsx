import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Usage } from './usage.tsx';

test.each([
  ['Running', 'Not measured yet.'],
  ['Initializing', 'Not measured yet.'],
  ['Unknown', 'Its host cannot be heard, so nobody knows what it uses.'],
  ['Stopped', 'It does not run, so it uses nothing.'],
] as const)('without a measurement a proc that is %s reads: %s', (status, text) => {
  expect(renderToStaticMarkup(<Usage proc={{ status, usage: null, pid: 1 }} />)).toContain(text);
});
