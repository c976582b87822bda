import { AgentKey } from '../proof/agent-key.ts';

/** A key of agents, for tests. */
export function anAgentKey(text: string): AgentKey {
  const key = AgentKey.parse(text);
  if (!key.ok) throw new Error(key.fault.message);
  return key.value;
}

/** The key of every agent of a test that is not about keys, and of simulated hosts: everybody knows it. */
export const TEST_AGENT_KEY = 'the key of all agents of a test';
export const testAgentKey = anAgentKey(TEST_AGENT_KEY);
