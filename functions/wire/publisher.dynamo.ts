import { setTimeout as pause } from 'node:timers/promises';
import type { Doorbell } from '../shared/storage/doorbell.ts';
import type { Table } from '../shared/storage/table.ts';
import type { Instant } from '../shared/time.ts';
import { articleKey } from './append/keys.dynamo.ts';
import { dynamoLog } from './append/log.dynamo.ts';
import { parseEntry } from './append/read.dynamo.ts';
import { withBody } from './append/withBody.ts';
import { dynamoDrafts } from './drafts/drafts.dynamo.ts';
import type { Bodies, Publisher } from './ports.ts';
import { openPublisher } from './publisher.ts';

interface Made {
  readonly table: Table;
  readonly bodies: Bodies;
  readonly feedsBell: Doorbell<Record<string, never>>;
  readonly now: () => Instant;
  /** ULIDs. */
  readonly newId: () => string;
  readonly random: () => number;
}

/**
 * Make one per process: it appends one entry at a time and remembers how far the wire is projected. That memory must
 * not outlive a restore of the table, so all writers are started again after one.
 */
export const dynamoPublisher = ({ table, bodies, ...made }: Made): Publisher =>
  openPublisher({
    ...made,
    log: dynamoLog(table, bodies),
    drafts: dynamoDrafts(table, bodies),
    pause: async (ms) => void (await pause(ms)),
    whole: (entry) =>
      withBody(bodies, entry, async () => {
        const item = await table.get(articleKey(entry.article.id));
        return item && parseEntry(item);
      }),
  });
