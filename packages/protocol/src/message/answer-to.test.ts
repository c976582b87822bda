import { describe, expect, test } from 'vitest';
import { answerTo, readAnswer } from './answer-to.ts';
import { AnswerResult } from './answer.ts';
import { AgentRequest } from './request.ts';

const alive: AnswerResult = {
  kind: 'alive',
  time: { agentMs: 0, hostMs: 0 },
  lifecycle: 'detached',
  config: { digest: null, epoch: 0, owner: null, withoutEffect: [] },
};

describe('the answer to a request', () => {
  test('is of the one kind that the request has', () => {
    expect(readAnswer('keepalive', alive)).toEqual({ ok: true, value: alive });
  });

  test.each(AgentRequest.options.map((option) => option.shape.type.value))(
    'of type %s is refused when it is of another kind',
    (type) => {
      const result: AnswerResult = type === 'keepalive' ? { kind: 'procs_forgotten', count: 0 } : alive;
      const message = `the host answered ${type} with ${result.kind}`;
      expect(readAnswer(type, result)).toEqual({
        ok: false,
        fault: { kind: 'refused', code: 'BAD_ANSWER', message, fault: { code: 'BAD_ANSWER', message } },
      });
    },
  );
});

test('no kind of answer is without a request', () => {
  const kinds = AnswerResult.options.map((option) => option.shape.kind.value);
  expect(new Set(Object.values(answerTo))).toEqual(new Set(kinds));
});
