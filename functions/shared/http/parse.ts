import type * as z from 'zod';
import { InvalidInput } from '../errors.ts';
import { inOurWords, MISSING } from './words.ts';

/**
 * Checks foreign data against a schema. Throws `InvalidInput` with one sentence that names the first field that is
 * wrong, as `body.html` or `topics[2]`; the sentence never repeats what was sent.
 */
export const parseInput = <T>(schema: z.ZodType<T>, data: unknown, what: string): T => {
  const parsed = schema.safeParse(data, { error: inOurWords });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InvalidInput(sentenceOf(isMissing(issue, data) ? { ...issue, message: MISSING } : issue, what), {
    field: fieldOf(issue),
  });
};

/** Also where the schema has words of its own: what is not there is not wrong. */
const isMissing = (issue: z.core.$ZodIssue | undefined, data: unknown): issue is z.core.$ZodIssue =>
  issue !== undefined && issue.code !== 'custom' && issue.path.length > 0 && valueAt(data, issue.path) === undefined;

/** `null` where a text was taken apart on the way, and there is no such place in what was sent. */
const valueAt = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : null), data);

const isObject = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === 'object' && value !== null;

const fieldOf = (issue: z.core.$ZodIssue | undefined): string => {
  const path = issue?.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : (issue?.path ?? []);
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return name.replace(/^\./, '').slice(0, 100);
};

const sentenceOf = (issue: z.core.$ZodIssue | undefined, what: string): string => {
  const field = fieldOf(issue);
  if (issue?.code === 'unrecognized_keys') return `The ${what} has a field that is not known here: “${field}”.`;
  if (issue?.message === MISSING && field !== '') return `The field “${field}” of the ${what} is missing.`;
  if (field === '') return `The ${what} is not valid: ${lower(issue?.message)}.`;
  return `The field “${field}” of the ${what} is not valid: ${lower(issue?.message)}.`;
};

const lower = (message = 'it has the wrong form'): string =>
  (message.charAt(0).toLowerCase() + message.slice(1)).replace(/\.$/, '');
