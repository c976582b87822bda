import { agentFaultCodes, lifecycles, type AgentRequestType, type Lifecycle } from '@hostmesh/protocol';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AgentProc } from '../proc/agent-proc.ts';
import { reportOf } from '../proc/proc-report.ts';

/** What of an agent is known when it starts. */
export interface AgentFacts {
  readonly agentVersion: string;
  readonly configProblems: number;
}

/** What the gauges read of an agent that serves, whenever they are asked for. */
interface ObservedAgent {
  connections(): number;
  lifecycle(): Lifecycle;
  /** Whether a client config is installed. */
  isConfigured(): boolean;
  procs(): readonly AgentProc[];
}

/** Counts what an agent does, for whoever scrapes it. */
export interface AgentMetrics {
  /** `outcome` is `ok` or a fault code. */
  requestAnswered(type: AgentRequestType, outcome: string, durationMs: number): void;
  /** Counts ends and restarts. */
  procChanged(proc: AgentProc): void;
  bugFound(): void;
  /** From now on the gauges tell of this agent. */
  observe(agent: ObservedAgent): void;
  /** In the text format of Prometheus. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5];

/** The metrics of one agent, in a registry of their own. Every label takes its values from a closed list. */
export function createMetrics({ agentVersion, configProblems }: AgentFacts): AgentMetrics {
  const registry = new Registry();
  const metric = metricIn(registry);
  collectDefaultMetrics({ register: registry });
  new Gauge(metric('config_problems', 'Values of environment and file not used')).set(configProblems);
  const info = { ...metric('info', 'Always 1; the labels say what runs'), labelNames: ['version'] };
  new Gauge(info).set({ version: agentVersion }, 1);
  const requests = new Counter({
    ...metric('requests_total', 'Requests by how they were answered'),
    labelNames: ['type', 'outcome'],
  });
  const durations = new Histogram({
    ...metric('request_duration_seconds', 'Time to answer a request'),
    labelNames: ['type'],
    buckets: BUCKETS_SECONDS,
  });
  const ends = new Counter({
    ...metric('proc_ends_total', 'Ends of processes, by status and by why the agent ended them'),
    labelNames: ['status', 'cause'],
  });
  const restarts = new Counter(
    metric('proc_restarts_total', 'Processes started again by their restart policy'),
  );
  const bugs = new Counter(metric('bugs_total', 'Errors of the agent itself'));
  return {
    requestAnswered(type, outcome, durationMs) {
      const known = ['ok', ...agentFaultCodes].includes(outcome);
      requests.inc({ type, outcome: known ? outcome : 'other' });
      durations.observe({ type }, durationMs / 1000);
    },
    procChanged(proc) {
      const { status, cause } = reportOf(proc);
      const { kind } = proc.state;
      if (kind === 'starting' && proc.restarts > 0 && proc.state.stop === null) restarts.inc();
      if (kind === 'ended' || kind === 'waiting') ends.inc({ status: status.kind, cause: cause ?? 'none' });
    },
    bugFound: () => bugs.inc(),
    observe: (agent) => addGauges(registry, agent),
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

const metricIn = (registry: Registry) => (name: string, help: string) => ({
  name: `hostmesh_agent_${name}`,
  help,
  registers: [registry],
});

/** As `ProcStatus`. */
const procStatuses = ['Starting', 'Running', 'Ready', 'Stopping', 'Stopped', 'Killed', 'Failed'] as const;

function addGauges(registry: Registry, agent: ObservedAgent): void {
  const metric = metricIn(registry);
  new Gauge({
    ...metric('connections', 'Open control channels'),
    collect() {
      this.set(agent.connections());
    },
  });
  new Gauge({
    ...metric('config_installed', '1 while a client config is installed'),
    collect() {
      this.set(Number(agent.isConfigured()));
    },
  });
  new Gauge({
    ...metric('lifecycle', '1 for the state that the agent is in'),
    labelNames: ['state'],
    collect() {
      for (const state of lifecycles) this.set({ state }, Number(state === agent.lifecycle()));
    },
  });
  new Gauge({
    ...metric('procs', 'Procs that the agent tells of, by status'),
    labelNames: ['status'],
    collect() {
      const counts = Map.groupBy(agent.procs(), (proc) => reportOf(proc).status.kind);
      for (const status of procStatuses) this.set({ status }, counts.get(status)?.length ?? 0);
    },
  });
}
