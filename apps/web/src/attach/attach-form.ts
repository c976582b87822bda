import type { AttachRequest } from '@hostmesh/contract';
import { parseDuration, parseHostList, parseLabel, type HostList, type HostListError } from '@hostmesh/core';

/** What the reader typed, as it is; nothing of it is lost by an error. */
export interface AttachForm {
  readonly mesh: string;
  readonly hosts: string;
  readonly timeout: string;
  readonly waitForHosts: string;
  readonly overrides: readonly Override[];
}

/** A config value that differs from the API's own. */
export interface Override {
  /** For lists on the screen; not sent. */
  readonly id: number;
  readonly key: string;
  readonly value: string;
}

/** The form of an attach before anything is typed. */
export const emptyAttachForm: AttachForm = {
  mesh: '',
  hosts: '',
  timeout: '',
  waitForHosts: '',
  overrides: [],
};

/** Host list as it reads now: empty, with errors, or with the hosts that it names in the order of their ranks. */
export type HostsReading =
  | { readonly kind: 'empty' }
  | { readonly kind: 'wrong'; readonly errors: readonly HostListError[] }
  | { readonly kind: 'right'; readonly hosts: HostList['hosts'] };

/** Reads the host list as the API will. */
export function readHosts(text: string, maxHosts: number): HostsReading {
  const parsed = parseHostList(text, { maxHosts });
  if (parsed.ok) return { kind: 'right', hosts: parsed.value.hosts };
  return parsed.fault.code === 'empty_host_list'
    ? { kind: 'empty' }
    : { kind: 'wrong', errors: parsed.fault.errors };
}

/** What is wrong with the fields other than the hosts, by field; fields that are still empty are not wrong yet. */
export function attachFieldErrors(form: AttachForm): Readonly<Record<string, string>> {
  const errors: Record<string, string> = {};
  if (form.mesh !== '') {
    const label = parseLabel(form.mesh);
    if (!label.ok) errors.mesh = label.fault.message;
  }
  for (const field of ['timeout', 'waitForHosts'] as const) {
    if (form[field].trim() === '') continue;
    const duration = parseDuration(form[field], { minMs: field === 'timeout' ? 1 : 0 });
    if (!duration.ok) errors[field] = `${duration.fault.message}.`;
  }
  return errors;
}

/** The request that the form stands for. */
export function attachRequestOf(form: AttachForm): AttachRequest {
  const overrides = form.overrides.filter(({ key }) => key.trim() !== '');
  return {
    mesh: form.mesh,
    hosts: form.hosts,
    ...(form.timeout.trim() === '' ? {} : { timeout: form.timeout.trim() }),
    ...(form.waitForHosts.trim() === '' ? {} : { waitForHosts: form.waitForHosts.trim() }),
    ...(overrides.length === 0
      ? {}
      : { config: Object.fromEntries(overrides.map(({ key, value }) => [key.trim(), value])) }),
  };
}
