import { PROTOCOL_VERSION, type InstalledConfig } from '../message/common.ts';
import type { AgentReply } from '../message/encode.ts';
import type { AgentEvent } from '../message/event.ts';
import type { Hello } from '../message/hello.ts';
import type { AgentRequest } from '../message/request.ts';
import type { AgentHandler } from '../server/agent-handler.ts';

/** Of a host whose clock is right. */
const hostTime = { agentMs: Date.now(), hostMs: Date.now() };
const nothingInstalled: InstalledConfig = { digest: null, epoch: 0, owner: null, withoutEffect: [] };

/** What a healthy agent says first. */
export function aHello(more: Partial<Hello> = {}): Hello {
  return {
    type: 'hello',
    protocolVersion: PROTOCOL_VERSION,
    agentVersion: '0.1.0',
    hostId: 'host-1',
    former: null,
    incarnation: 'incarnation-1',
    lifecycle: 'detached',
    config: nothingInstalled,
    hostname: 'gpu001',
    platform: 'linux x64',
    cpus: 2,
    memoryBytes: 2 ** 31,
    containment: { kind: 'cgroup', detail: '/sys/fs/cgroup' },
    runAs: { users: ['hostmesh'], sharesAgent: false },
    lastSeq: 0,
    time: hostTime,
    ...more,
  };
}

export const aKeepalive = (id = 'keepalive-1'): AgentRequest => ({ type: 'keepalive', id });

export const alive: AgentReply = {
  ok: true,
  result: { kind: 'alive', time: hostTime, lifecycle: 'detached', config: nothingInstalled },
};

export const streamingFrom = (seq: number): Extract<AgentReply, { ok: true }> => ({
  ok: true,
  result: { kind: 'streaming', resumed: true, seq, lifecycle: 'detached', config: nothingInstalled },
});

export const anEvent = (seq: number): AgentEvent => ({
  type: 'event',
  seq,
  at: 0,
  change: { kind: 'lifecycle_changed', lifecycle: 'attached' },
});

/** A healthy agent; its events are those that the test tells to whoever listens. */
export const anAgentHandler = (onEvent: AgentHandler['onEvent'] = () => undefined): AgentHandler => ({
  hello: () => aHello(),
  request: () => alive,
  onEvent,
});
