import { expect, test } from 'vitest';
import { nulFault, startFailed, whyNotStarted } from './why-not-started.ts';

const secret = 'hunter2';

test('a NUL byte is told by the name of its variable, never with the value', () => {
  const fault = nulFault(['a'], { HOME: '/', TOKEN: `${secret}\0` });
  expect(fault?.message).toBe('the value of TOKEN holds a NUL byte');
  expect(nulFault([`${secret}\0`], {})?.message).toBe('an argument holds a NUL byte');
  expect(nulFault(['a'], { TOKEN: secret })).toBeNull();
});

test('what Node and the kernel say by a code is told in words of our own, the rest in theirs', () => {
  const errorOf = (code: string) => Object.assign(new Error(`text with ${secret}`), { code });
  expect(whyNotStarted(errorOf('ERR_INVALID_ARG_VALUE')).message).toBe(
    'what it is started with holds a NUL byte',
  );
  expect(whyNotStarted(errorOf('E2BIG')).message).toBe(
    'its arguments or environment are larger than this host allows',
  );
  expect(whyNotStarted(new Error('spawn x'))).toMatchObject({ code: 'not_started', message: 'spawn x' });
});

test.each(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'])(
  '%s is a limit of the host, and may be gone at another try',
  (code) => {
    const fault = whyNotStarted(Object.assign(new Error(`spawn with ${secret}`), { code }));
    expect(fault.code).toBe('host_limit');
    expect(fault.message).toContain(code);
    expect(fault.message).not.toContain(secret);
    expect(startFailed(fault.code, fault.message)).toMatchObject({ fault: { isFinal: false } });
  },
);
