import { expect, test } from 'vitest';
import { createMemoryChannels } from '../channel/memory-channel.ts';
import { MAX_FRAME_BYTES } from '../message/common.ts';
import { encodeAnswer, type AgentReply } from '../message/encode.ts';
import { parseRequest } from '../message/frame.ts';
import { aHello, aKeepalive, alive } from '../testing/builders.ts';
import { AgentConnection } from './agent-connection.ts';

/** A connection to an agent that gives these replies, one after the other. */
function connectedTo(...replies: AgentReply[]): AgentConnection {
  const { client, server } = createMemoryChannels({ client: MAX_FRAME_BYTES, server: MAX_FRAME_BYTES });
  server.listen({
    frame: (text) => {
      const request = parseRequest(text);
      const reply = replies.shift();
      if (request.ok && reply !== undefined) server.send(encodeAnswer(request.value.id, reply));
    },
    ended: () => undefined,
  });
  const connection = new AgentConnection({ kind: 'local', id: 1n }, aHello(), client, 1);
  client.listen(connection);
  return connection;
}

test('an answer of another kind than the request has is refused, and the connection goes on', async () => {
  const connection = connectedTo({ ok: true, result: { kind: 'procs_forgotten', count: 1 } }, alive);
  expect(await connection.request(aKeepalive('1'))).toMatchObject({
    ok: false,
    fault: {
      kind: 'refused',
      code: 'BAD_ANSWER',
      message: 'the host answered keepalive with procs_forgotten',
    },
  });
  expect(await connection.request(aKeepalive('2'))).toMatchObject({ ok: true, value: { kind: 'alive' } });
  expect(connection.droppedAnswers).toBe(0);
});
