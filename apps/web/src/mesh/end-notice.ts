import type { EndMeshReply } from '@hostmesh/contract';
import type { Notice } from '../ui/feedback/notices.tsx';
import { endOutcomeMarks } from '../ui/state/mark.ts';
import { countOf, formatCount } from '../ui/text/count.ts';

/** As many hosts as a notice names. */
const NAMED = 5;

/** The report of a stop or shutdown for somebody who did not wait for it; hosts that did not answer are named. */
export function endNotice(
  what: string,
  { outcomes }: Pick<EndMeshReply, 'outcomes'>,
): Pick<Notice, 'tone' | 'text'> {
  const notDone = outcomes.filter(({ outcome }) => outcome !== 'done');
  const done = outcomes.length - notDone.length;
  const text = `${what}: ${formatCount(done)} of ${countOf(outcomes.length, 'host')} done`;
  if (notDone.length === 0) return { tone: 'good', text: `${text}.` };
  const named = notDone
    .slice(0, NAMED)
    .map(({ address, outcome }) => `${address} ${endOutcomeMarks[outcome].word}`);
  const more = notDone.length > NAMED ? ` and ${formatCount(notDone.length - NAMED)} more` : '';
  return { tone: 'failed', text: `${text}. Not done: ${named.join(', ')}${more}.` };
}
