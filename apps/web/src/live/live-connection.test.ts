import type { FollowOptions } from '@hostmesh/client';
import type { Mesh } from '@hostmesh/contract';
import { aMesh } from '@hostmesh/contract/testing';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLiveConnection } from './live-connection.ts';
import { createManualTimers } from './testing/manual-timers.ts';
import { createViewReads } from './view-reads.ts';
import { viewKey } from './views.ts';

const timers = createManualTimers();
let queries: QueryClient;
let streams: FollowOptions[];
let paints: string[];
let end: () => void;

/** A page that shows one mesh and is connected; `paints` has what it has shown since. */
beforeEach(() => {
  queries = new QueryClient();
  streams = [];
  paints = [];
  queries.setQueryData(viewKey('mesh', 'mesh_1'), aMesh({ id: 'mesh_1' }));
  queries.getQueryCache().subscribe(({ type }) => {
    const mesh = queries.getQueryData<Mesh>(viewKey('mesh', 'mesh_1'));
    if (type === 'updated' && mesh !== undefined) paints.push(mesh.summary);
  });
  end = createLiveConnection(queries, {
    reads: createViewReads(timers),
    timers,
    follow(options) {
      streams.push(options);
      return Promise.resolve();
    },
    watchVisibility: () => () => undefined,
  }).start();
});
afterEach(() => {
  end();
  queries.clear();
});

const told = (summary: string) =>
  streams.at(-1)?.onEvent({ type: 'mesh.changed', mesh: aMesh({ id: 'mesh_1', summary }) });

test('on a quiet page a change is shown at once', () => {
  told('first');
  timers.pass(0);
  expect(paints).toEqual(['first']);
  timers.pass(250);
  told('second');
  timers.pass(0);
  expect(paints).toEqual(['first', 'second']);
});

test('however fast changes come, the page is painted four times a second, and then shows the last', () => {
  for (let at = 0; at < 990; at += 10) {
    told(`at ${at}`);
    timers.pass(10);
  }
  expect(paints).toHaveLength(4);
  timers.pass(250);
  expect(paints).toHaveLength(5);
  expect(paints.at(-1)).toBe('at 980');
});

test('when it ends, the stream ends and nothing waits any more', () => {
  told('first');
  end();
  expect(streams.map(({ signal }) => signal.aborted)).toEqual([true]);
  expect(timers.waiting()).toBe(0);
  expect(paints).toEqual([]);
});
