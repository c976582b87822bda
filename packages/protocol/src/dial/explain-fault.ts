import { printAddress, type ChannelAddress } from '@hostmesh/core';
import type { ConnectFault } from '../transport/transport.ts';

/** What to look at, by code. */
const advice: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there; is the agent running?',
  ECONNRESET: 'Something answered and hung up; the agent may be starting or stopping.',
  ENOTFOUND: 'Is the name spelled right, and known to the name server of this machine?',
  EAI_AGAIN: 'The name server did not answer this machine.',
  EHOSTUNREACH: 'Is the host up, and in a network that this machine reaches?',
  ENETUNREACH: 'This machine has no route to that network.',
  ETIMEDOUT: 'Packets vanish on the way: is the host up, does a firewall drop them?',
  ENOENT: 'No socket has that path; is the agent running?',
  EACCES: 'This process may not use that socket.',
  EMFILE: 'Raise its limit of open files.',
  UNAUTHORIZED: 'Give the control plane the same HOSTMESH_AGENT_KEY as the agent.',
  NOT_AN_AGENT: 'Is the port right?',
  PROTOCOL_VERSION: 'Upgrade the older of the two.',
};

/** The fault as a sentence for operators: what, where, and what to look at. */
export function explainConnectFault(address: ChannelAddress, fault: ConnectFault): string {
  const { code, message } = fault;
  const what = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  const next = advice[code] ?? (code.startsWith('TLS_') ? 'Compare the certificates of both sides.' : '');
  return `${what} (${printAddress(address)}). ${next}`.trimEnd();
}
