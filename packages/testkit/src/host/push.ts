import { digestOf } from '@hostmesh/core/snapshot';
import type { SimFault } from '../fault/fault.ts';
import { type PushedConfig, pushConfig } from './client-layers.ts';
import { type Delivery, type Reaction, refusal, result } from './reaction.ts';
import type { RequestFrame } from './request-frame.ts';
import { type HostState, restarted } from './state.ts';

type PushFrame = Extract<RequestFrame, { kind: 'push' }>;

/** What becomes of a push or a spawn that a fault keeps from being carried out; null when none does. */
export function mishapOf(state: HostState, fault: SimFault): [HostState, Reaction] | null {
  switch (fault.kind) {
    case 'restart':
      return [restarted(state), { kind: 'restart' }];
    case 'drop_before_install':
      return [state, { kind: 'drop' }];
    case 'garbage':
      return [state, { kind: 'garbage' }];
    case 'reject':
      return [state, refusal({ code: fault.code, message: 'the simulated host refuses' })];
    default:
      return null;
  }
}

/** What a host with this fault makes of a push. */
export function reactToPush(state: HostState, fault: SimFault, frame: PushFrame): [HostState, Reaction] {
  const mishap = mishapOf(state, fault);
  if (mishap !== null) return mishap;
  switch (fault.kind) {
    case 'drop_after_install':
      return [install(state, frame, frame.request)[0], { kind: 'drop' }];
    case 'wrong_digest':
      return install(state, frame, { ...frame.request, ...altered(frame) });
    default: {
      const [after, reaction] = install(state, frame, frame.request);
      return [after, reaction.kind === 'answer' ? { ...reaction, delivery: deliveryOf(fault) } : reaction];
    }
  }
}

function install(state: HostState, frame: PushFrame, config: PushedConfig): [HostState, Reaction] {
  if (frame.fault !== null) return [state, refusal(frame.fault)];
  const pushed = pushConfig(state.layers, config);
  if (!pushed.ok) return [state, refusal(pushed.fault)];
  const { layers, tookOverFrom } = pushed.value;
  const { epoch, digest } = config;
  return [
    { ...state, layers, restored: false },
    result({
      kind: 'client_config_set',
      digest,
      epoch,
      shadowed: [],
      unknownKeys: [...frame.unknownKeys],
      tookOverFrom,
    }),
  ];
}

/** The same config with a key that nobody sent. */
function altered({ request }: PushFrame): Pick<PushedConfig, 'attrs' | 'digest'> {
  const attrs = { ...request.attrs, ADDED_BY_THE_HOST: '1' };
  return { attrs, digest: digestOf(attrs) };
}

/** How a host with this fault brings its answer. */
export function deliveryOf(fault: SimFault): Delivery {
  switch (fault.kind) {
    case 'answer_twice':
      return { kind: 'twice' };
    case 'answer_late':
      return { kind: 'late', afterMs: fault.afterMs };
    case 'slow_drip':
      return { kind: 'drip', overMs: fault.overMs };
    default:
      return { kind: 'at_once' };
  }
}
