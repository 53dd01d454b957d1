import type * as z from 'zod';
import { InvalidInput } from '../errors.ts';

/**
 * Checks foreign data against a schema. Throws `InvalidInput` with one sentence that names the first field that is
 * wrong, as `body.html` or `topics[2]`; the sentence never repeats what was sent.
 */
export const parseInput = <T>(schema: z.ZodType<T>, data: unknown, what: string): T => {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InvalidInput(sentenceOf(issue, what), { field: fieldOf(issue) });
};

const fieldOf = (issue: z.core.$ZodIssue | undefined): string => {
  const path = issue?.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : (issue?.path ?? []);
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return name.replace(/^\./, '').slice(0, 100);
};

const sentenceOf = (issue: z.core.$ZodIssue | undefined, what: string): string => {
  const field = fieldOf(issue);
  if (issue?.code === 'unrecognized_keys') return `The ${what} has a field that is not known here: “${field}”.`;
  if (field === '') return `The ${what} is not valid: ${lower(issue?.message)}.`;
  return `The field “${field}” of the ${what} is not valid: ${lower(issue?.message)}.`;
};

const lower = (message = 'it has the wrong form'): string =>
  (message.charAt(0).toLowerCase() + message.slice(1)).replace(/\.$/, '');
