import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aHello, alive, anEvent } from '../testing/builders.ts';
import { encodeAnswer, encodeRequest } from './encode.ts';
import { parseAgentFrame, parseRequest } from './frame.ts';
import type { AgentRequest } from './request.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const push: AgentRequest = {
  type: 'set_client_config',
  id: 'push-1',
  epoch: 1,
  owner: { clientId: 'c', label: 'bench' },
  digest,
  attrs: { PROC_SPAWN_MAX_IDLE: '30s' },
};
const codeOf = (value: unknown): unknown => {
  const parsed = parseRequest(JSON.stringify(value));
  return parsed.ok ? 'ok' : [parsed.fault.code, parsed.fault.id];
};

describe('what agents send', () => {
  test('reads back as it was', () => {
    const fault = { code: 'stale_epoch', message: 'older', epoch: 4 };
    for (const frame of [aHello(), anEvent(3)]) {
      expect(parseAgentFrame(JSON.stringify(frame))).toEqual({ ok: true, value: frame });
    }
    const answer = { type: 'answer', id: '1' };
    expect(parseAgentFrame(encodeAnswer('1', alive))).toEqual({ ok: true, value: { ...answer, ...alive } });
    expect(parseAgentFrame(encodeAnswer('1', { ok: false, fault }))).toEqual({
      ok: true,
      value: { ...answer, ok: false, fault },
    });
  });

  test('is a fault and never an exception otherwise', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseAgentFrame(text)).toMatchObject({ ok: false, fault: { code: 'BAD_FRAME' } });
      }),
    );
  });

  test('does not make a fault longer than an operator can read', () => {
    const frame = parseAgentFrame(JSON.stringify({ ...aHello(), hostId: 'x'.repeat(100_000), cpus: 'many' }));
    expect(!frame.ok && frame.fault.message.length).toBeLessThanOrEqual(500);
  });
});

describe('what clients send', () => {
  test('reads back as it was encoded, but for fields that are newer than this agent', () => {
    const { id, bytes } = encodeRequest(push);
    expect(id).toBe('push-1');
    expect(parseRequest(bytes.toString())).toEqual({ ok: true, value: push });
    expect(parseRequest(JSON.stringify({ ...push, newer: 1 }))).toEqual({ ok: true, value: push });
  });

  test('can be answered as long as its id can be read', () => {
    expect(codeOf({ type: 'fly', id: '1' })).toEqual(['unknown_request', '1']);
    expect(codeOf({ ...push, epoch: -1 })).toEqual(['bad_request', 'push-1']);
    expect(codeOf({ ...push, digest: 'sha256:0' })).toEqual(['bad_request', 'push-1']);
    for (const value of [null, 1, 'text', [], {}, { id: '1' }, { type: 'keepalive' }, { ...push, id: '' }]) {
      expect(codeOf(value)).toEqual(['BAD_FRAME', undefined]);
    }
  });

  test('holds config attrs that are texts by key, and nothing else', () => {
    for (const attrs of [
      null,
      [],
      'A',
      { A: 1 },
      { A: null },
      { ['K'.repeat(201)]: '' },
      { A: 'x'.repeat(100_001) },
    ]) {
      expect(codeOf({ ...push, attrs })).toEqual(['bad_request', 'push-1']);
    }
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 200 }), fc.string()), (attrs) => {
        const parsed = parseRequest(JSON.stringify({ ...push, attrs }));
        expect(JSON.stringify(parsed)).toBe(JSON.stringify({ ok: true, value: { ...push, attrs } }));
      }),
    );
  });
});
