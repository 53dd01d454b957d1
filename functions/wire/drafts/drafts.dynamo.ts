import * as z from 'zod';
import type { Item, Table, Written } from '../../shared/storage/table.ts';
import { DUE, draftKey, draftNameKey, dueKey, dueUpTo } from '../append/keys.dynamo.ts';
import { isLong } from '../append/log.dynamo.ts';
import { contentFields } from '../append/logged.ts';
import type { Bodies } from '../ports.ts';
import type { Drafts, DueRow, KeptDraft } from './drafts.ts';

const DUE_AT_A_TIME = 100;
/** So many steps without enough drafts, and a page of them ends early: most rows there are of articles that will be over. */
const MOST_STEPS = 10;

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

/** What is left of a draft that came out or was removed, so that its id is never given again. */
const gone = z.object({ id: text, gone: z.literal(true), claimed: z.boolean(), change: text });

/** What tells one state of a draft's item from every other. */
interface Marked {
  readonly id: string;
  readonly change: string;
  readonly claimed: boolean;
  readonly gone?: true;
}

const dueRow = z.discriminatedUnion('what', [
  z.object({ sk: text, id: text, what: z.literal('draft'), change: text }),
  z.object({ sk: text, id: text, what: z.literal('article'), seq: z.int() }),
]);

export const dynamoDrafts = (table: Table, bodies: Bodies): Drafts => {
  const read = async (id: string) => {
    const item = await table.get(draftKey(id));
    if (!item) return undefined;
    return item['gone'] === true ? gone.parse(item) : kept.parse(item);
  };

  /** A text that is gone belongs to a draft that was changed or removed since it was read: it is read once more. */
  const find = async (id: string): Promise<KeptDraft | 'gone' | undefined> => {
    const found = await read(id);
    if (!found) return undefined;
    if ('gone' in found) return 'gone';
    const { bodyKey, ...draft } = found;
    if (bodyKey === null) return draft;
    const html = await bodies.read(bodyKey);
    if (html !== undefined) return { ...draft, content: { ...draft.content, html } };
    if ((await read(id))?.change === draft.change) throw new Error(`The long text of draft ${id} is missing.`);
    return find(id);
  };

  /** A name stays with the draft that has it, until that is gone. */
  const takeName = async (name: string, id: string): Promise<boolean> => {
    const row = { ...draftNameKey(name), id };
    if ((await table.put(row, 'absent')) === 'written') return true;
    const owner = String((await table.get(draftNameKey(name)))?.['id']);
    if (owner === id) return true;
    const owned = await read(owner);
    return owned !== undefined && 'gone' in owned && (await table.put(row, { is: { id: owner } })) === 'written';
  };

  /**
   * Puts it in place of a draft that still is as it was read. Refused may mean that our own first try was taken: the
   * marks in the item tell.
   */
  const replace = async (item: Marked, before: KeptDraft | undefined): Promise<Written> => {
    const condition = before ? { is: { change: before.change, claimed: before.claimed, gone: undefined } } : 'absent';
    if ((await table.put({ ...draftKey(item.id), ...item }, condition)) === 'written') return 'written';
    const found = await read(item.id);
    const isOurs = found && item.change === found.change && item.claimed === found.claimed;
    return isOurs && 'gone' in item === 'gone' in found ? 'written' : 'refused';
  };

  /** A draft that was put off has left rows behind; the one that bears its mark is where it stands. */
  const standingAt = async (row: DueRow): Promise<KeptDraft | undefined> => {
    const draft = row.what === 'draft' ? await find(row.id) : undefined;
    return draft && draft !== 'gone' && row.what === 'draft' && draft.change === row.change ? draft : undefined;
  };

  return {
    find,

    async save(draft, before) {
      const names = draft.identities.filter((name) => !before?.identities.includes(name));
      const [hasFirst = true] = await Promise.all(names.map((name) => takeName(name, draft.id)));
      if (!hasFirst && !before) return 'refused';
      // Before the draft itself: a draft that nobody rings for would never come out.
      if (draft.change !== before?.change) await table.put(dueRowOf(draft));
      return replace(await shelved(bodies, draft), before);
    },

    async remove(draft, { keepText }) {
      const { id, change, claimed } = draft;
      const removed = await replace({ id, change, claimed, gone: true }, draft);
      if (removed === 'written' && !keepText) await bodies.forget(id);
      return removed;
    },

    async due(now, after) {
      const range = { pk: DUE, to: dueUpTo(now), limit: DUE_AT_A_TIME };
      const rows = await table.query(after ? { ...range, after: after.key } : range);
      return rows.map(dueRowFrom);
    },

    async waiting(after, limit) {
      const items: KeptDraft[] = [];
      let place = after;
      for (let step = 0; step < MOST_STEPS && items.length < limit; step++) {
        const range = { pk: DUE, limit: limit - items.length };
        const rows = await table.query(place === undefined ? range : { ...range, after: place });
        const found = await Promise.all(rows.map(dueRowFrom).map(standingAt));
        items.push(...found.filter((draft) => draft !== undefined));
        if (rows.length < range.limit) return { items, next: undefined };
        place = rows.at(-1)?.sk;
      }
      return { items, next: place };
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
