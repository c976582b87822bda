import { itemsOf, type RankOverride } from './form.ts';

const inputs = { rankProgram: 'program', rankArgs: 'args' } as const;
const isInput = (name: string): name is keyof typeof inputs => Object.hasOwn(inputs, name);

/**
 * What differs at single ranks, as a link says it: `rank=3`, and after it `rankProgram`, `rankArgs` (a command line) and
 * `rankEnv=NAME=value` (again for each) of that rank, up to the next `rank`.
 */
export function overridesOfQuery(query: URLSearchParams): readonly RankOverride[] {
  const overrides: { rank: string; program: string; args: string; env: string[] }[] = [];
  for (const [name, value] of query) {
    const last = overrides.at(-1);
    if (name === 'rank') overrides.push({ rank: value, program: '', args: '', env: [] });
    else if (last === undefined) continue;
    else if (isInput(name)) last[inputs[name]] = value;
    else if (name === 'rankEnv') last.env.push(value);
  }
  return itemsOf(overrides.map((one) => ({ ...one, env: one.env.join('\n') })));
}

/** Adds what differs at single ranks to a link: `overridesOfQuery` reads it back. */
export function putOverrides(query: URLSearchParams, overrides: readonly RankOverride[]): void {
  for (const { rank, program, args, env } of overrides) {
    query.append('rank', rank);
    if (program !== '') query.append('rankProgram', program);
    if (args !== '') query.append('rankArgs', args);
    if (env !== '') for (const line of env.split('\n')) query.append('rankEnv', line);
  }
}
