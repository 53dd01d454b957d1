import type { Cadence } from '../../shared/config.ts';
import type { Key, Table } from '../../shared/storage/table.ts';
import { audiencesOf, type Subscriber } from '../subscriber.ts';

/** Ids begin with a random hexadecimal digit: it spreads a list over 16 partitions that, in order, are in id order. */
export const SHARDS = [...'0123456789abcdef'] as const;
export const shardOf = (id: string): string => id.charAt(0);

const audiencePk = (newsletter: string, cadence: Cadence, shard: string): string =>
  `AUDIENCE#${newsletter}#${cadence}#${shard}`;

/** The rows that a save needs before it, and those that are no longer needed after it. */
export const audienceChange = (before: Subscriber, after: Subscriber): { added: Key[]; ended: Key[] } => {
  const keys = (subscriber: Subscriber): Key[] =>
    audiencesOf(subscriber).map(({ newsletter, cadence }) => ({
      pk: audiencePk(newsletter, cadence, shardOf(subscriber.id)),
      sk: subscriber.id,
    }));
  const without = (some: Key[], others: Key[]): Key[] => some.filter(({ pk }) => !others.some((one) => one.pk === pk));
  const [was, is] = [before.version === 0 ? [] : keys(before), keys(after)];
  return { added: without(is, was), ended: without(was, is) };
};

export const listAudience = async (
  table: Table,
  newsletter: string,
  cadence: Cadence,
  { after, limit }: { after?: string; limit: number },
): Promise<{ id: string }[]> => {
  const found: { id: string }[] = [];
  for (const shard of SHARDS.filter((one) => after === undefined || one >= shardOf(after))) {
    const range = { pk: audiencePk(newsletter, cadence, shard), limit: limit - found.length };
    const rows = await table.query({ ...range, ...(after !== undefined && shardOf(after) === shard && { after }) });
    for (const row of rows) found.push({ id: row.sk });
    if (found.length >= limit) break;
  }
  return found;
};
