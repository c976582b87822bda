import {
  chmodSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createTransport } from '../dial/create-transport.ts';
import { Wire } from '../testing/wire.ts';
import { whyNotPrivate } from './private-path.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'private-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'up/own'), { recursive: true, mode: 0o700 });
});
const at = (path: string) => join(root, path);
const why = (path: string) => whyNotPrivate(at(path), 'directory');

describe('a directory is private', () => {
  test('when it is ours alone, and nobody else can change the way to it', () => {
    expect(why('up/own/s')).toBeNull();
    expect(why('up/own/../own/./s')).toBeNull();
    chmodSync(at('up'), 0o1777);
    expect(why('up/own/s')).toBeNull();
  });

  test.each([0o750, 0o705, 0o710, 0o701, 0o777, 0o1777, 0o755])('and not with mode %o', (mode) => {
    chmodSync(at('up/own'), mode);
    expect(why('up/own/s')).toMatch(/(is open to other users|can change)/);
  });

  test.each([0o777, 0o770, 0o702])('and not below one of mode %o', (mode) => {
    chmodSync(at('up'), mode);
    expect(why('up/own/s')).toBe(`other users can change ${at('up')} (mode 0${mode.toString(8)})`);
  });

  test('and not as a link; a link on the way to it is judged by where it leads', () => {
    symlinkSync(at('up/own'), at('link'));
    symlinkSync(at('up'), at('way'));
    symlinkSync('loop', at('loop'));
    expect(why('link/s')).toBe(`${at('link')} is a link`);
    expect(why('way/own/s')).toBeNull();
    expect(why('loop/own/s')).toMatch(/one link too many/);
    chmodSync(at('up'), 0o777);
    expect(why('way/own/s')).toMatch(/other users can change .*\/up /);
  });

  test('and not when it is a file, or is not there', () => {
    writeFileSync(at('file'), '', { mode: 0o600 });
    expect(why('file/s')).toBe(`${at('file')} is no directory`);
    expect(() => why('none/s')).toThrow(/ENOENT/);
  });

  test.runIf(process.geteuid?.() === 0)('and not when it, a link or one above it is another user’s', () => {
    symlinkSync(at('up'), at('way'));
    for (const path of ['way', 'up/own', 'up']) {
      lchownSync(at(path), 12_345, 12_345);
      expect(why('way/own/s')).toBe(`${at(path)} belongs to another user (12345)`);
      lchownSync(at(path), 0, 0);
    }
  });
});

describe('without a key', () => {
  const serve = async (path: string) => {
    const wire = await Wire.create('unix');
    onTestFinished(() => wire[Symbol.asyncDispose]());
    return wire.serve({}, { agentKey: undefined, listen: { kind: 'unix', path: at(path) } });
  };
  const dial = (path: string) => {
    const transport = createTransport();
    onTestFinished(() => transport.close());
    return transport.connect({ kind: 'unix', path: at(path) });
  };

  test('an agent listens in a private directory alone, and its socket is its user’s alone', async () => {
    await serve('up/own/s');
    expect(statSync(at('up/own/s')).mode & 0o777).toBe(0o600);
    expect(await dial('up/own/s')).toMatchObject({ value: { hello: { hostId: 'host-1' } } });
    mkdirSync(at('open'), { mode: 0o755 });
    await expect(serve('open/s')).rejects.toThrow(
      /unix:.*open\/s: .*\/open is open to other users \(mode 0755, not 0700\); .*install -d -m 0700.*key/,
    );
    await expect(serve('none/s')).rejects.toThrow(/cannot listen on unix:.*its directory.*is not there/);
  });

  test('a directory that is opened later lets nobody new in, on either side', async () => {
    await serve('up/own/s');
    const { address } = await serve('up/own/t');
    const path = address.kind === 'unix' ? address.path : '';
    chmodSync(at('up/own'), 0o750);
    expect(await dial('up/own/s')).toMatchObject({
      ok: false,
      fault: { code: 'NOT_PRIVATE', retryable: false },
    });
    const socket = connect({ path });
    socket.write('GET /agent/v1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 403 Forbidden[^]*is open to other users/);
  });

  test('a client trusts no socket that others could have put there, and says nothing to it', async () => {
    let heard = 0;
    const listening = async (path: string) => {
      const server = createServer(() => (heard += 1)).listen(at(path));
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      chmodSync(at(path), 0o600);
    };
    await listening('up/own/s');
    symlinkSync(at('up/own/s'), at('up/own/link'));
    writeFileSync(at('up/own/file'), '', { mode: 0o600 });
    mkdirSync(at('open'), { mode: 0o755 });
    await listening('open/s');
    for (const path of ['open/s', 'up/own/link', 'up/own/file'])
      expect(await dial(path)).toMatchObject({ fault: { code: 'NOT_PRIVATE', phase: 'connecting' } });
    chmodSync(at('up/own/s'), 0o666);
    expect(await dial('up/own/s')).toMatchObject({ fault: { code: 'NOT_PRIVATE' } });
    expect(await dial('up/own/none')).toMatchObject({ fault: { code: 'ENOENT' } });
    expect(heard).toBe(0);
  });
});
