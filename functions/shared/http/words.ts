import type * as z from 'zod';

export const MISSING = 'it is missing';

/** What is wrong with a field, for a person; the library's own words are for who knows the library. */
export const inOurWords = (issue: z.core.$ZodRawIssue): string => {
  if (issue.input === undefined) return MISSING;
  switch (issue.code) {
    case 'invalid_type':
      return `it must be ${TYPES[issue.expected] ?? 'of another type'}`;
    case 'invalid_value':
      return `it must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_big':
      return sized(issue.origin, Number(issue.maximum), 'most');
    case 'too_small':
      return sized(issue.origin, Number(issue.minimum), 'least');
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'it has the wrong form';
    default:
      return 'it has the wrong form';
  }
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const FORMATS: Readonly<Record<string, string>> = {
  email: 'it is not an e-mail address',
  url: 'it is not a web address',
  datetime: 'it is not a moment such as 2026-05-04T08:00:00Z',
};

const sized = (origin: string, size: number, bound: 'most' | 'least'): string => {
  const number = size.toLocaleString('en');
  if (origin === 'string') {
    if (bound === 'least' && size === 1) return 'it must not be empty';
    return `it must have ${number} characters at ${bound}`;
  }
  if (origin === 'array' || origin === 'set')
    return `it must have ${number} ${size === 1 ? 'entry' : 'entries'} at ${bound}`;
  return `it must be ${number} at ${bound}`;
};
