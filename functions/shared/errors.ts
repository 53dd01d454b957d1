/**
 * The caller's fault: thrown at the edge, answered as `application/problem+json` (RFC 9457) with one sentence that may
 * be shown to anybody. `field` is the JSON path, header or parameter that is wrong.
 */
export class InvalidInput extends Error {
  readonly field: string | undefined;
  readonly status: number;

  constructor(sentence: string, at: { field?: string; status?: number } = {}) {
    super(sentence);
    this.name = 'InvalidInput';
    this.field = at.field;
    this.status = at.status ?? 400;
  }
}

/** What cannot happen unless the code is wrong. Never shown to a caller. */
export const unreachable = (value: never): never => {
  throw new Error(`unreachable: ${String(value)}`);
};
