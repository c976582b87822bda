import { expect, test } from 'vitest';
import { connectFault } from './connect-fault.ts';
import { explainConnectFault } from './explain-fault.ts';

const address = { kind: 'tcp', host: '10.0.0.5', port: 26600 } as const;

test('says what happened, where, and what to look at', () => {
  const refused = connectFault('connecting', 'ECONNREFUSED', 'connection refused');
  expect(explainConnectFault(address, refused)).toBe(
    'Connection refused (tcp:10.0.0.5:26600). Nothing listens there; is the agent running?',
  );
});

test('says no more than it knows', () => {
  const odd = connectFault('connecting', 'EODD', 'something odd');
  expect(explainConnectFault(address, odd)).toBe('Something odd (tcp:10.0.0.5:26600).');
});
