'use client';

import type { Mesh, MeshHost } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import type { ApiError } from '../api/api-error.ts';
import { Button } from '../ui/button/button.tsx';
import styleOfForm from '../ui/form/form.module.css';
import { FormStep } from '../ui/form/form-parts.tsx';
import { PageHeader } from '../ui/page/page-header.tsx';
import { CareFields } from './care-fields.tsx';
import { hasField, type FieldErrors } from './check-form.ts';
import { CopyAs } from './copy-as.tsx';
import { Preview } from './preview-panel.tsx';
import type { SpawnForm } from './spawn-form.ts';
import styles from './spawn.module.css';
import { useSpawn } from './use-spawn.ts';
import { WhatFields } from './what-fields.tsx';

/** What, how it is looked after, go: three steps that stay visible, with what comes of them beside. */
export function SpawnSteps(props: { mesh: Mesh; hosts: readonly MeshHost[]; initial: SpawnForm }) {
  const { mesh } = props;
  const spawn = useSpawn(mesh, props.hosts, props.initial);
  const { form, preview, errors, request } = spawn;
  const onHosts = countOf(preview.hosts, 'host');
  // While something is wrong nobody knows how many.
  const target = spawn.isRight ? `${countOf(preview.total, 'proc')} on ${onHosts}` : 'procs';
  const whyNot = whyNotSpawned(spawn);
  const shared = { form, errors, onChange: spawn.change };
  return (
    <form
      className={styles['page']}
      onSubmit={(event) => {
        event.preventDefault();
        spawn.submit();
      }}
    >
      <PageHeader
        noun={`Spawn procs on ${mesh.name}`}
        sentence={`One program, started on each of the ${onHosts}. If any rank does not become ready, what was started is stopped again.`}
      />
      <div className={styles['split']}>
        <div className={styles['steps']}>
          <FormStep number={1} title="What">
            <WhatFields {...shared} meshExtent={mesh.extent} />
          </FormStep>
          <FormStep number={2} title="Care">
            <CareFields {...shared} />
          </FormStep>
          <FormStep number={3} title="Go">
            <Remaining errors={errors} refused={spawn.refused} />
            <Button type="submit" look="primary" whyDisabled={whyNot}>
              {spawn.isSpawning ? `Spawning ${target}` : `Spawn ${target}`}
            </Button>
            {whyNot !== null && !spawn.isSpawning && <p className="quiet">{whyNot}</p>}
            <CopyAs mesh={mesh} form={form} request={request} />
          </FormStep>
        </div>
        <Preview preview={preview} isCounted={spawn.isCounted} />
      </div>
    </form>
  );
}

/** Why the form cannot be sent now; null when it can. */
function whyNotSpawned({ form, errors, request, isSpawning }: ReturnType<typeof useSpawn>): string | null {
  if (isSpawning) return 'The procs are being spawned';
  if (request !== null) return null;
  if (Object.keys(errors).length > 0) return 'Some fields above are not right yet';
  if (form.program.trim() === '')
    return 'Say which program to start: what stands grey in a field is an example';
  return 'Some fields above are still empty: what stands grey in a field is an example';
}

/** What is wrong that no field can say, and what the API said. */
function Remaining({ errors, refused }: { errors: FieldErrors; refused: ApiError | null }) {
  const lines = Object.entries(errors).filter(([field]) => !hasField(field));
  const inFields = (refused?.fault.problem?.errors?.length ?? 0) > 0;
  if (lines.length === 0 && (refused === null || inFields)) return null;
  return (
    <div role="alert">
      {refused !== null && !inFields && (
        <p className={styleOfForm['note']} data-wrong>
          {refused.message}
        </p>
      )}
      {lines.map(([field, message]) => (
        <p key={field} className={styleOfForm['note']} data-wrong>
          {field === '' ? message : `${field}: ${message}`}
        </p>
      ))}
    </div>
  );
}
