'use client';

import { pathOf } from '@hostmesh/client';
import { routes, type Mesh } from '@hostmesh/contract';
import { links } from '../links.ts';
import { Button } from '../ui/button/button.tsx';
import { notify } from '../ui/feedback/notices.tsx';
import { curlWithBody } from '../ui/text/curl.ts';
import { queryOfForm } from './form-query.ts';
import { spawnRequestOf, type SpawnForm } from './form.ts';
import { runCommand } from './run-command.ts';
import styles from './spawn.module.css';

/** The same spawn for a script, a terminal, or a colleague. */
export function CopyAs({ mesh, form, ready }: { mesh: Mesh; form: SpawnForm; ready: boolean }) {
  const request = spawnRequestOf(form);
  const command = runCommand(mesh.name, request);
  return (
    <div className={styles['copies']}>
      <Button
        look="quiet"
        disabled={!ready}
        onClick={() =>
          void copy('curl', curlWithBody(pathOf(routes.spawnProcMesh, { id: mesh.id }), request))
        }
      >
        Copy as curl
      </Button>
      <Button
        look="quiet"
        disabled={!ready || command === null}
        title={command === null ? 'The command line tool cannot say what differs at single ranks' : undefined}
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
