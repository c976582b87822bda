import { formatCount } from '@hostmesh/core';
import { Button } from '../ui/button/button.tsx';
import overlay from '../ui/overlay/overlay.module.css';
import type { Cost, Permissions } from './cost.ts';

const SHOWN = 8;

/** What an attempt would cost others, by name, and the button that goes on all the same. Nothing has been done yet. */
export function CostQuestion(props: {
  cost: Cost;
  /** Granted before. */
  granted: Permissions;
  isPending: boolean;
  onGrant: (permissions: Permissions) => void;
}) {
  const { cost, granted, isPending, onGrant } = props;
  const more = cost.more + Math.max(0, cost.lines.length - SHOWN);
  return (
    <div role="alert" className={overlay['targets']} data-testid="cost">
      <p>{cost.sentence}</p>
      <ul>
        {cost.lines.slice(0, SHOWN).map((line) => (
          <li key={line}>
            <code>{line}</code>
          </li>
        ))}
      </ul>
      {more > 0 && <p>and {formatCount(more)} more</p>}
      <Button
        look="danger"
        whyDisabled={isPending ? 'It is being started' : null}
        onClick={() => onGrant({ ...granted, ...cost.permission })}
      >
        {cost.verb}
      </Button>
    </div>
  );
}
