import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import { ProcBindRequest } from './spawn-request.ts';

/** How the binding of a slot is written. */
export const BIND_FORM = 'cpus=0-3, or any of cpunodebind=0 membind=0 physcpubind=0-7, space between';

/** Reads the binding of a slot, `cpunodebind=0 membind=0`: what `printBind` writes (reference 9.4). */
export function parseBind(text: string): Result<ProcBindRequest, Fault<'invalid_bind'>> {
  const pairs = text
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(/=(.*)/s, 2));
  const bind = ProcBindRequest.safeParse(Object.fromEntries(pairs));
  const isClear =
    pairs.every(([, value]) => value) && new Set(pairs.map(([name]) => name)).size === pairs.length;
  if (bind.success && isClear) return ok(bind.data);
  return fail({ code: 'invalid_bind', message: `A binding is written ${BIND_FORM}` });
}

/** The binding of a slot as text. */
export const printBind = (bind: ProcBindRequest): string =>
  Object.entries(bind)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
