'use client';

import { pathOf } from '@hostmesh/client';
import { routes, type Mesh, type SpawnRequest } from '@hostmesh/contract';
import { links } from '../links.ts';
import { Button } from '../ui/button/button.tsx';
import { notify } from '../ui/feedback/notices.tsx';
import { curlWithBody } from '../ui/page/raw.tsx';
import { runCommand } from './run-command.ts';
import { queryOfForm, type SpawnForm } from './spawn-form.ts';
import styles from './spawn.module.css';

const NOT_WHOLE = 'The form is not whole yet';

/** The same spawn for a script, a terminal, or a colleague. `request` is null until the form is whole. */
export function CopyAs(props: { mesh: Mesh; form: SpawnForm; request: SpawnRequest | null }) {
  const { mesh, form, request } = props;
  const command = request && runCommand(mesh.name, request);
  return (
    <div className={styles['copies']}>
      <Button
        look="quiet"
        whyDisabled={request === null ? NOT_WHOLE : null}
        onClick={() =>
          void copy('curl', curlWithBody(pathOf(routes.spawnProcMesh, { id: mesh.id }), request))
        }
      >
        Copy as curl
      </Button>
      <Button
        look="quiet"
        whyDisabled={command === null ? NOT_WHOLE : null}
        title={
          request !== null && command === null
            ? 'The command line tool cannot say what differs at single ranks'
            : undefined
        }
        onClick={() => void copy('hostmesh run', command ?? '')}
      >
        Copy as hostmesh run
      </Button>
      <Button
        look="quiet"
        onClick={() => void copy('a link', window.location.origin + links.spawn(mesh.id, queryOfForm(form)))}
      >
        Copy link to this form
      </Button>
    </div>
  );
}

async function copy(what: string, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify('good', `Copied as ${what}.`);
  } catch {
    notify('failed', 'The browser did not allow copying.');
  }
}
