import { sha256 } from '../shared/hash.ts';
import type { Bucket } from '../shared/storage/bucket.ts';
import type { Bodies } from './ports.ts';

/**
 * Long texts as objects `bodies/{article}/{hash of the text}.html`. Each article has its own, so that a retraction can
 * remove them all without asking whether another article says the same.
 */
export const bucketBodies = (bucket: Bucket): Bodies => ({
  async keep(articleId, html) {
    const key = `${folderOf(articleId)}${sha256(html)}.html`;
    await bucket.put(key, Buffer.from(html), { contentType: 'text/html; charset=utf-8' });
    return key;
  },

  async read(key) {
    const found = await bucket.get(key);
    return found && Buffer.from(found.bytes).toString('utf8');
  },

  async forget(articleId) {
    for (const key of await bucket.list(folderOf(articleId))) await bucket.delete(key);
  },
});

const folderOf = (articleId: string): string => `bodies/${articleId}/`;
