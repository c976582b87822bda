import type { ProcDetail } from '@hostmesh/contract';
import { aProc } from '@hostmesh/contract/testing';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ProcStanding } from './proc-standing.tsx';

test('a restart that is to come is said to come, and in how long', () => {
  const proc: ProcDetail = {
    ...aProc({ status: 'Failed', nextRestartAt: '2999-01-01T00:00:00Z' }),
    command: { program: 'false', args: [], arg0: null, cwd: null, runAs: null, envNames: [] },
    usage: null,
    meshConfigDigest: null,
  };
  const text = renderToStaticMarkup(<ProcStanding proc={proc} />).replaceAll(/<[^>]+>/g, '');
  expect(text).toMatch(/It restarts in \d+ /);
});
