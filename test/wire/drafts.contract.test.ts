import { describe, expect, it } from 'vitest';
import { addMs, DAY_MS, HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from '../../functions/shared/time.ts';
import type { Content } from '../../functions/wire/article.ts';
import { currentIn, draftIn, MORNING } from './newsdesk.ts';
import { onEveryStore } from './stores.ts';

const NOON: Instant = addMs(MORNING, 4 * HOUR_MS);
const EVENING: Instant = addMs(MORNING, 10 * HOUR_MS);

onEveryStore((stores) => {
  /** Brings article `a`, which is to wait until noon. */
  const scheduled = async (content: Partial<Content> = {}, dueAt: Instant | null = NOON) => {
    const { desk } = stores();
    return desk.publisher.submit(desk.arriving(content, { externalId: 'a', dueAt }));
  };

  const passTo = (moment: Instant): void => {
    const { desk } = stores();
    desk.pass(Date.parse(moment) - Date.parse(desk.now()));
  };

  describe('a draft', () => {
    it('waits outside: nothing of it can be read on the wire', async () => {
      const { desk } = stores();
      const outcome = await scheduled();
      expect(outcome).toMatchObject({ is: 'drafted', draft: { dueAt: NOON, announce: true } });
      const { id } = draftIn(outcome);
      expect(await desk.wire.head()).toBe(0);
      expect(await desk.articles.byId(id)).toBeUndefined();
      expect(await desk.articles.bySlug('en', 'five-towns-share-one-ferry-timetable')).toBeUndefined();
      expect(await desk.publisher.draft(id)).toEqual(draftIn(outcome));
      expect(desk.bell.rung).toEqual([]);
    });

    it('is changed by the same article brought again, and unchanged by the same content', async () => {
      const { desk } = stores();
      const { id } = draftIn(await scheduled());
      desk.pass(SECOND_MS);
      expect((await scheduled()).is).toBe('unchanged-draft');
      expect(await scheduled({ title: 'Better' }, EVENING)).toMatchObject({
        is: 'drafted',
        draft: { id, dueAt: EVENING },
      });
      expect((await desk.publisher.draft(id))?.content.title).toBe('Better');
      const older = desk.arriving({ title: 'Old' }, { externalId: 'a', dueAt: NOON, version: 1 });
      expect(await desk.publisher.submit(older)).toMatchObject({ is: 'unchanged-draft', draft: { dueAt: EVENING } });
    });

    it('comes out at its moment under its own id, not a second before, and once', async () => {
      const { desk } = stores();
      const { id } = draftIn(await scheduled());
      passTo(addMs(NOON, -SECOND_MS));
      expect(await desk.publisher.ringClock()).toEqual({ published: 0, expired: 0 });
      passTo(NOON);
      expect(await desk.another().ringClock()).toEqual({ published: 1, expired: 0 });
      expect(await desk.articles.byId(id)).toMatchObject({ seq: 1, state: 'live', article: { id, updatedAt: NOON } });
      expect(await desk.publisher.draft(id)).toBeUndefined();
      expect(await desk.publisher.ringClock()).toEqual({ published: 0, expired: 0 });
      expect(await desk.wire.head()).toBe(1);
      expect(desk.bell.rung).toHaveLength(1);
      desk.pass(MINUTE_MS);
      expect((await scheduled()).is).toBe('unchanged');
    });

    it('comes out once, however many clocks ring at the same time', async () => {
      const { desk } = stores();
      await scheduled();
      passTo(NOON);
      const rings = await Promise.all([1, 2, 3].map(() => desk.another().ringClock()));
      expect(rings.reduce((sum, { published }) => sum + published, 0)).toBe(1);
      expect(await desk.wire.head()).toBe(1);
    });

    it('put off does not come out at its old moment', async () => {
      const { desk } = stores();
      await scheduled();
      await scheduled({ title: 'Later' }, EVENING);
      passTo(NOON);
      expect(await desk.publisher.ringClock()).toEqual({ published: 0, expired: 0 });
      passTo(EVENING);
      expect(await desk.publisher.ringClock()).toEqual({ published: 1, expired: 0 });
      expect(await desk.wire.after(0, 10)).toMatchObject([{ article: { title: 'Later' } }]);
    });

    it('that is to come out now comes out now, and not again later', async () => {
      const { desk } = stores();
      const { id } = draftIn(await scheduled());
      desk.pass(SECOND_MS);
      expect(await scheduled({}, null)).toMatchObject({ is: 'new', current: { article: { id } } });
      passTo(EVENING);
      expect(await desk.publisher.ringClock()).toEqual({ published: 0, expired: 0 });
      expect(await desk.wire.head()).toBe(1);
    });

    it('that is retracted is gone, and its id with it', async () => {
      const { desk } = stores();
      const draft = draftIn(await scheduled());
      expect(await desk.publisher.retract(draft.id, 'No.')).toEqual({ is: 'draft-removed', draft });
      expect(await desk.publisher.draft(draft.id)).toBeUndefined();
      passTo(NOON);
      expect(await desk.publisher.ringClock()).toEqual({ published: 0, expired: 0 });
      expect((await desk.publisher.retract(draft.id, 'No.')).is).toBe('unknown');
      const again = await scheduled({}, EVENING);
      expect(again.is).toBe('drafted');
      expect(draftIn(again).id).not.toBe(draft.id);
    });

    it('can be edited by its id, keeps its moment, and comes out as edited', async () => {
      const { desk } = stores();
      const { id } = draftIn(await scheduled());
      const edited = await desk.publisher.revise(id, desk.arriving({ title: 'Edited' }).content, {});
      expect(edited).toMatchObject({ is: 'drafted', draft: { id, dueAt: NOON } });
      passTo(NOON);
      await desk.publisher.ringClock();
      expect((await desk.articles.byId(id))?.article.title).toBe('Edited');
    });

    it('without a date of its own is dated to its moment', async () => {
      const { desk } = stores();
      const submission = desk.arriving({ publishedAt: MORNING }, { externalId: 'a', dueAt: NOON, undated: true });
      const { id } = draftIn(await desk.publisher.submit(submission));
      passTo(NOON);
      await desk.publisher.ringClock();
      expect((await desk.articles.byId(id))?.article.publishedAt).toBe(NOON);
    });

    it('with a text too long for the table comes out whole', async () => {
      const { desk, bucket } = stores();
      const html = `<p>${'Ferries. '.repeat(50_000)}</p>`;
      const { id } = draftIn(await scheduled({ html }));
      expect((await desk.publisher.draft(id))?.content.html).toBe(html);
      passTo(NOON);
      await desk.publisher.ringClock();
      expect((await desk.articles.byId(id))?.article.html).toBe(html);
      await desk.publisher.retract(id, 'No.');
      expect(await bucket.list('bodies/')).toEqual([]);
    });

    it('that nobody announces comes out without being news', async () => {
      const { desk } = stores();
      await desk.publisher.submit(desk.arriving({}, { externalId: 'a', dueAt: NOON, announce: false }));
      passTo(NOON);
      await desk.publisher.ringClock();
      expect(await desk.wire.after(0, 10)).toMatchObject([{ announce: false, announcedSeq: null }]);
    });
  });

  describe('what is out is out', () => {
    it('a later moment on a live article does not hold its revision back', async () => {
      const { desk } = stores();
      await scheduled({}, null);
      desk.pass(SECOND_MS);
      const revised = await scheduled({ title: 'Better', publishedAt: EVENING }, EVENING);
      expect(revised).toMatchObject({ is: 'revised', current: { state: 'live' } });
      expect(currentIn(revised).article.publishedAt <= desk.now()).toBe(true);
      expect((await scheduled({ title: 'Better', publishedAt: EVENING }, EVENING)).is).toBe('unchanged');
    });
  });

  describe('an article’s time is over', () => {
    const expiring = (expiresAt: Instant) => scheduled({ expiresAt }, null);

    it('when the clock says so: it expires at its moment, once', async () => {
      const { desk } = stores();
      const { id } = currentIn(await expiring(NOON)).article;
      passTo(addMs(NOON, -SECOND_MS));
      expect(await desk.publisher.ringClock()).toEqual({ published: 0, expired: 0 });
      passTo(NOON);
      expect(await desk.publisher.ringClock()).toEqual({ published: 0, expired: 1 });
      expect(await desk.publisher.ringClock()).toEqual({ published: 0, expired: 0 });
      expect(await desk.articles.byId(id)).toMatchObject({ seq: 2, state: 'expired', article: { revision: 1 } });
      expect((await desk.wire.after(1, 10))[0]).toMatchObject({ kind: 'expired', before: { topics: ['mobility'] } });
    });

    it('later, if a revision gave it more time', async () => {
      const { desk } = stores();
      await expiring(NOON);
      desk.pass(SECOND_MS);
      await expiring(EVENING);
      passTo(NOON);
      expect(await desk.publisher.ringClock()).toEqual({ published: 0, expired: 0 });
      passTo(EVENING);
      expect(await desk.publisher.ringClock()).toEqual({ published: 0, expired: 1 });
    });

    it('and it may come back, with more time', async () => {
      const { desk } = stores();
      await expiring(NOON);
      passTo(NOON);
      await desk.publisher.ringClock();
      expect(await expiring(EVENING)).toMatchObject({ is: 'revised', current: { state: 'live', announcedSeq: 1 } });
      const kinds = (await desk.wire.after(0, 10)).map(({ kind }) => kind);
      expect(kinds).toEqual(['published', 'expired', 'published']);
    });

    it('and what would come back only later waits for its moment', async () => {
      const { desk } = stores();
      const { id } = currentIn(await expiring(NOON)).article;
      passTo(NOON);
      await desk.publisher.ringClock();
      expect((await scheduled({ title: 'Again' }, EVENING)).is).toBe('drafted');
      expect((await desk.articles.byId(id))?.state).toBe('expired');
      passTo(EVENING);
      await desk.publisher.ringClock();
      expect(await desk.articles.byId(id)).toMatchObject({ state: 'live', article: { title: 'Again' } });
    });
  });

  describe('the clock', () => {
    it('goes on past one draft that fails, and says so at the end', async () => {
      const { desk, table } = stores();
      const { id } = draftIn(await scheduled());
      await desk.publisher.submit(desk.arriving({ title: 'Sound' }, { externalId: 'b', dueAt: EVENING }));
      await table.put({ pk: `DRAFT#${id}`, sk: 'DRAFT', id, broken: true });
      passTo(EVENING);
      await expect(desk.publisher.ringClock()).rejects.toThrow('1 of what was due failed');
      expect(await desk.wire.after(0, 10)).toMatchObject([{ article: { title: 'Sound' } }]);
    });

    it('clears away what leads nowhere, in time', async () => {
      const { desk, table } = stores();
      const { id } = draftIn(await scheduled());
      await desk.publisher.retract(id, 'No.');
      passTo(addMs(NOON, DAY_MS));
      await desk.publisher.ringClock();
      expect(await table.query({ pk: 'DUE' })).toEqual([]);
    });
  });
});
