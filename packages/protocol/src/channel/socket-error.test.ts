import { expect, test } from 'vitest';
import { readSocketError } from './socket-error.ts';

const errorOf = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ETIMEDOUT'])(
  '%s is what a host that boots answers',
  (code) => expect(readSocketError(errorOf(code))).toMatchObject({ code, retryable: true }),
);

test.each(['ENETUNREACH', 'EACCES', 'EMFILE', 'ENOTCONN'])('%s does not go away by waiting', (code) =>
  expect(readSocketError(errorOf(code))).toMatchObject({ code, retryable: false }),
);

test('messages do not repeat the code', () => {
  expect(readSocketError(errorOf('ECONNREFUSED')).message).toBe('connection refused');
});

test('writing to a peer that is gone is a reset', () => {
  expect(readSocketError(errorOf('EPIPE')).code).toBe('ECONNRESET');
});

test('of several addresses, a refusal says most', () => {
  const both = [errorOf('ENETUNREACH'), errorOf('ECONNREFUSED')];
  expect(readSocketError(new AggregateError(both))).toMatchObject({ code: 'ECONNREFUSED', cause: both[1] });
  const timedOut = new AggregateError([errorOf('ETIMEDOUT'), errorOf('ENETUNREACH')]);
  expect(readSocketError(timedOut).code).toBe('ETIMEDOUT');
  const noFile = new AggregateError([errorOf('ENETUNREACH'), errorOf('EMFILE')]);
  expect(readSocketError(noFile)).toMatchObject({ code: 'EMFILE', own: true });
});

test.each([
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS_CERT_ALTNAME_INVALID'],
  ['CERT_HAS_EXPIRED', 'TLS_CERT_HAS_EXPIRED'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS_SELF_SIGNED_CERT_IN_CHAIN'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'TLS_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
  ['EPROTO', 'TLS_EPROTO'],
  ['ECONNRESET', 'ECONNRESET'],
])('over TLS, %s is %s', (given, code) => expect(readSocketError(errorOf(given), true).code).toBe(code));

test('whatever is thrown is readable', () => {
  expect(readSocketError('oops')).toMatchObject({ code: 'UNKNOWN', message: 'oops', retryable: false });
});

test.each(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EAI_MEMORY'])('%s is a lack of ours', (code) => {
  expect(readSocketError(errorOf(code))).toMatchObject({ own: true });
});

test.each(['EAI_AGAIN', 'EPERM'])('%s is told as something of this machine, and not of the host', (code) => {
  expect(readSocketError(errorOf(code)).message).toContain('this machine');
});
