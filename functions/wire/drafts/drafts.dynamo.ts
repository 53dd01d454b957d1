import { z } from 'zod';
import type { Item, Table } from '../../shared/storage/table.ts';
import { DUE, draftKey, draftNameKey, dueKey, dueUpTo } from '../append/keys.dynamo.ts';
import { isLong } from '../append/log.dynamo.ts';
import { contentFields } from '../append/logged.ts';
import type { Bodies } from '../ports.ts';
import type { Drafts, DueRow, KeptDraft } from './drafts.ts';

const DUE_AT_A_TIME = 100;

const text = z.string();

const kept = z.object({
  id: text,
  content: z.object(contentFields),
  dueAt: text,
  announce: z.boolean(),
  identities: z.array(text),
  version: z.number(),
  claimed: z.boolean(),
  change: text,
  bodyKey: text.nullable(),
});

const dueRow = z.discriminatedUnion('what', [
  z.object({ sk: text, id: text, what: z.literal('draft'), change: text }),
  z.object({ sk: text, id: text, what: z.literal('article'), seq: z.int() }),
]);

export const dynamoDrafts = (table: Table, bodies: Bodies): Drafts => {
  const read = async (id: string) => {
    const item = await table.get(draftKey(id));
    return item && kept.parse(item);
  };

  /** A text that is gone belongs to a draft that was changed or removed since it was read: it is read once more. */
  const byId = async (id: string): Promise<KeptDraft | undefined> => {
    const found = await read(id);
    if (!found) return undefined;
    const { bodyKey, ...draft } = found;
    if (bodyKey === null) return draft;
    const html = await bodies.read(bodyKey);
    if (html !== undefined) return { ...draft, content: { ...draft.content, html } };
    if ((await read(id))?.bodyKey === bodyKey) throw new Error(`The long text of draft ${id} is missing.`);
    return byId(id);
  };

  /** The name stays with whoever has it: a name of a draft that is gone lets the next draft have its id. */
  const takeName = async (name: string, id: string): Promise<boolean> => {
    const key = draftNameKey(name);
    return (await table.put({ ...key, id }, 'absent')) === 'written' || (await table.get(key))?.['id'] === id;
  };

  /** Refused may mean that our own first try was taken: the marks in the item tell. */
  const isThere = async ({ id, change, claimed }: KeptDraft): Promise<boolean> => {
    const found = await read(id);
    return found?.change === change && found.claimed === claimed;
  };

  return {
    byId,

    async save(draft, before) {
      const names = draft.identities.filter((name) => !before?.identities.includes(name));
      const [hasFirst = true] = await Promise.all(names.map((name) => takeName(name, draft.id)));
      if (!hasFirst && !before) return 'refused';
      // Before the draft itself: a draft that nobody rings for would never come out.
      if (draft.change !== before?.change) await table.put(dueRowOf(draft));
      const item = { ...draftKey(draft.id), ...(await shelved(bodies, draft)) };
      const written = await table.put(item, before ? { is: { change: before.change, claimed: false } } : 'absent');
      return written === 'refused' && (await isThere(draft)) ? 'written' : written;
    },

    async remove(draft, { keepText }) {
      const removed = await table.delete(draftKey(draft.id), {
        is: { change: draft.change, claimed: draft.claimed },
      });
      if (removed === 'written' && !keepText) await bodies.forget(draft.id);
      return removed;
    },

    async due(now, after) {
      const range = { pk: DUE, to: dueUpTo(now), limit: DUE_AT_A_TIME };
      const rows = await table.query(after ? { ...range, after: after.key } : range);
      return rows.map(dueRowFrom);
    },

    async forgetDue(row) {
      await table.delete(
        { pk: DUE, sk: row.key },
        { is: row.what === 'draft' ? { change: row.change } : { seq: row.seq } },
      );
    },
  };
};

const dueRowOf = ({ id, dueAt, change }: KeptDraft): Item => ({
  ...dueKey(dueAt, id, 'draft'),
  what: 'draft',
  id,
  change,
});

const dueRowFrom = (item: Item): DueRow => {
  const { sk, ...row } = dueRow.parse(item);
  return { ...row, key: sk, at: sk.split('#')[0] ?? '' };
};

const shelved = async (bodies: Bodies, draft: KeptDraft) => {
  if (!isLong(draft)) return { ...draft, bodyKey: null };
  const bodyKey = await bodies.keep(draft.id, draft.content.html);
  return { ...draft, content: { ...draft.content, html: '' }, bodyKey };
};
