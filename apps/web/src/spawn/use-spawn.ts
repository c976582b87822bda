'use client';

import { routes, type Mesh, type MeshHost, type ProcMeshView, type SpawnRequest } from '@hostmesh/contract';
import { useMutation } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { client, valueOf } from '../api/client.ts';
import { links } from '../links.ts';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import { checkForm, problemErrors, rowError, type FieldErrors } from './check-form.ts';
import { previewSpawn, ranksToShow } from './preview.ts';
import type { SpawnForm } from './spawn-form.ts';
import { useDraft } from './use-draft.ts';

/** The form of a spawn on a mesh while it is filled in: what comes of it, what is wrong with it, and its request. */
export function useSpawn(mesh: Mesh, hosts: readonly MeshHost[], initial: SpawnForm) {
  const { push } = useNavigate();
  const draft = useDraft(mesh.id, initial);
  const { form } = draft;
  const addresses = useMemo(() => hosts.map(({ address }) => address), [hosts]);
  const typed = useDeferredValue(form);
  const preview = useMemo(
    () => previewSpawn(typed, mesh.extent, addresses, ranksToShow(typed)),
    [typed, mesh.extent, addresses],
  );
  const checked = useMemo(
    () => checkForm(form, { ...preview, meshLabels: Object.keys(mesh.extent) }),
    [form, mesh.extent, preview],
  );
  const spawn = useMutation<ProcMeshView, ApiError, SpawnRequest>({
    mutationFn: (body) =>
      valueOf(
        client.call(routes.spawnProcMesh, {
          params: { id: mesh.id },
          body,
          headers: { prefer: 'respond-async' },
        }),
      ),
    onSuccess: (procMesh) => {
      draft.sent(procMesh);
      push(links.procMesh(procMesh.id));
    },
  });
  const errors: FieldErrors = { ...problemErrors(form, spawn.error?.fault.problem), ...checked.errors };
  return {
    form,
    preview,
    errors,
    /** What the API refused. */
    refused: spawn.error,
    /** What the form asks for; null until it is whole. */
    request: checked.request,
    /** Whether the number of procs means something. */
    isCounted: checked.errors['dims'] === undefined && rowError(checked.errors, 'dims') === undefined,
    isRight: Object.keys(checked.errors).length === 0 && preview.total > 0,
    isSpawning: spawn.isPending,
    change: (part: Partial<SpawnForm>) => {
      draft.change(part);
      // What was said of other input no longer holds.
      spawn.reset();
    },
    submit: () => {
      if (checked.request !== null && !spawn.isPending) spawn.mutate(checked.request);
    },
  };
}
