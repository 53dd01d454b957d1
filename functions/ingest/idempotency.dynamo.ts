import { z } from 'zod';
import { InvalidInput } from '../shared/errors.ts';
import { sha256 } from '../shared/hash.ts';
import type { Answer } from '../shared/http/answer.ts';
import type { Table } from '../shared/storage/table.ts';
import { addMs, DAY_MS, epochSeconds, type Instant } from '../shared/time.ts';

const kept = z.object({
  request: z.string(),
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  until: z.string(),
});

const MOST_CHARACTERS = 255;

interface Once {
  readonly table: Table;
  readonly key: string | undefined;
  /** What was asked, as text: the same key with something else is a mistake of the caller's. */
  readonly request: string;
  readonly now: () => Instant;
}

/**
 * Honours `Idempotency-Key` for a day (draft-ietf-httpapi-idempotency-key-header): the same request again gets the
 * answer of the first. Two at the same moment are both worked on, which does no harm: the wire knows an article that
 * comes twice.
 */
export const answerOnce = async ({ table, key, request, now }: Once, work: () => Promise<Answer>): Promise<Answer> => {
  if (key === undefined) return work();
  if (key === '' || key.length > MOST_CHARACTERS) {
    throw new InvalidInput(`The idempotency key must have 1 to ${MOST_CHARACTERS} characters.`, {
      field: 'Idempotency-Key',
    });
  }
  const at = { pk: `IDEMPOTENCY#${sha256(key)}`, sk: 'ANSWER' };
  const item = await table.get(at);
  const there = item && kept.parse(item);
  const requestHash = sha256(request);
  if (there && there.until > now()) {
    if (there.request === requestHash)
      return { ...there, headers: { ...there.headers, 'idempotency-replayed': 'true' } };
    throw new InvalidInput('This idempotency key was used for another request.', {
      field: 'Idempotency-Key',
      status: 422,
    });
  }
  const { status, headers, body } = await work();
  const until = addMs(now(), DAY_MS);
  await table.put({
    ...at,
    request: requestHash,
    status,
    headers,
    body: String(body),
    until,
    expiresAtSeconds: epochSeconds(until),
  });
  return { status, headers, body };
};
