import { endsText, inUseText, type Ends, type HostsInUse, type PreflightReply } from '@hostmesh/contract';
import { allOf, countOf, formatCount, oneOrMany } from '@hostmesh/core';
import { placeRefusal } from './place-text.ts';

/** What is known before an attach. */
export interface Foreseen {
  readonly counts: PreflightReply['counts'];
  /** Of hosts on which some pushed keys would not take effect. */
  readonly shadowed: number;
  readonly replaces: Ends | null;
  readonly inUse: HostsInUse | null;
  /** The mesh of the name is pushed to in place. */
  readonly pushesTo: string | null;
  /** Why nothing can begin now, in a sentence. */
  readonly busy: string | null;
  readonly replace: boolean;
  readonly takeOver: boolean;
}

/** The one judgement on an attach that has been looked at, for everybody who tells of it; what is worst comes first. */
export function preflightVerdict(seen: Foreseen): PreflightReply['verdict'] {
  const refusals = refusalsOf(seen);
  const warnings = warningsOf(seen);
  const { total, failed, changed } = seen.counts;
  const failing =
    failed === 0 ? [] : [`An attach would fail on ${formatCount(failed)} of ${countOf(total, 'host')}.`];
  const facts = [
    seen.pushesTo === null
      ? ''
      : `Mesh ${seen.pushesTo} has these hosts: it is pushed to in place, and nothing ends.`,
    changed === 0 ? '' : `${countOf(changed, 'host')} would change.`,
  ].filter(Boolean);
  const sentences = [...refusals, ...failing, ...warnings];
  if (refusals.length + failing.length > 0)
    return { kind: 'would_fail', summary: sentences[0] ?? '', sentences: [...sentences, ...facts] };
  if (warnings.length > 0) {
    const summary = `An attach can go ahead on ${total === 1 ? 'the host' : `all ${countOf(total, 'host')}`}, with something to look at.`;
    return { kind: 'warnings', summary, sentences: [...sentences, ...facts] };
  }
  const answer = oneOrMany(total, 'answers', 'answer');
  const summary = `${allOf(total, 'host')} ${answer}, and nothing stands against an attach.`;
  return { kind: 'fine', summary, sentences: facts };
}

function refusalsOf({ busy, replaces, replace, inUse, takeOver }: Foreseen): string[] {
  const refusals = [
    replaces !== null && !replace ? placeRefusal({ code: 'mesh_exists', message: '', ends: replaces }) : null,
    inUse !== null && !takeOver ? placeRefusal({ code: 'hosts_in_use', message: '', inUse }) : null,
  ];
  return [
    ...(busy === null ? [] : [busy]),
    ...refusals.flatMap((refusal) =>
      refusal === null ? [] : [`An attach would be refused. ${refusal.message}`],
    ),
  ];
}

function warningsOf({ replaces, replace, inUse, takeOver, counts, shadowed }: Foreseen): string[] {
  return [
    replaces !== null && replace ? `In the place of mesh ${replaces.mesh}, ${endsText(replaces)}.` : '',
    inUse !== null && takeOver ? `Hosts are taken over: ${inUseText(inUse)}.` : '',
    counts.warned > 0
      ? `${countOf(counts.warned, 'host')} ${oneOrMany(counts.warned, 'has', 'have')} something to look at.`
      : '',
    shadowed > 0 ? `On ${countOf(shadowed, 'host')} some keys would stay without effect.` : '',
  ].filter(Boolean);
}
