import type { Attempt } from '@hostmesh/contract';
import { countOf, formatCount, oneOrMany } from '@hostmesh/core';
import { WITHOUT_EFFECT } from '../standing/mesh-standing.ts';
import { links } from '../links.ts';
import type { Tone } from '../ui/state/mark.ts';
import { CountLink, ToneBar } from '../ui/state/tone-bar.tsx';

/** How many hosts are where, as a bar and as counts that lead to those hosts. Counts always with their whole. */
export function Progress({ attempt }: { attempt: Attempt }) {
  const { total, installed, failed, pending, restoring, restored, residue, withoutEffect } = attempt.counts;
  const isRunning = attempt.state === 'running';
  // Only an attempt that runs or has attached shows installed hosts as good: in any other they were rolled back.
  const done: Tone = isRunning || attempt.state === 'attached' ? 'good' : 'ended';
  const waiting: Tone = isRunning ? 'moving' : 'absent';
  const count = (tone: Tone, filter: string, part: number, word: string) => (
    <CountLink tone={tone} href={links.attempt(attempt.id, { filter })}>
      {part} of {total} {word}
    </CountLink>
  );
  return (
    <ToneBar
      role="progressbar"
      aria-label="Hosts with a result"
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={installed + failed}
      aria-valuetext={`${formatCount(installed + failed)} of ${countOf(total, 'host')} ${oneOrMany(installed + failed, 'has', 'have')} a result`}
      shares={[
        { tone: done, count: installed },
        { tone: 'failed', count: failed },
      ]}
      total={total}
    >
      {count(done, 'state:installed', installed, 'installed')}
      {count('failed', 'state:failed', failed, 'failed')}
      {attempt.state === 'attached' &&
        withoutEffect > 0 &&
        count(done, WITHOUT_EFFECT, withoutEffect, 'with keys without effect')}
      {pending > 0 &&
        count(waiting, 'state:queued,connecting,awaiting_ack', pending, isRunning ? 'waiting' : 'not tried')}
      {/* What became of the hosts that had installed the config of an attempt that failed. */}
      {restoring > 0 && count('moving', 'restore:pending', restoring, 'being asked to restore')}
      {restored > 0 && count('ended', 'restore:restored', restored, 'restored')}
      {residue > 0 && count('failed', 'restore:residue', residue, 'left with residue')}
    </ToneBar>
  );
}
