import { aChange } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { changeText } from './change-history.tsx';
import { changeHref } from './change-of.tsx';

test('a change says what became of a thing, for how long, why, and who asked, where somebody did', () => {
  expect(changeText(aChange())).toBe('unreachable for 2m: no answer for 5s');
  const stop = aChange({ to: 'shut_down', why: null, by: 'ops', act: 'shutdown', durationMs: null });
  expect(changeText(stop)).toBe('shut down, by ops (shutdown)');
  expect(changeText({ ...stop, by: null, act: null })).toBe('shut down');
});

test('a change leads to what it is of, unless that is not kept any more', () => {
  const { of } = aChange();
  expect(changeHref(of)).toBe('/meshes/mesh_1/hosts/3');
  expect(changeHref({ kind: 'attempt', attemptId: 'att_1', meshId: null, mesh: 'train' })).toBe(
    '/attempts/att_1',
  );
  expect(changeHref({ kind: 'mesh', meshId: 'mesh_1', mesh: null })).toBeNull();
  expect(changeHref({ kind: 'engine', part: 'database', owner: 'api_1' })).toBeNull();
});
