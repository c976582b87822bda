import { z } from 'zod';
import { epochMs, InstalledConfig, Lifecycle, Owner } from './common.ts';
import { ProcReport } from './proc-report.ts';

/** Something that changed on the host. */
export const AgentChange = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('client_config_changed'),
    config: InstalledConfig,
    /** Whose config it was before. */
    previousOwner: Owner.nullable(),
  }),
  z.object({ kind: z.literal('lifecycle_changed'), lifecycle: Lifecycle }),
  z.object({ kind: z.literal('proc_changed'), proc: ProcReport }),
]);
export type AgentChange = z.infer<typeof AgentChange>;

/** Pushed by the agent after `stream_state`; `seq` grows by one per incarnation, whoever listens. */
export const AgentEvent = z.object({
  type: z.literal('event'),
  seq: z.int().min(1),
  /** By the agent's clock; for display only. */
  at: epochMs,
  change: AgentChange,
});
export type AgentEvent = z.infer<typeof AgentEvent>;
