import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anAgentKey } from '../testing/agent-keys.ts';
import { AgentKey } from './agent-key.ts';
import { agentSide, clientSide, isNonce, newNonce, NONCE_HEADER, PROOF_HEADER } from './proof.ts';

// The example of docs/handshake.md, computed by another implementation.
const key = anAgentKey('0123456789abcdef');
const nonces = {
  client: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
  agent: 'ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8',
};
const agentProof = '8t-CBDvWfH2U8j2HIjLsw3-gjXnnmsRTiHJjI7fJM9g';
const clientProof = 'rTwBUj5w9Z8QWPmxDa0XQgfh2AlhNQuuz3YCyWtkGIg';
const sealedHello = 'JkSHPST9CyPFHBcXSMy+k79qLapC+Q4ospNSTN9GYns=';

test('proofs and the sealed hello are those of the documented example', () => {
  const agent = agentSide(key, nonces.client, nonces.agent);
  expect(agent.headers).toEqual({ [NONCE_HEADER]: nonces.agent, [PROOF_HEADER]: agentProof });
  expect(JSON.parse(agent.seal('{"type":"hello"}'))).toEqual({ type: 'sealed_hello', sealed: sealedHello });
  const client = clientSide(key, nonces, agentProof);
  expect(JSON.parse(client?.proof ?? '')).toEqual({ type: 'proof', proof: clientProof });
  expect(client?.open(JSON.stringify({ type: 'sealed_hello', sealed: sealedHello }))).toBe(
    '{"type":"hello"}',
  );
});

test('two holders of a key always believe each other, and read each other’s hello', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 16, maxLength: 64 }),
      fc.string({ unit: 'grapheme' }),
      (text, hello) => {
        const parsed = AgentKey.parse(text);
        if (!parsed.ok) return;
        const clientNonce = newNonce();
        const agent = agentSide(parsed.value, clientNonce);
        const agentNonce = agent.headers[NONCE_HEADER];
        const client = clientSide(
          parsed.value,
          { client: clientNonce, agent: agentNonce },
          agent.headers[PROOF_HEADER],
        );
        expect(client !== undefined && agent.admits(client.proof)).toBe(true);
        expect(client?.open(agent.seal(hello))).toBe(hello);
      },
    ),
  );
});

test('no proof is good for the other role, another key, or another connection', () => {
  const agent = agentSide(key, nonces.client, nonces.agent);
  const proofFrame = (proof: unknown) => JSON.stringify({ type: 'proof', proof });
  expect(agent.admits(proofFrame(clientProof))).toBe(true);
  expect(agent.admits(proofFrame(agentProof))).toBe(false);
  expect(clientSide(key, nonces, clientProof)).toBeUndefined();
  expect(clientSide(key, { client: nonces.agent, agent: nonces.client }, agentProof)).toBeUndefined();
  expect(clientSide(anAgentKey('0123456789abcdeF'), nonces, agentProof)).toBeUndefined();
  expect(agentSide(key, nonces.client).admits(proofFrame(clientProof))).toBe(false);
  expect(agentSide(key, newNonce(), nonces.agent).admits(proofFrame(clientProof))).toBe(false);
});

test('a proof of as many characters and more bytes is wrong, without an exception', () => {
  const wide = 'é'.repeat(43);
  expect(clientSide(key, nonces, wide)).toBeUndefined();
  const agent = agentSide(key, nonces.client);
  expect(agent.admits(JSON.stringify({ type: 'proof', proof: wide }))).toBe(false);
});

test('whatever else comes is neither proof nor hello, without an exception', () => {
  const agent = agentSide(key, nonces.client, nonces.agent);
  const client = clientSide(key, nonces, agentProof);
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc.anything().map((proof) => JSON.stringify({ type: 'proof', proof })),
    fc.string().map((proof) => JSON.stringify({ type: 'proof', proof, more: 1 })),
    fc.base64String().map((sealed) => JSON.stringify({ type: 'sealed_hello', sealed })),
  );
  fc.assert(
    fc.property(anything, (frame) => {
      expect(agent.admits(frame)).toBe(false);
      expect(client?.open(frame)).toBeUndefined();
    }),
  );
});

test('nonces are 32 random bytes', () => {
  const some = Array.from({ length: 100 }, newNonce);
  expect(new Set(some).size).toBe(100);
  expect(some.every(isNonce)).toBe(true);
  for (const wrong of [undefined, '', 'short', `${newNonce()}x`, `${newNonce().slice(1)}\n`])
    expect(isNonce(wrong)).toBe(false);
});

test('a key has 16 to 1024 bytes, and shows itself to nobody', () => {
  for (const text of ['', 'short', ' 15 bytes long. ', 'x'.repeat(1025)]) {
    const parsed = AgentKey.parse(text);
    expect(parsed.ok ? '' : parsed.fault.message).toMatch(
      /^the agent key has \d+ bytes; 16 to 1024 are needed/,
    );
  }
  expect(AgentKey.parse('0123456789abcdef\n').ok).toBe(true);
  expect([`${String(key)}`, JSON.stringify(key), Object.keys(key)].join()).not.toContain('0123');
});
