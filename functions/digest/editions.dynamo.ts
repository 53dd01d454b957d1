import type { Bucket } from '../shared/storage/bucket.ts';
import type { Table } from '../shared/storage/table.ts';
import { bucketIssues } from './archive/issues.s3.ts';
import type { Editions } from './editions.ts';
import { dynamoLedger } from './ledger/ledger.dynamo.ts';

/** `bucket`: the private one. */
export const dynamoEditions = (table: Table, bucket: Bucket): Editions => {
  const ledger = dynamoLedger(table);
  const issues = bucketIssues(bucket);
  return {
    byId: (id) => ledger.edition(id),
    latest: (newsletter, { before, limit }) =>
      ledger.newest(newsletter, { limit, ...(before !== undefined && { before }) }),
    issue: async ({ issue }) => (issue === null ? undefined : issues.issue(issue)),
  };
};
