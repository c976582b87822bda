import { countOf, formatCount } from '@hostmesh/core';
import { printCommand } from './command-line.ts';
import type { RankPreview, SpawnPreview } from './preview.ts';
import styles from './spawn.module.css';

/**
 * What comes of the form: how many procs where, and the first of them, and those that differ, in detail. While the number
 * of procs is not known, only the hosts are counted.
 */
export function Preview({ preview, isCounted }: { preview: SpawnPreview; isCounted: boolean }) {
  if (!isCounted)
    return (
      <section className={styles['preview']} aria-label="Preview">
        <h2>Procs on {countOf(preview.hosts, 'host')}</h2>
        <p className="quiet">How many is known once the procs per host are right.</p>
      </section>
    );
  return (
    <section className={styles['preview']} aria-label="Preview">
      <h2>
        {countOf(preview.total, 'proc')} on {countOf(preview.hosts, 'host')}
      </h2>
      <p className="quiet">
        {formatCount(preview.slots)} on each host; ranks run host by host.
        {preview.first.length < preview.total && ` The first, and those that differ:`}
      </p>
      <ol tabIndex={0} aria-label="First ranks">
        {preview.first.map((rank) => (
          <Rank key={rank.rank} rank={rank} />
        ))}
      </ol>
    </section>
  );
}

function Rank({ rank }: { rank: RankPreview }) {
  return (
    <li>
      <p>
        <strong>Rank {rank.rank}</strong> <code>{rank.label}</code> {rank.isOverridden && <em>differs</em>}
      </p>
      <p className="quiet">
        <code>{rank.host}</code> · <code>{rank.point}</code>
      </p>
      <pre>
        {rank.program === '' ? 'no program yet' : printCommand(rank.program, rank.args)}
        {'\n'}
        {rank.env.map(([name, value]) => `${name}=${value}`).join('\n')}
      </pre>
    </li>
  );
}
