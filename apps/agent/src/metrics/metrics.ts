import { agentFaultCodes, lifecycles, type AgentRequestType } from '@hostmesh/protocol';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AgentState } from '../agent/state.ts';
import { installedLayer } from '../config/client-config.ts';
import type { Proc } from '../proc/proc.ts';
import { reportOf } from '../proc/report.ts';

/** What the gauges read when they are asked for. */
export interface MetricSources {
  readonly agentVersion: string;
  readonly configProblems: number;
  connections(): number;
  state(): AgentState;
  procs(): readonly Proc[];
}

/** As `ProcStatus`. */
const procStatuses = ['Starting', 'Running', 'Ready', 'Stopping', 'Stopped', 'Killed', 'Failed'] as const;

export interface AgentMetrics {
  /** `outcome` is `ok` or a fault code. */
  requestAnswered(type: AgentRequestType, outcome: string, durationMs: number): void;
  /** Counts ends and restarts. */
  procChanged(proc: Proc): void;
  bugFound(): void;
  /** In the text format of Prometheus. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5];

/** The metrics of one agent, in a registry of their own. Every label takes its values from a closed list. */
export function createMetrics(sources: MetricSources): AgentMetrics {
  const registry = new Registry();
  const metric = (name: string, help: string) => ({
    name: `hostmesh_agent_${name}`,
    help,
    registers: [registry],
  });
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      ...metric(name, help),
      collect() {
        this.set(value());
      },
    });
  collectDefaultMetrics({ register: registry });
  gauge('connections', 'Open control channels', () => sources.connections());
  gauge('config_installed', '1 while a client config is installed', () =>
    installedLayer(sources.state().config) === null ? 0 : 1,
  );
  gauge('config_problems', 'Values of environment and file not used', () => sources.configProblems);
  new Gauge({
    ...metric('lifecycle', '1 for the state that the agent is in'),
    labelNames: ['state'],
    collect() {
      for (const state of lifecycles) this.set({ state }, Number(state === sources.state().lifecycle));
    },
  });
  new Gauge({ ...metric('info', 'Always 1; the labels say what runs'), labelNames: ['version'] }).set(
    { version: sources.agentVersion },
    1,
  );
  const requests = new Counter({
    ...metric('requests_total', 'Requests by how they were answered'),
    labelNames: ['type', 'outcome'],
  });
  const durations = new Histogram({
    ...metric('request_duration_seconds', 'Time to answer a request'),
    labelNames: ['type'],
    buckets: BUCKETS_SECONDS,
  });
  new Gauge({
    ...metric('procs', 'Procs that the agent tells of, by status'),
    labelNames: ['status'],
    collect() {
      const counts = Map.groupBy(sources.procs(), (proc) => reportOf(proc).status.kind);
      for (const status of procStatuses) this.set({ status }, counts.get(status)?.length ?? 0);
    },
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
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
