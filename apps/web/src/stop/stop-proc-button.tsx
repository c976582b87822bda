'use client';

import type { Proc } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { procMeshQuery } from '../queries/proc-mesh-queries.ts';
import { mayRun } from '../standing/proc-mesh-standing.ts';
import { Button } from '../ui/button/button.tsx';
import { StopDialog } from './stop-dialog.tsx';

/** Stops one proc; nothing where there is nothing to stop. */
export function StopProcButton({ proc }: { proc: Proc }) {
  const procMesh = useQuery(procMeshQuery(proc.procMeshId));
  const [target, setTarget] = useState<readonly Proc[] | null>(null);
  return (
    <>
      {mayRun(proc) && (
        <Button look="danger" disabled={procMesh.data === undefined} onClick={() => setTarget([proc])}>
          Stop
        </Button>
      )}
      {target !== null && procMesh.data !== undefined && (
        <StopDialog
          procMesh={procMesh.data}
          procs={target}
          target={{ kind: 'some', procs: target }}
          onClose={() => setTarget(null)}
        />
      )}
    </>
  );
}
