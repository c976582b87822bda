import { AttachRequest } from '@hostmesh/contract';
import { expect, test } from 'vitest';
import { emptyAttachForm, attachFieldErrors, readHosts, attachRequestOf } from './attach-form.ts';

test('an empty form is not wrong, only empty', () => {
  expect(attachFieldErrors(emptyAttachForm)).toEqual({});
  expect(readHosts('  # nothing yet\n', 10)).toEqual({ kind: 'empty' });
});

test('each wrong field is named', () => {
  const form = { ...emptyAttachForm, mesh: '1abc', timeout: 'soon', waitForHosts: '3 parsecs' };
  expect(Object.keys(attachFieldErrors(form))).toEqual(['mesh', 'timeout', 'waitForHosts']);
  expect(attachFieldErrors({ ...emptyAttachForm, timeout: '0s' })).toHaveProperty('timeout');
});

test('a wrong line of the host list is told by its number', () => {
  expect(readHosts('tcp:a:1\nnonsense\n', 10)).toMatchObject({ kind: 'wrong', errors: [{ line: 2 }] });
});

test('ranges are counted as the hosts that they name', () => {
  const reading = readHosts('tcp:gpu[01-03]:1', 10);
  expect(reading.kind === 'right' && reading.hosts.map(({ text }) => text)).toEqual([
    'tcp:gpu01:1',
    'tcp:gpu02:1',
    'tcp:gpu03:1',
  ]);
});

test('what is left empty is not sent', () => {
  expect(attachRequestOf({ ...emptyAttachForm, mesh: 'train', hosts: 'tcp:a:1' })).toEqual({
    mesh: 'train',
    hosts: 'tcp:a:1',
  });
  const overrides = [
    { id: 1, key: 'PROC_SPAWN_MAX_IDLE', value: '10s' },
    { id: 2, key: '', value: 'left over' },
  ];
  const request = attachRequestOf({ mesh: 'm', hosts: 'h', timeout: ' 5s ', waitForHosts: '', overrides });
  expect(AttachRequest.parse(request)).toEqual({
    mesh: 'm',
    hosts: 'h',
    timeout: '5s',
    config: { PROC_SPAWN_MAX_IDLE: '10s' },
  });
});
