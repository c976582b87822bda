import type { Connection } from '@hostmesh/protocol';
import { expect, test } from 'vitest';
import { HostLinks } from './host-links.ts';

/** As much of a connection as links use: it ends when it is closed. */
function aConnection() {
  const ended = Promise.withResolvers<{ code: string; message: string }>();
  const state = { closed: false };
  const close = () => {
    state.closed = true;
    ended.resolve({ code: 'CLOSED', message: 'we closed the connection' });
  };
  // The rest of a connection is not looked at.
  const connection = { closed: ended.promise, close, hello: { hostId: 'h' } } as unknown as Connection;
  return { connection, state };
}

test('a dropped connection is closed at once', () => {
  const links = new HostLinks();
  const { connection, state } = aConnection();
  links.keep(0, connection);
  links.drop(0);
  expect(links.get(0)).toBeUndefined();
  expect(state.closed).toBe(true);
});

test('what is dropped while a push holds the links stays open until the last push lets go', () => {
  const links = new HostLinks();
  const { connection, state } = aConnection();
  links.keep(0, connection);
  const [first, second] = [links.hold(), links.hold()];
  links.drop(0);
  expect(links.get(0)).toBeUndefined();
  first();
  expect(state.closed).toBe(false);
  second();
  expect(state.closed).toBe(true);
});

test('closing all ends held connections too', () => {
  const links = new HostLinks();
  const { connection, state } = aConnection();
  links.keep(0, connection);
  links.hold();
  links.closeAll();
  expect(state.closed).toBe(true);
});

test('a connection that comes after all were closed is closed', () => {
  const links = new HostLinks();
  links.closeAll();
  const { connection, state } = aConnection();
  links.keep(0, connection);
  expect(state.closed).toBe(true);
  expect(links.get(0)).toBeUndefined();
});
