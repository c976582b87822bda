import type { z } from 'zod';
import type { FieldError } from './route-fault.ts';

type Issue = z.core.$ZodIssue;

/** A name that somebody made up may be as long as a body. */
const MAX_FIELD_LENGTH = 200;

/** What zod found wrong, one entry per field, each named by its path: `hosts[3]`, `config.KEY`, `limit`. */
export function fieldErrors(error: z.core.$ZodError, part: 'body' | 'querystring' | 'params'): FieldError[] {
  return error.issues.flatMap((issue) => errorsOf(issue, [], part));
}

function errorsOf(issue: Issue, prefix: PropertyKey[], part: string): FieldError[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const message = part === 'querystring' ? 'is not a parameter of this route' : 'is not a known field';
    return issue.keys.map((key) => ({ field: fieldName([...path, key], part), message }));
  }
  if (issue.code === 'invalid_union') {
    const branch = closestBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => errorsOf(inner, path, part));
  }
  return [{ field: fieldName(path, part), message: messageOf(issue) }];
}

/** The alternative that the value came nearest to: the one whose first complaint lies deepest inside it. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (branch: readonly Issue[]) => branch[0]?.path.length ?? 0;
  const best = branches.toSorted((a, b) => depth(b) - depth(a))[0];
  return best === undefined || depth(best) === 0 ? undefined : best;
}

function fieldName(path: readonly PropertyKey[], part: string): string {
  if (path.length === 0) return part === 'querystring' ? 'query' : part;
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
    .slice(0, MAX_FIELD_LENGTH);
}

/** Needs issues made with `reportInput`. */
function messageOf(issue: Issue): string {
  if ('input' in issue && issue.input === undefined) return 'is required';
  if (issue.code === 'invalid_type') return `must be ${withArticle(issue.expected)}`;
  if (issue.code === 'invalid_key') return issue.issues.map(messageOf).join('; ');
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  const own = ownWords(issue);
  if (own !== undefined) return own;
  if (issue.code === 'invalid_union') {
    // Of alternatives that are told apart by one field.
    if ('options' in issue && Array.isArray(issue.options))
      return `must be one of ${issue.options.map(String).join(', ')}`;
    return [...new Set(issue.errors.map((branch) => branch[0]).filter((inner) => inner !== undefined))]
      .map(messageOf)
      .join(' or ');
  }
  return issue.message;
}

/** What zod says of sizes and forms by itself, said for people; messages of the contract's own stay as they are. */
function ownWords(issue: Issue): string | undefined {
  if (issue.code === 'too_small' && /^Too small/.test(issue.message)) {
    const atLeast = issue.inclusive === false ? 'more than' : 'at least';
    return `must ${measure(issue.origin, atLeast, issue.minimum)}`;
  }
  if (issue.code === 'too_big' && /^Too big/.test(issue.message)) {
    const atMost = issue.inclusive === false ? 'less than' : 'at most';
    return `must ${measure(issue.origin, atMost, issue.maximum)}`;
  }
  if (issue.code === 'not_multiple_of') return `must be a multiple of ${issue.divisor}`;
  if (issue.code === 'invalid_format' && /^Invalid/.test(issue.message))
    return `is not a valid ${issue.format}`;
  return undefined;
}

function measure(origin: string, bound: string, limit: number | bigint): string {
  const unit = { string: 'characters', array: 'entries', set: 'entries', map: 'entries', record: 'entries' }[
    origin
  ];
  if (unit === undefined) return `be ${bound} ${limit}`;
  return `have ${bound} ${limit} ${limit === 1 ? unit.replace(/ies$|s$/, (end) => (end === 'ies' ? 'y' : '')) : unit}`;
}

const withArticle = (type: string) =>
  type === 'int' ? 'a whole number' : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
