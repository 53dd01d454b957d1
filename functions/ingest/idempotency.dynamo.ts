import * as z from 'zod';
import { InvalidInput } from '../shared/errors.ts';
import { sha256 } from '../shared/hash.ts';
import type { Answer } from '../shared/http/answer.ts';
import type { Key, Table } from '../shared/storage/table.ts';
import { addMs, DAY_MS, epochSeconds, type Instant } from '../shared/time.ts';

/** Somebody is working on the request, or did and this is the answer. */
const kept = z.union([
  z.object({
    request: z.string(),
    status: z.int(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
    until: z.string(),
  }),
  z.object({ request: z.string(), claim: z.string(), until: z.string() }),
]);
type Kept = z.output<typeof kept>;

const MOST_CHARACTERS = 255;
/** Longer than any function that answers may run: whoever claimed a request and is silent for so long is dead. */
const CLAIM_MS = 60_000;

interface Once {
  readonly table: Table;
  readonly key: string | undefined;
  /** What was asked, as text: the same key with something else is a mistake of the caller's. */
  readonly request: string;
  readonly now: () => Instant;
  readonly newId: () => string;
}

/**
 * Honours `Idempotency-Key` for a day (draft-ietf-httpapi-idempotency-key-header): the same request again gets the
 * answer of the first. The request is claimed before it is worked on, so of two at the same moment one is told to come
 * back (409). A claim whose owner died is taken over after a minute, which does no harm: the wire knows an article
 * that comes twice. What was refused is not remembered.
 */
export const answerOnce = async (once: Once, work: () => Promise<Answer>): Promise<Answer> => {
  if (once.key === undefined) return work();
  const key = checked(once.key);
  const at = { pk: `IDEMPOTENCY#${sha256(key)}`, sk: 'ANSWER' };
  const request = sha256(once.request);
  const claim = once.newId();
  const there = await claimed({ ...once, at, request, claim });
  if (there) return replayed(there, request);
  try {
    const { status, headers, body } = await work();
    const until = addMs(once.now(), DAY_MS);
    const answer = { request, status, headers, body: String(body), until, expiresAtSeconds: epochSeconds(until) };
    await once.table.put({ ...at, ...answer });
    return { status, headers, body };
  } catch (error) {
    // Not recovered from, only tidied up: the caller may mend the request and send it under the same key at once.
    // Where the table does not answer, the claim dies of itself, and what went wrong first is what is told.
    await once.table.delete(at, { is: { claim } }).catch(() => undefined);
    throw error;
  }
};

const checked = (key: string): string => {
  if (key !== '' && key.length <= MOST_CHARACTERS) return key;
  throw new InvalidInput(`The idempotency key must have 1 to ${MOST_CHARACTERS} characters.`, {
    field: 'Idempotency-Key',
  });
};

interface Claim extends Once {
  readonly at: Key;
  readonly request: string;
  readonly claim: string;
}

/** `undefined`: the request is ours to work on; else what stands in its place. */
const claimed = async ({ table, at, request, claim, now }: Claim): Promise<Kept | undefined> => {
  const before = await read(table, at);
  if (before && before.until > now()) return before;
  const until = addMs(now(), CLAIM_MS);
  const item = { ...at, request, claim, until, expiresAtSeconds: epochSeconds(until) };
  const isFree = before ? ({ is: { until: before.until } } as const) : 'absent';
  if ((await table.put(item, isFree)) === 'written') return undefined;
  const after = await read(table, at);
  // Refused by our own first try, or by an answer that was tidied away meanwhile: the latter is asked again by whoever asked.
  return after && 'claim' in after && after.claim === claim ? undefined : (after ?? { request, claim: '', until });
};

const read = async (table: Table, at: Key): Promise<Kept | undefined> => {
  const item = await table.get(at);
  return item && kept.parse(item);
};

const replayed = (there: Kept, request: string): Answer => {
  if (there.request !== request) {
    throw new InvalidInput('This idempotency key was used for another request.', {
      field: 'Idempotency-Key',
      status: 422,
    });
  }
  if ('claim' in there) {
    throw new InvalidInput('The first request with this idempotency key is still being worked on: ask again shortly.', {
      field: 'Idempotency-Key',
      status: 409,
    });
  }
  return { ...there, headers: { ...there.headers, 'idempotency-replayed': 'true' } };
};
