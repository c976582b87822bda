'use client';

import { routes, type Attempt, type PreflightReply } from '@hostmesh/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { use, useDeferredValue, useMemo, useState } from 'react';
import type { ApiError } from '../../../api/api-error.ts';
import { client, valueOf } from '../../../api/client.ts';
import { sessionQuery } from '../../../api/query-client.ts';
import styles from '../../../attach/attach.module.css';
import { ConfigFields } from '../../../attach/config-fields.tsx';
import {
  attachFieldErrors,
  attachRequestOf,
  emptyAttachForm,
  readHosts,
  type AttachForm,
} from '../../../attach/form.ts';
import { HostsField } from '../../../attach/hosts-field.tsx';
import { PreflightPanel } from '../../../attach/preflight-panel.tsx';
import { useEarlierForm } from '../../../attach/use-earlier-form.ts';
import { links } from '../../../links.ts';
import { Button } from '../../../ui/button/button.tsx';
import { Skeleton } from '../../../ui/feedback/states.tsx';
import { Field, FormStep } from '../../../ui/form/form-parts.tsx';
import { useNavigate } from '../../../ui/navigation/use-navigate.ts';
import { PageHeader, PageTitle } from '../../../ui/page/page-header.tsx';

/** The API's own limit, until it has said what it is. */
const MAX_HOSTS = 20_000;

/** Who, what, go: three steps that stay visible. With `from` it begins with the hosts of an earlier attempt. */
export default function AttachPage(props: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { from } = use(props.searchParams);
  const earlier = useEarlierForm(typeof from === 'string' ? from : undefined);
  return (
    <>
      <PageTitle>Attach</PageTitle>
      {earlier === 'loading' ? (
        <Skeleton label="Loading the earlier attempt" />
      ) : (
        <AttachSteps initial={earlier ?? emptyAttachForm} />
      )}
    </>
  );
}

function AttachSteps({ initial }: { initial: AttachForm }) {
  const { push } = useNavigate();
  const [form, setForm] = useState(initial);
  const session = useQuery(sessionQuery());
  const maxHosts = session.data?.maxHosts ?? MAX_HOSTS;
  const typed = useDeferredValue(form.hosts);
  const reading = useMemo(() => readHosts(typed, maxHosts), [typed, maxHosts]);
  const attach = useMutation<Attempt, ApiError>({
    mutationFn: () =>
      valueOf(
        client.call(routes.startAttach, {
          body: attachRequestOf(form),
          headers: { prefer: 'respond-async' },
        }),
      ),
    onSuccess: (attempt) => push(links.attempt(attempt.id)),
  });
  const preflight = useMutation<PreflightReply, ApiError>({
    mutationFn: () => valueOf(client.call(routes.preflight, { body: attachRequestOf(form) })),
  });
  const wrong = {
    ...serverErrors(attach.error),
    ...serverErrors(preflight.error),
    ...attachFieldErrors(form),
  };
  const count = reading.kind === 'right' ? reading.hosts.length : 0;
  const ready = count > 0 && form.mesh !== '' && Object.keys(attachFieldErrors(form)).length === 0;

  function change(part: Partial<AttachForm>) {
    setForm((before) => ({ ...before, ...part }));
    // What was said of other input no longer holds.
    attach.reset();
    preflight.reset();
  }
  const text = (name: 'mesh' | 'timeout' | 'waitForHosts', placeholder: string) => ({
    value: form[name],
    placeholder,
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });

  return (
    <form
      className={styles['page']}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !attach.isPending) attach.mutate();
      }}
    >
      <PageHeader
        noun="Attach"
        sentence="Push the config to every host of a mesh. It is attached only when all of them installed it; if any fails, the others get back what they had."
      />
      <FormStep number={1} title="Who">
        <Field id="mesh" label="Mesh" hint="A name of your choice, in lower case." error={wrong.mesh}>
          {(described) => <input {...described} {...text('mesh', 'train')} />}
        </Field>
        <HostsField
          value={form.hosts}
          reading={reading}
          refused={hostErrors(attach.error ?? preflight.error)}
          onChange={(hosts) => change({ hosts })}
        />
      </FormStep>
      <FormStep number={2} title="What">
        <ConfigFields
          overrides={form.overrides}
          errors={wrong}
          onChange={(overrides) => change({ overrides })}
        />
        <div className={styles['check']}>
          <Button disabled={!ready || preflight.isPending} onClick={() => preflight.mutate()}>
            {preflight.isPending ? `Asking ${hostsText(count)}` : 'Check hosts first'}
          </Button>
          <span className="quiet">Dials every host and compares its config; sends none.</span>
        </div>
        {preflight.data !== undefined && <PreflightPanel reply={preflight.data} />}
        <Fault error={preflight.error} />
      </FormStep>
      <FormStep number={3} title="Go">
        <div className={styles['pair']}>
          <Field
            id="timeout"
            label="Timeout"
            hint="Total: a host that has not acknowledged by then has failed."
            error={wrong.timeout}
          >
            {(described) => <input {...described} {...text('timeout', '1m')} />}
          </Field>
          <Field
            id="wait-for-hosts"
            label="Wait for hosts"
            hint="How long to keep dialling hosts that refuse, while they boot."
            error={wrong.waitForHosts}
          >
            {(described) => <input {...described} {...text('waitForHosts', '0s')} />}
          </Field>
        </div>
        <Fault error={attach.error} />
        <Button type="submit" look="primary" disabled={!ready || attach.isPending}>
          {attach.isPending ? `Starting on ${hostsText(count)}` : `Attach ${hostsText(count)}`}
        </Button>
      </FormStep>
    </form>
  );
}

/** What the API refused, unless its fields say it already. */
function Fault({ error }: { error: ApiError | null }) {
  if (error === null || (error.fault.problem?.errors?.length ?? 0) > 0) return null;
  return (
    <p role="alert" className={styles['note']} data-wrong>
      {error.message}
    </p>
  );
}

const hostsText = (count: number): string => `${count} host${count === 1 ? '' : 's'}`;

const errorsOf = (error: ApiError | null) => error?.fault.problem?.errors ?? [];

const serverErrors = (error: ApiError | null): Record<string, string> =>
  Object.fromEntries(errorsOf(error).map(({ field, message }) => [field, message]));

const hostErrors = (error: ApiError | null): string[] =>
  errorsOf(error).flatMap(({ field, line, message }) =>
    field.startsWith('hosts') ? [line === undefined ? message : `Line ${line}: ${message}`] : [],
  );
