import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printUid, sameUid, type Uid } from './uid.ts';
import {
  inspectResourceId,
  instanceHostMeshId,
  instanceId,
  parseHostMeshId,
  parseResourceId,
  printHostMeshId,
  printResourceId,
  resourceIdOfName,
} from './resource-id.ts';

const NUMBER = 0xd5d54d7201103869n;
const singleton = (label: string): Uid => ({ kind: 'singleton', label });
const instance = (label: string | null, number = NUMBER): Uid => ({ kind: 'instance', number, label });

describe('text', () => {
  test.each([
    ['local', singleton('local')],
    ['service', singleton('service')],
    ['env-vars', singleton('env-vars')],
    ['workers-BLs6T7ZaDRB', instance('workers')],
    ['my-service-BLs6T7ZaDRB', instance('my-service')],
    ['resource-BLs6T7ZaDRB', instance(null)],
    ['data-pipeline', singleton('data-pipeline')],
    ['my-abcdefgh', expect.objectContaining({ kind: 'instance', label: 'my' })],
    ['my-11111112', instance('my', 1n)],
    // More digits than are printed: another text, hence another id.
    ['my-111111112', singleton('my-111111112')],
    ['job-zzzzzzzzzzzz', singleton('job-zzzzzzzzzzzz')],
  ])('%s is read and printed', (text, uid) => {
    const id = parseResourceId('resource', text);
    expect(id).toEqual({ ok: true, value: { kind: 'resource', uid } });
    expect(id.ok && printResourceId(id.value)).toBe(text);
  });

  test.each([
    ['<BLs6T7ZaDRB>', 'invalid label: label must start with a lowercase letter'],
    ['workers-ZH2a', "invalid label: label contains invalid character 'Z'"],
    ['', 'invalid label: label must not be empty'],
    ['-BLs6T7ZaDRB', 'invalid label: label must start with a lowercase letter'],
  ])('%j is refused', (text, message) => {
    expect(parseResourceId('resource', text)).toMatchObject({
      ok: false,
      fault: { code: 'invalid_id', message },
    });
  });

  test.each(['resource', 'host', 'proc', 'actor'] as const)('an instance without label is a %s', (kind) => {
    expect(printResourceId(instanceId(kind, null, NUMBER))).toBe(`${kind}-BLs6T7ZaDRB`);
    expect(instanceId(kind, kind, NUMBER)).toEqual(instanceId(kind, null, NUMBER));
  });

  test('of every instance reads back, however small its number', () => {
    const small = fc.bigInt({ min: 0n, max: 58n ** 8n });
    fc.assert(
      fc.property(fc.oneof(small, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })), (number) => {
        const id = instanceHostMeshId('train', number);
        expect(parseHostMeshId(printHostMeshId(id))).toEqual({ ok: true, value: id });
      }),
    );
  });

  test('that is accepted prints back unchanged', () => {
    const word = fc.stringMatching(/^[a-z1-9A-Z]{1,12}$/);
    const text = fc.oneof(
      fc.string(),
      fc.tuple(word, word).map((words) => words.join('-')),
    );
    fc.assert(
      fc.property(text, (of) => {
        const id = parseHostMeshId(of);
        if (id.ok) expect(printHostMeshId(id.value)).toBe(of);
      }),
    );
  });
});

test('a name that a person typed always gives an id whose text reads back', () => {
  expect(resourceIdOfName('host', 'My Training!')).toEqual({ kind: 'host', uid: singleton('mytraining') });
  expect(resourceIdOfName('host', '')).toEqual({ kind: 'host', uid: singleton('nil') });
  expect(resourceIdOfName('host', 'My-abcdefgh').uid.kind).toBe('instance');
  fc.assert(
    fc.property(fc.string(), (name) => {
      const id = resourceIdOfName('host', name);
      expect(parseHostMeshId(printHostMeshId(id))).toEqual({ ok: true, value: id });
    }),
  );
});

test('ids are the same when their uids are, whatever the labels', () => {
  const [alpha, beta] = [instanceId('proc', 'alpha', 0x42n), instanceId('proc', 'beta', 0x42n)];
  expect(sameUid(alpha.uid, beta.uid)).toBe(true);
});

test('the JSON form is that of the uid', () => {
  expect(printUid(instanceId('resource', 'workers', NUMBER).uid)).toBe('workers<BLs6T7ZaDRB>');
});

test.each([
  [singleton('local'), '<local>'],
  [instance('workers'), "<'workers' BLs6T7ZaDRB>"],
  [instance(null), '<BLs6T7ZaDRB>'],
])('logs show what is label and what is number', (uid, text) => {
  expect(inspectResourceId({ kind: 'resource', uid })).toBe(text);
});
