import {
  BIND_FORM,
  parseBind,
  type ProcBindRequest,
  type ReadinessRequest,
  type RestartRequest,
} from '@hostmesh/contract';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';

/** What an option may look like was not kept to; the message says how it is written. */
export type OptionFault = Fault<'invalid_option'>;

const invalid = (message: string) => fail<OptionFault>({ code: 'invalid_option', message });

/** How `--ready` is written. */
export const READY_FORMS = 'alive[:2s], fd, tcp:8000[+slot], http:8000[+slot]/path or output:text';

/** Reads `--ready`; `+slot` adds the proc's slot on its host to the port. */
export function parseReadiness(
  text: string,
  timeout: string | undefined,
): Result<ReadinessRequest, OptionFault> {
  const [, kind = text, rest] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  const within = timeout === undefined ? {} : { timeout };
  switch (kind) {
    case 'alive':
      return ok({ kind, ...(rest === undefined ? {} : { for: rest }), ...within });
    case 'fd':
      if (rest === undefined) return ok({ kind: 'descriptor', ...within });
      break;
    case 'output':
      if (rest) return ok({ kind, contains: rest, ...within });
      break;
    case 'tcp':
    case 'http': {
      const [, port, slot, path] = /^(\d{1,5})(\+slot)?(\/.*)?$/s.exec(rest ?? '') ?? [];
      if (port === undefined || (kind === 'tcp' && path !== undefined)) break;
      const at = { port: Number(port), ...(slot === undefined ? {} : { perSlot: true }), ...within };
      return ok(kind === 'tcp' ? { kind, ...at } : { kind, path: path ?? '/', ...at });
    }
  }
  return invalid(`--ready takes ${READY_FORMS}, not "${text}"`);
}

/** How `--restart` is written. */
export const RESTART_FORMS = 'never, on-failure[:limit] or always[:limit]';

/** Reads `--restart`. */
export function parseRestart(text: string): Result<RestartRequest, OptionFault> {
  const [, policy, limit] = /^(never|on-failure|always)(?::(\d{1,4}))?$/.exec(text) ?? [];
  const limited = limit === undefined ? {} : { limit: Number(limit) };
  if (policy === 'always') return ok({ policy, ...limited });
  if (policy === 'on-failure') return ok({ policy: 'on_failure', ...limited });
  if (policy === 'never' && limit === undefined) return ok({ policy });
  return invalid(`--restart takes ${RESTART_FORMS}, not "${text}"`);
}

/** Reads `--bind`, given once for each slot of a host. */
export function parseBinds(texts: readonly string[]): Result<ProcBindRequest[], OptionFault> {
  const binds: ProcBindRequest[] = [];
  for (const text of texts) {
    const bind = parseBind(text);
    if (!bind.ok) return invalid(`--bind takes ${BIND_FORM}, not "${text}"`);
    binds.push(bind.value);
  }
  return ok(binds);
}

/** Reads options that are given as `name=value`, each again and again: a later one of the same name wins. */
export function parsePairs(
  option: string,
  pairs: readonly string[],
): Result<Record<string, string>, OptionFault> {
  const bad = pairs.find((pair) => !/^[^=]+=/.test(pair));
  if (bad !== undefined) return invalid(`${option} takes NAME=VALUE, not "${bad}"`);
  return ok(
    Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ),
  );
}

/** Reads `--per-host gpus=4`. */
export function parsePerHost(pairs: readonly string[]): Result<Record<string, number>, OptionFault> {
  const sizes = parsePairs('--per-host', pairs);
  if (!sizes.ok) return sizes;
  const bad = Object.entries(sizes.value).find(([, size]) => !/^\d{1,6}$/.test(size));
  if (bad !== undefined) return invalid(`--per-host takes a number, as in gpus=4, not "${bad.join('=')}"`);
  return ok(Object.fromEntries(Object.entries(sizes.value).map(([label, size]) => [label, Number(size)])));
}

/** Lets an option be given again. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
