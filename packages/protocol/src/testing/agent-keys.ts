import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AgentKey } from '../proof/agent-key.ts';

/** A key of agents, for tests. */
export function anAgentKey(text: string): AgentKey {
  const key = AgentKey.parse(text);
  if (!key.ok) throw new Error(key.fault.message);
  return key.value;
}

/** The key of every agent of a test that is not about keys, and of simulated hosts: everybody knows it. */
export const TEST_AGENT_KEY_FILE = fileURLToPath(new URL('agent-key', import.meta.url));
export const TEST_AGENT_KEY = readFileSync(TEST_AGENT_KEY_FILE, 'utf8').trim();
export const testAgentKey = anAgentKey(TEST_AGENT_KEY);
