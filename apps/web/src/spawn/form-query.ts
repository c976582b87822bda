import type { ProcMeshView } from '@hostmesh/contract';
import {
  bindLinesOf,
  emptySpawnForm,
  itemsOf,
  pairOf,
  readinessKinds,
  restartPolicies,
  type SpawnForm,
} from './form.ts';
import { overridesOfQuery, putOverrides } from './override-query.ts';

/**
 * The form that a link fills: `name`, `perHost=gpus=4`, `program`, `arg` and `env=NAME=value` (again for each; without
 * `=value` the value is not known), `arg0`, `cwd`, `bind=cpus=0-3` (again for each slot), `ready=tcp` with `port`, `perSlot`, `path`, `contains`, `for`, `readyTimeout`, then `restart`, `limit`,
 * `backoff`, `keep=1` and `timeout`, and what differs at single ranks (`override-query.ts`). What makes no sense is left
 * out.
 */
export function formOfQuery(query: URLSearchParams): SpawnForm {
  const text = (name: string) => query.get(name) ?? '';
  const pairs = (name: string) =>
    query
      .getAll(name)
      .filter((pair) => pair !== '')
      .map(pairOf);
  return {
    name: text('name'),
    dims: itemsOf(pairs('perHost').map(([label, size]) => ({ label, size: size ?? '' }))),
    program: text('program'),
    args: itemsOf(query.getAll('arg').map((arg) => ({ text: arg }))),
    arg0: text('arg0'),
    cwd: text('cwd'),
    env: itemsOf(pairs('env').map(([name, value]) => ({ name, value }))),
    bind: query.getAll('bind').join('\n'),
    readiness: {
      kind: readinessKinds.find((kind) => kind === text('ready')) ?? 'alive',
      aliveFor: text('for'),
      port: text('port'),
      perSlot: query.has('perSlot') ? text('perSlot') === '1' : emptySpawnForm.readiness.perSlot,
      path: text('path') || emptySpawnForm.readiness.path,
      contains: text('contains'),
      timeout: text('readyTimeout'),
    },
    restart: {
      policy: restartPolicies.find((policy) => policy === text('restart')) ?? 'never',
      limit: text('limit'),
      backoff: text('backoff'),
    },
    keep: text('keep') === '1',
    timeout: text('timeout'),
    overrides: overridesOfQuery(query),
  };
}

/** The link's query for a form: `formOfQuery` reads it back. */
export function queryOfForm(form: SpawnForm): URLSearchParams {
  const query = new URLSearchParams();
  const put = (name: string, value: string) => value !== '' && query.append(name, value);
  put('name', form.name);
  for (const { label, size } of form.dims) put('perHost', `${label}=${size}`);
  put('program', form.program);
  for (const { text } of form.args) query.append('arg', text);
  for (const { name, value } of form.env) put('env', value === null ? name : `${name}=${value}`);
  put('arg0', form.arg0);
  put('cwd', form.cwd);
  for (const line of bindLinesOf(form)) query.append('bind', line);
  const { kind, aliveFor, port, perSlot, path, contains, timeout } = form.readiness;
  if (kind !== 'alive') put('ready', kind);
  if (kind === 'alive') put('for', aliveFor);
  if (kind === 'tcp' || kind === 'http') {
    put('port', port);
    put('perSlot', perSlot ? '1' : '0');
  }
  if (kind === 'http') put('path', path);
  if (kind === 'output') put('contains', contains);
  put('readyTimeout', timeout);
  if (form.restart.policy !== 'never') {
    put('restart', form.restart.policy);
    put('limit', form.restart.limit);
    put('backoff', form.restart.backoff);
  }
  if (form.keep) put('keep', '1');
  put('timeout', form.timeout);
  putOverrides(query, form.overrides);
  return query;
}

/** The link that fills the form with what a proc mesh was spawned with, as far as the API tells it. */
export function queryOfProcMesh(
  procMesh: Pick<ProcMeshView, 'name' | 'perHost' | 'command' | 'readiness' | 'restart' | 'keep' | 'timeout'>,
): URLSearchParams {
  const { command, readiness, restart } = procMesh;
  const hasPort = readiness.kind === 'tcp' || readiness.kind === 'http';
  return queryOfForm({
    name: procMesh.name,
    dims: itemsOf(Object.entries(procMesh.perHost).map(([label, size]) => ({ label, size: String(size) }))),
    program: command.program,
    args: itemsOf(command.args.map((text) => ({ text }))),
    arg0: command.arg0 ?? '',
    cwd: command.cwd ?? '',
    env: itemsOf(command.envNames.map((name) => ({ name, value: null }))),
    bind: '',
    readiness: {
      kind: readiness.kind,
      aliveFor: readiness.kind === 'alive' ? (readiness.for ?? '') : '',
      port: hasPort ? String(readiness.port) : '',
      perSlot: hasPort ? (readiness.perSlot ?? false) : false,
      path: readiness.kind === 'http' ? readiness.path : '/',
      contains: readiness.kind === 'output' ? readiness.contains : '',
      timeout: readiness.timeout ?? '',
    },
    restart: {
      policy: restart.policy,
      limit: restart.limit === undefined ? '' : String(restart.limit),
      backoff: restart.backoff ?? '',
    },
    keep: procMesh.keep,
    timeout: procMesh.timeout,
    overrides: [],
  });
}
