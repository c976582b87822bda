'use client';

import { routes, type Mesh, type MeshHost, type ProcMeshView } from '@hostmesh/contract';
import { useMutation } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { client, valueOf } from '../api/client.ts';
import { links } from '../links.ts';
import { Button } from '../ui/button/button.tsx';
import { Field } from '../ui/form/field.tsx';
import { FormStep } from '../ui/form/step.tsx';
import form from '../ui/form/form.module.css';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import { PageHeader } from '../ui/page/page-header.tsx';
import { countOf } from '../ui/text/count.ts';
import { BindField } from './bind-field.tsx';
import { checkForm, isComplete, problemErrors } from './check.ts';
import { CommandFields } from './command-fields.tsx';
import { CopyAs } from './copy-as.tsx';
import { DimFields } from './dim-fields.tsx';
import { hasField, type FieldErrors } from './field-path.ts';
import { spawnRequestOf, type SpawnForm } from './form.ts';
import { LifeFields } from './life-fields.tsx';
import { OverrideFields } from './override-fields.tsx';
import { Preview } from './preview-panel.tsx';
import { previewSpawn, ranksToShow } from './preview.ts';
import styles from './spawn.module.css';
import { useDraft } from './use-draft.ts';

/** What, how it is looked after, go: three steps that stay visible, with what comes of them beside. */
export function SpawnSteps(props: { mesh: Mesh; hosts: readonly MeshHost[]; initial: SpawnForm }) {
  const { mesh, hosts } = props;
  const { push } = useNavigate();
  const draft = useDraft(mesh.id, props.initial);
  const values = draft.form;
  const addresses = useMemo(() => hosts.map(({ address }) => address), [hosts]);
  const typed = useDeferredValue(values);
  const preview = useMemo(
    () => previewSpawn(typed, mesh.extent, addresses, ranksToShow(typed)),
    [typed, mesh.extent, addresses],
  );
  const found = useMemo(
    () => checkForm(values, Object.keys(mesh.extent), preview),
    [values, mesh.extent, preview],
  );
  const spawn = useMutation<ProcMeshView, ApiError>({
    mutationFn: () =>
      valueOf(
        client.call(routes.spawnProcMesh, {
          params: { id: mesh.id },
          body: spawnRequestOf(values),
          headers: { prefer: 'respond-async' },
        }),
      ),
    onSuccess: (procMesh) => {
      draft.sent(procMesh);
      push(links.procMesh(procMesh.id));
    },
  });
  const errors: FieldErrors = { ...problemErrors(values, spawn.error?.fault.problem), ...found };
  const isRight = Object.keys(found).length === 0 && preview.total > 0;
  const ready = isRight && isComplete(values);
  // While something is wrong nobody knows how many.
  const target = isRight ? `${countOf(preview.total, 'proc')} on ${countOf(preview.hosts, 'host')}` : 'procs';

  function change(part: Partial<SpawnForm>) {
    draft.change(part);
    // What was said of other input no longer holds.
    spawn.reset();
  }
  const shared = { form: values, errors, onChange: change };
  return (
    <form
      className={styles['page']}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !spawn.isPending) spawn.mutate();
      }}
    >
      <PageHeader
        noun={`Spawn procs on ${mesh.name}`}
        sentence={`One program, started on each of the ${countOf(preview.hosts, 'host')}. If any rank does not become ready, what was started is stopped again.`}
      />
      <div className={styles['split']}>
        <div className={styles['steps']}>
          <FormStep number={1} title="What">
            <Field id="name" label="Name" hint="For people; ids are made from it." error={errors['name']}>
              {(described) => (
                <input
                  {...described}
                  value={values.name}
                  placeholder="workers"
                  autoComplete="off"
                  onChange={(event) => change({ name: event.target.value })}
                />
              )}
            </Field>
            <CommandFields {...shared} />
            <DimFields {...shared} meshExtent={mesh.extent} />
            <BindField {...shared} />
          </FormStep>
          <FormStep number={2} title="Care">
            <LifeFields {...shared} />
            <OverrideFields {...shared} />
          </FormStep>
          <FormStep number={3} title="Go">
            <Remaining errors={errors} error={spawn.error} />
            <Button type="submit" look="primary" disabled={!ready || spawn.isPending}>
              {spawn.isPending ? `Spawning ${target}` : `Spawn ${target}`}
            </Button>
            <CopyAs mesh={mesh} form={values} ready={ready} />
          </FormStep>
        </div>
        <Preview preview={preview} isCounted={isCounted(found)} />
      </div>
    </form>
  );
}

/** Whether the number of procs means something. */
const isCounted = (errors: FieldErrors): boolean =>
  !Object.keys(errors).some((field) => field === 'perHost' || field.startsWith('dims.'));

/** What is wrong that no field can say, and what the API said. */
function Remaining({ errors, error }: { errors: FieldErrors; error: ApiError | null }) {
  const lines = Object.entries(errors).filter(([field]) => !hasField(field));
  const inFields = (error?.fault.problem?.errors?.length ?? 0) > 0;
  if (lines.length === 0 && (error === null || inFields)) return null;
  return (
    <div role="alert">
      {error !== null && !inFields && (
        <p className={form['note']} data-wrong>
          {error.message}
        </p>
      )}
      {lines.map(([field, message]) => (
        <p key={field} className={form['note']} data-wrong>
          {field === '' ? message : `${field}: ${message}`}
        </p>
      ))}
    </div>
  );
}
