'use client';

import type { ApiError } from '../api/api-error.ts';
import { costOf } from '../cost/cost.ts';
import { CostQuestion } from '../cost/cost-question.tsx';
import { Button } from '../ui/button/button.tsx';
import { Field, FormStep } from '../ui/form/form-parts.tsx';
import formStyles from '../ui/form/form.module.css';
import styles from './attach.module.css';
import { ConfigFields } from './config-fields.tsx';
import { HostsField } from './hosts-field.tsx';
import { PreflightPanel } from './preflight-panel.tsx';
import type { AttachDraft } from './use-attach.ts';

/** The name of the mesh and its hosts. */
export function WhoStep({ draft }: { draft: AttachDraft }) {
  const { form, change } = draft;
  return (
    <FormStep number={1} title="Who">
      <TextField
        draft={draft}
        id="mesh"
        name="mesh"
        label="Mesh"
        hint="A name of your choice, in lower case."
        placeholder="train"
      />
      <HostsField
        value={form.hosts}
        reading={draft.reading}
        refused={draft.refusedHosts}
        onChange={(hosts) => change({ hosts })}
      />
    </FormStep>
  );
}

/** Config that differs from the API's own, and a look at the hosts before anything is sent to them. */
export function WhatStep({ draft }: { draft: AttachDraft }) {
  const { form, preflight, hostsText } = draft;
  return (
    <FormStep number={2} title="What">
      <ConfigFields
        overrides={form.overrides}
        errors={draft.errors}
        onChange={(overrides) => draft.change({ overrides })}
      />
      <div className={styles['check']}>
        <Button
          whyDisabled={preflight.isPending ? 'The hosts are being asked' : whyNotReady(draft)}
          onClick={() => preflight.mutate()}
        >
          {preflight.isPending ? `Asking ${hostsText}` : 'Check hosts first'}
        </Button>
        <span className="quiet">Dials every host and compares its config; sends none.</span>
      </div>
      {preflight.data !== undefined && <PreflightPanel reply={preflight.data} />}
      <Refusal error={preflight.error} />
    </FormStep>
  );
}

/** How long it may take, and the button that says what it will do. */
export function GoStep({ draft }: { draft: AttachDraft }) {
  const { attach, hostsText } = draft;
  const cost = costOf(attach.error?.fault.problem);
  const whyNot = attach.isPending ? 'The attempt is being started' : whyNotReady(draft);
  return (
    <FormStep number={3} title="Go">
      <div className={styles['pair']}>
        <TextField
          draft={draft}
          id="timeout"
          name="timeout"
          label="Timeout"
          hint="Total: a host that has not acknowledged by then has failed."
          placeholder="1m"
        />
        <TextField
          draft={draft}
          id="wait-for-hosts"
          name="waitForHosts"
          label="Wait for hosts"
          hint="How long to keep dialling hosts that refuse, while they boot."
          placeholder="0s"
        />
      </div>
      {cost === undefined ? (
        <Refusal error={attach.error} />
      ) : (
        <CostQuestion
          cost={cost}
          granted={attach.variables ?? {}}
          isPending={attach.isPending}
          onGrant={(permissions) => attach.mutate(permissions)}
        />
      )}
      <Button type="submit" look="primary" whyDisabled={whyNot}>
        {attach.isPending ? `Starting on ${hostsText}` : `Attach ${hostsText}`}
      </Button>
      {whyNot !== null && !attach.isPending && <p className="quiet">{whyNot}</p>}
    </FormStep>
  );
}

/** Why nothing can be done with the form now; null when it can. */
function whyNotReady({ isReady, form, errors }: AttachDraft): string | null {
  if (isReady) return null;
  if (Object.keys(errors).length > 0) return 'Some fields above are not right yet';
  return form.mesh === '' ? 'Name the mesh, and say which hosts' : 'Say which hosts';
}

function TextField(props: {
  draft: AttachDraft;
  id: string;
  name: 'mesh' | 'timeout' | 'waitForHosts';
  label: string;
  hint: string;
  placeholder: string;
}) {
  const { name, placeholder } = props;
  const { form, errors, change } = props.draft;
  return (
    <Field id={props.id} label={props.label} hint={props.hint} error={errors[name]}>
      {(described) => (
        <input
          {...described}
          value={form[name]}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

/** What the API refused, unless its fields say it already. */
function Refusal({ error }: { error: ApiError | null }) {
  if (error === null || (error.fault.problem?.errors?.length ?? 0) > 0) return null;
  return (
    <p role="alert" className={formStyles['note']} data-wrong>
      {error.message}
    </p>
  );
}
