/** What a cause usually means, and what to try: shown with every group of failures. */
export interface Advice {
  readonly meaning: string;
  readonly tryThis: string;
}

const byCode: Readonly<Record<string, Advice>> = {
  own_limit: {
    meaning: 'The API ran out of something itself, such as open files. No host is to blame.',
    tryThis: 'Do what the message says, restart the API, then retry.',
  },
  EPERM: {
    meaning: 'The machine that runs the API does not let it connect there.',
    tryThis: 'Check the outgoing rules of its own firewall.',
  },
  ECONNREFUSED: {
    meaning: 'The machine answers, but nothing listens on that port.',
    tryThis:
      'Start the agent there, or correct the port. While hosts are still booting, set “wait for hosts”.',
  },
  ECONNRESET: {
    meaning: 'The machine took the connection and dropped it.',
    tryThis: 'Look at the agent’s log; a proxy or another program may hold the port.',
  },
  ENOTFOUND: {
    meaning: 'The host name has no address.',
    tryThis: 'Check the spelling, and that this machine’s resolver knows the name.',
  },
  EAI_AGAIN: {
    meaning: 'The resolver did not answer.',
    tryThis: 'Check the DNS server that this machine uses, then retry.',
  },
  EHOSTUNREACH: {
    meaning: 'There is no route to the machine, or it is off.',
    tryThis: 'Check that it is powered on and in a network that this machine reaches.',
  },
  ENETUNREACH: {
    meaning: 'This machine has no route to that network.',
    tryThis: 'Check routing and VPN on the machine that runs the API.',
  },
  ETIMEDOUT: {
    meaning: 'Packets to the machine vanish: a firewall, or a machine that is off.',
    tryThis: 'Check the firewall for the agent’s port.',
  },
  UNAUTHORIZED: {
    meaning: 'The agent does not prove that it has our key, so it was told nothing.',
    tryThis: 'Give the agent and the API the same key (HOSTMESH_AGENT_KEY_FILE), or correct the address.',
  },
  NO_AGENT_KEY: {
    meaning: 'The API has no agent key, so no agent at tcp: could prove itself.',
    tryThis: 'Start the API with HOSTMESH_AGENT_KEY_FILE, the file of the key that the agents have.',
  },
  NOT_PRIVATE: {
    meaning:
      'Others on the machine of the API could have put that socket there, so what listens was not trusted.',
    tryThis:
      'Keep it in a directory of mode 0700 of the user that runs the API, or give both sides a key (HOSTMESH_AGENT_KEY_FILE).',
  },
  NOT_AN_AGENT: {
    meaning: 'Something listens there, but it is no host agent: the cause says what it seems to be.',
    tryThis: 'Correct the port, or the address: another service answers on this one.',
  },
  PROTOCOL_VERSION: {
    meaning:
      'The agent speaks another version of the protocol; the message says which, and which side is older.',
    tryThis: 'Upgrade that side, the agent or Hostmesh itself; then retry.',
  },
  host_id_conflict: {
    meaning: 'Two addresses lead to one host, or to two agents that both claim to be it.',
    tryThis:
      'Leave one address out; of two agents, let the one with the copied data directory make a new identity.',
  },
  hosts_in_use: {
    meaning: 'Another mesh of this console uses the host, perhaps by another address.',
    tryThis: 'Attach without it, or take it over: what runs there goes on, and the other mesh is told.',
  },
  taken_over: {
    meaning: 'Somebody else has configured this host meanwhile; it was not taken back from them.',
    tryThis: 'Agree on who has the host; then push to the mesh, or attach it without this host.',
  },
  disk_full: {
    meaning: 'The disk of the host is full: its agent cannot keep the config, and has changed nothing.',
    tryThis: 'Make room in the data directory of the agent; then retry.',
  },
  disk_failed: {
    meaning: 'The agent cannot write to its data directory, and has changed nothing.',
    tryThis: 'Look at the permissions of that directory and at its disk; then retry.',
  },
  stale_epoch: {
    meaning: 'Another client pushed to this host at the same moment, and that push counts.',
    tryThis: 'See whether somebody else configures this host; then retry, which comes after theirs.',
  },
  invalid_config: {
    meaning: 'The agent cannot read values of some keys.',
    tryThis: 'Correct the named keys, or update the agent.',
  },
  wrong_lifecycle: {
    meaning: 'The agent is draining or has shut down.',
    tryThis: 'Wait for it to end, start it again, then retry.',
  },
};

const byKind: Readonly<Record<string, Advice>> = {
  SendFailed: {
    meaning: 'The push could not be delivered.',
    tryThis: 'Check address, network and agent of these hosts.',
  },
  CastFailed: {
    meaning: 'The push could not be started at all; no host was contacted.',
    tryThis: 'The cause is on our side: see the API’s log.',
  },
  ReplyTimedOut: {
    meaning:
      'The host did not acknowledge before the deadline: it hangs, is overloaded, or packets are lost.',
    tryThis: 'Look at the load of these hosts; a longer timeout helps only slow ones.',
  },
  ReplyChannelClosed: {
    meaning: 'The connection ended before the acknowledgement: the agent died or restarted.',
    tryThis: 'Look at the agent’s log. Whether it had installed the config is told in the clean-up column.',
  },
  Rejected: {
    meaning: 'The agent answered, and refused.',
    tryThis: 'Read its reason; the keys that it names have to change.',
  },
  DigestMismatch: {
    meaning: 'The host acknowledged something other than what was sent.',
    tryThis: 'Do not trust this host’s config: look at its agent version and restart it.',
  },
  Cancelled: {
    meaning: 'The attempt was cancelled before this host was done.',
    tryThis: 'Retry when you are ready.',
  },
  Interrupted: {
    meaning: 'The API stopped before this host’s result was recorded.',
    tryThis: 'Retry; what the host did meanwhile is told in the clean-up column.',
  },
};

/** Advice for a cause; null for kinds that this version does not know. */
export function adviceFor(kind: string, code: string | null): Advice | null {
  if (code !== null && byCode[code] !== undefined) return byCode[code];
  if (code?.startsWith('TLS_')) {
    return {
      meaning: 'The certificates of the two sides do not fit.',
      tryThis: 'Check that both are signed by the same authority, are in date, and name the host.',
    };
  }
  return byKind[kind] ?? null;
}
