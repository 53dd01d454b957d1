import { sha256 } from '../../shared/hash.ts';
import type { Bucket } from '../../shared/storage/bucket.ts';
import { type Issue, issueSchema } from './issue.ts';

/** Where editions lie as everybody may read them: small beside the pieces of their mails. */
export interface IssueShelf {
  /** The same again is the same key. */
  keepIssue(issue: Issue): Promise<string>;
  issue(key: string): Promise<Issue>;
}

/** `editions/{id}/issue-{hash}.json` in the private bucket. */
export const bucketIssues = (bucket: Bucket): IssueShelf => ({
  async keepIssue(issue) {
    const bytes = Buffer.from(JSON.stringify(issue), 'utf8');
    const key = `editions/${issue.edition}/issue-${sha256(bytes).slice(0, 32)}.json`;
    await bucket.put(key, bytes, { contentType: 'application/json' });
    return key;
  },

  async issue(key) {
    const object = await bucket.get(key);
    if (!object) throw new Error(`The issue ${key} is gone.`);
    return issueSchema.parse(JSON.parse(Buffer.from(object.bytes).toString('utf8')));
  },
});
