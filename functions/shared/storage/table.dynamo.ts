import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { quiet } from './quiet.ts';
import type { Condition, Item, Key, Range, Table, Written } from './table.ts';

/** DynamoDB takes 100 keys in one BatchGetItem and 25 items in one BatchWriteItem. */
const MOST_GETS = 100;
const MOST_PUTS = 25;

/** Table calls may be repeated (every write is conditional or idempotent), so the client tries often. */
export const dynamoClient = (): DynamoDBClient =>
  quiet(
    new DynamoDBClient({
      maxAttempts: 8,
      requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
    }),
  );

export const dynamoTable = (client: DynamoDBClient, name: string): Table => ({
  async get(key, how = {}) {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: name, Key: marshallKey(key), ConsistentRead: how.consistent ?? true }),
    );
    return Item && itemOf(Item);
  },

  put: (item, condition) =>
    conditionally(() =>
      client.send(new PutItemCommand({ TableName: name, Item: marshallItem(item), ...expressionOf(condition) })),
    ),

  delete: (key, condition) =>
    conditionally(() =>
      client.send(new DeleteItemCommand({ TableName: name, Key: marshallKey(key), ...expressionOf(condition) })),
    ),

  async query(range) {
    const most = range.limit ?? Number.POSITIVE_INFINITY;
    const found: Item[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          ...queryOf(name, range),
          ...(Number.isFinite(most) && { Limit: most - found.length }),
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const item of page.Items ?? []) found.push(itemOf(item));
      start = page.LastEvaluatedKey;
    } while (start && found.length < most);
    return found;
  },

  async batchGet(keys) {
    const found = new Map<string, Item>();
    // DynamoDB refuses a whole batch in which a key stands twice.
    const once = [...new Map(keys.map((key) => [textOf(key), key])).values()];
    for (let at = 0; at < once.length; at += MOST_GETS) {
      let asked: Record<string, AttributeValue>[] = once.slice(at, at + MOST_GETS).map(marshallKey);
      // A batch may come back in parts when it is over 16 MB or the table is busy.
      for (let round = 0; asked.length > 0; round++) {
        await pauseBefore(round);
        const answer = await client.send(
          new BatchGetItemCommand({ RequestItems: { [name]: { Keys: asked, ConsistentRead: true } } }),
        );
        for (const raw of answer.Responses?.[name] ?? []) {
          const item = itemOf(raw);
          found.set(textOf(item), item);
        }
        asked = answer.UnprocessedKeys?.[name]?.Keys ?? [];
      }
    }
    return once.flatMap((key) => found.get(textOf(key)) ?? []);
  },

  async batchPut(items) {
    for (let at = 0; at < items.length; at += MOST_PUTS) {
      let asked = items.slice(at, at + MOST_PUTS).map((item) => ({ PutRequest: { Item: marshallItem(item) } }));
      for (let round = 0; asked.length > 0; round++) {
        await pauseBefore(round);
        const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: asked } }));
        asked = (answer.UnprocessedItems?.[name] ?? []) as typeof asked;
      }
    }
  },
});

const MOST_ROUNDS = 10;

const pauseBefore = async (round: number): Promise<void> => {
  if (round === 0) return;
  if (round > MOST_ROUNDS) throw new Error('The table left a batch unprocessed ten times.');
  await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2000, 25 * 2 ** round)));
};

const textOf = ({ pk, sk }: Key): string => `${pk}\u0000${sk}`;

const marshallKey = ({ pk, sk }: Key): Record<string, AttributeValue> => marshall({ pk, sk });

const marshallItem = (item: Item): Record<string, AttributeValue> => marshall(item, { removeUndefinedValues: true });

const itemOf = (raw: Record<string, AttributeValue>): Item => unmarshall(raw) as Item;

const conditionally = async (write: () => Promise<unknown>): Promise<Written> => {
  try {
    await write();
    return 'written';
  } catch (error) {
    // The one exception that is an answer: the condition did not hold.
    if (error instanceof ConditionalCheckFailedException) return 'refused';
    throw error;
  }
};

const expressionOf = (condition: Condition | undefined) => {
  if (condition === undefined) return {};
  if (condition === 'absent') return { ConditionExpression: 'attribute_not_exists(pk)' };
  if ('below' in condition) {
    const [attribute, bound] = condition.below;
    return {
      ConditionExpression: 'attribute_not_exists(pk) OR #a < :bound',
      ExpressionAttributeNames: { '#a': attribute },
      ExpressionAttributeValues: marshall({ ':bound': bound }),
    };
  }
  return equalityOf(Object.entries(condition.is));
};

const equalityOf = (wanted: [string, string | number | boolean | undefined][]) => {
  const present = wanted.filter(([, value]) => value !== undefined);
  return {
    ConditionExpression: wanted
      .map(([, value], i) => (value === undefined ? `attribute_not_exists(#a${i})` : `#a${i} = :v${i}`))
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(wanted.map(([attribute], i) => [`#a${i}`, attribute])),
    ...(present.length > 0 && {
      ExpressionAttributeValues: marshall(
        Object.fromEntries(wanted.flatMap(([, value], i) => (value === undefined ? [] : [[`:v${i}`, value]]))),
      ),
    }),
  };
};

const queryOf = (name: string, range: Range): QueryCommandInput => {
  const [pk, sk] = range.index ? ['ipk', 'isk'] : ['pk', 'sk'];
  const { expression, values } = boundsOf(range);
  return {
    TableName: name,
    ...(range.index ? { IndexName: 'index' } : { ConsistentRead: range.consistent ?? true }),
    KeyConditionExpression: ['#p = :p', ...(expression ? [expression] : [])].join(' AND '),
    ExpressionAttributeNames: { '#p': pk, ...(expression && { '#s': sk }) },
    ExpressionAttributeValues: marshall({ ':p': range.pk, ...values }),
    ScanIndexForward: !range.reverse,
  };
};

interface Bounds {
  readonly expression: string;
  readonly values: object;
}

/** The table takes one range per query, so an exclusive start becomes one of its two ends. */
const boundsOf = ({ from, to, prefix, after, reverse }: Range): Bounds => {
  if (after === undefined) {
    if (prefix === undefined) return between(from, to);
    return { expression: 'begins_with(#s, :prefix)', values: { ':prefix': prefix } };
  }
  if (!reverse) return between(`${after}\u0000`, to ?? (prefix === undefined ? undefined : `${prefix}\uffff`));
  if (from !== undefined || prefix !== undefined) {
    throw new Error('A query backwards from a key takes no lower bound: read on until the bound is passed.');
  }
  return { expression: '#s < :high', values: { ':high': after } };
};

const between = (low: string | undefined, high: string | undefined): Bounds => {
  if (low !== undefined && high !== undefined) {
    return { expression: '#s BETWEEN :low AND :high', values: { ':low': low, ':high': high } };
  }
  if (low !== undefined) return { expression: '#s >= :low', values: { ':low': low } };
  if (high !== undefined) return { expression: '#s <= :high', values: { ':high': high } };
  return { expression: '', values: {} };
};
