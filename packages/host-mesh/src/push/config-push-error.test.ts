import { expect, test } from 'vitest';
import { configPushError } from './config-push-error.ts';
import {
  cancelled,
  castFailed,
  digestMismatch,
  printConfigPushFailure,
  rejected,
  replyChannelClosed,
  replyTimedOut,
  sendFailed,
} from './config-push-failure.ts';

const refused = sendFailed({
  code: 'ECONNREFUSED',
  message: 'connection refused',
  phase: 'connecting',
  retryable: true,
});

test('the error prints one line per failing host, with its cause', () => {
  const error = configPushError('attach', [
    { rank: 0, address: 'tcp:10.0.0.5:26600', failure: refused },
    { rank: 1, address: 'tcp:10.0.0.6:26600', failure: replyTimedOut('awaiting_ack', 60_000) },
  ]);
  expect(error.message).toBe(
    [
      'config push failed during attach on 2 host(s):',
      '  - tcp:10.0.0.5:26600: send failed: connection refused (ECONNREFUSED)',
      '  - tcp:10.0.0.6:26600: reply timed out after 60s while awaiting acknowledgement',
    ].join('\n'),
  );
});

test.each([
  [castFailed('too long'), 'cast failed: too long'],
  [replyTimedOut('queued', 500), 'reply timed out after 500ms before it was dialled'],
  [replyTimedOut('connecting', 1_500), 'reply timed out after 1.5s while connecting'],
  [replyTimedOut('handshaking', 90_000), 'reply timed out after 90s during the handshake'],
  [
    replyChannelClosed('ECONNRESET', 'connection reset'),
    'reply channel closed before reply: connection reset (ECONNRESET)',
  ],
  [
    rejected({ code: 'invalid_config', message: 'FOO: not a duration' }, 1),
    'rejected: FOO: not a duration (invalid_config)',
  ],
  [
    digestMismatch('sha256:a', 'sha256:b'),
    'digest mismatch: the host installed sha256:b instead of sha256:a',
  ],
  [cancelled('awaiting_ack'), 'cancelled: the attempt was cancelled while awaiting acknowledgement'],
])('%o prints its cause', (failure, text) => {
  expect(printConfigPushFailure(failure)).toBe(text);
});
