import { connect } from 'node:net';
import { AGENT_PATH, NONCE_HEADER, PROTOCOL_VERSION, SUBPROTOCOL, VERSION_HEADER } from '@hostmesh/protocol';
import type { Random } from '@hostmesh/soak/random';
import { hostileText } from '../hostile.ts';

/** An answer that has not come by then does not come; the connection is ours to end. */
const QUIET_MS = 150;

/** An upgrade that is off in some headers, and what a client might send on after it. */
export function makeUpgrade(random: Random, hostile: readonly unknown[]): string {
  const anyText = (): string => hostileText(hostile, random).slice(0, 20_000);
  const headers: Record<string, string> = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol': SUBPROTOCOL,
    [VERSION_HEADER]: String(PROTOCOL_VERSION),
    [NONCE_HEADER]: 'A'.repeat(43),
  };
  for (const name of random.some(Object.keys(headers)).slice(0, 1 + random.below(2))) {
    if (random.chance(40)) delete headers[name];
    else headers[name] = anyText();
  }
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    Array.from({ length: random.chance(5) ? 2 : 1 }, () => `${name}: ${value}`),
  );
  const path = random.chance(85) ? AGENT_PATH : `/${anyText()}`;
  const method = random.chance(90) ? 'GET' : 'POST';
  const rest = random.chance(50) ? anyText() : '';
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${rest}`;
}

/** Sends it and answers with all that came back until it was quiet, or over. */
export function tryUpgrade(address: string, text: string): Promise<string> {
  const [host = '', port] = address.replace('tcp:', '').split(':');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => socket.write(text));
    let answer = '';
    let quiet: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(quiet);
      socket.destroy();
      resolve(answer);
    };
    const wait = (): void => {
      clearTimeout(quiet);
      quiet = setTimeout(end, QUIET_MS);
    };
    wait();
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      wait();
    });
    socket.on('close', end);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') reject(error);
      else end();
    });
  });
}

/** What is wrong with an answer to somebody who has proved nothing. */
export function judgeUpgrade(answer: string): string[] {
  const wrong: string[] = [];
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1];
  if (answer !== '' && status === undefined)
    wrong.push(`is answered by what is no HTTP: ${answer.slice(0, 100)}`);
  if (status?.startsWith('5') === true) wrong.push(`is answered ${status}`);
  if (answer.includes('"hostId"')) wrong.push('is told about the host without a proof');
  return wrong;
}
