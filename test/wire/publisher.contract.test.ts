import { describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../functions/shared/time.ts';
import { currentIn } from './newsdesk.ts';
import { onEveryStore } from './stores.ts';

onEveryStore((stores) => {
  describe('an article goes onto the wire', () => {
    it('as the first entry, whole, and rings at the readers’ door', async () => {
      const { desk } = stores();
      const outcome = await desk.publisher.submit(desk.arriving({ title: 'Five towns, one timetable' }));
      expect(outcome.is).toBe('new');
      const current = currentIn(outcome);
      expect(current).toMatchObject({
        seq: 1,
        state: 'live',
        announcedSeq: 1,
        article: { revision: 1, slug: 'five-towns-one-timetable', updatedAt: desk.now() },
      });
      const [entry] = await desk.wire.after(0, 10);
      expect(entry).toMatchObject({
        seq: 1,
        kind: 'published',
        announce: true,
        before: null,
        article: current.article,
      });
      expect(await desk.wire.head()).toBe(1);
      expect(desk.bell.rung).toHaveLength(1);
    });

    it('and is found by its id, among others, and by its slug', async () => {
      const { desk } = stores();
      const one = currentIn(await desk.publisher.submit(desk.arriving({ title: 'One' })));
      const two = currentIn(await desk.publisher.submit(desk.arriving({ title: 'Two' })));
      expect(await desk.articles.byId(one.article.id)).toEqual(one);
      expect(await desk.articles.byIds([two.article.id, 'nobody', one.article.id])).toEqual([two, one]);
      expect(await desk.articles.bySlug('en', 'two')).toEqual(two);
      expect(await desk.articles.bySlug('fr', 'two')).toBeUndefined();
      expect(await desk.articles.byId('nobody')).toBeUndefined();
    });

    it('once: the same again, later and from another process, is unchanged', async () => {
      const { desk } = stores();
      const first = await desk.publisher.submit(desk.arriving({}, { externalId: 'a-1' }));
      desk.pass(MINUTE_MS);
      const again = await desk.another().submit(desk.arriving({}, { externalId: 'a-1' }));
      expect(again).toEqual({ is: 'unchanged', current: currentIn(first) });
      expect(await desk.wire.head()).toBe(1);
    });

    it('without a date of its own, and is unchanged although it arrives later', async () => {
      const { desk } = stores();
      const arriving = () => desk.arriving({ publishedAt: desk.now() }, { externalId: 'a-1', undated: true });
      await desk.publisher.submit(arriving());
      const published = desk.now();
      desk.pass(MINUTE_MS);
      expect((await desk.publisher.submit(arriving())).is).toBe('unchanged');
      desk.pass(MINUTE_MS);
      const edited = await desk.publisher.submit({ ...arriving(), content: { ...arriving().content, title: 'New' } });
      expect(edited.is).toBe('revised');
      expect(currentIn(edited).article.publishedAt).toBe(published);
    });

    it('with other content as the next revision, which wins if it is later', async () => {
      const { desk } = stores();
      await desk.publisher.submit(desk.arriving({}, { externalId: 'a-1', version: 5 }));
      const revised = await desk.publisher.submit(
        desk.arriving({ title: 'Better', topics: ['housing'] }, { externalId: 'a-1', version: 6 }),
      );
      expect(revised).toMatchObject({ is: 'revised', current: { seq: 2, announcedSeq: 1, article: { revision: 2 } } });
      const late = await desk.publisher.submit(desk.arriving({ title: 'Worse' }, { externalId: 'a-1', version: 4 }));
      expect(late).toEqual({ is: 'older', current: currentIn(revised) });
      const entries = await desk.wire.after(0, 10);
      expect(entries.map(({ kind }) => kind)).toEqual(['published', 'revised']);
      expect(entries[1]?.before).toEqual({ language: 'en', topics: ['mobility'] });
    });

    it('past its end as expired, so that no reader ever shows it', async () => {
      const { desk } = stores();
      const outcome = await desk.publisher.submit(desk.arriving({ expiresAt: '2026-01-01T00:00:00.000Z' }));
      expect(outcome).toMatchObject({ is: 'new', current: { state: 'expired', announcedSeq: null } });
      expect(await desk.wire.after(0, 10)).toMatchObject([{ kind: 'expired', announce: false }]);
    });
  });

  describe('an article is recognised', () => {
    it('by the address too, in every spelling of it', async () => {
      const { desk } = stores();
      await desk.publisher.submit(desk.arriving({ url: 'https://City.example/news/1/' }, { externalId: 'a-1' }));
      desk.pass(SECOND_MS);
      const again = desk.arriving({ url: 'http://city.example/news/1?utm_source=mail', title: 'Once more' });
      expect((await desk.publisher.submit(again)).is).toBe('revised');
    });

    it('by its text, where nothing else is given', async () => {
      const { desk } = stores();
      const first = await desk.publisher.submit(desk.arriving());
      desk.pass(SECOND_MS);
      expect((await desk.publisher.submit(desk.arriving())).is).toBe('unchanged');
      const other = await desk.publisher.submit(desk.arriving({ html: '<p>Something else.</p>' }));
      expect(other.is).toBe('new');
      expect(currentIn(other).article.id).not.toBe(currentIn(first).article.id);
    });

    it('only within its source: another’s id of the same name is another article', async () => {
      const { desk } = stores();
      await desk.publisher.submit(desk.arriving({}, { externalId: '1', source: 'api' }));
      const other = await desk.publisher.submit(desk.arriving({}, { externalId: '1', source: 'cms' }));
      expect(other.is).toBe('new');
    });

    it('under a name that came with refused content', async () => {
      const { desk } = stores();
      const url = 'https://city.example/news/1';
      const first = currentIn(await desk.publisher.submit(desk.arriving({ url }, { externalId: 'a-1', version: 2 })));
      const refused = desk.arriving({ url, title: 'Old' }, { externalId: 'b-1', version: 1 });
      expect(await desk.publisher.submit(refused)).toEqual({ is: 'older', current: first });
      const moved = desk.arriving({ title: 'Old', url: 'https://city.example/2' }, { externalId: 'b-1', version: 1 });
      expect(await desk.publisher.submit(moved)).toMatchObject({ is: 'older', current: { article: first.article } });
      const kinds = (await desk.wire.after(0, 10)).map(({ kind }) => kind);
      expect(kinds).toEqual(['published', 'aliased', 'aliased']);
      expect((await desk.articles.byId(first.article.id))?.seq).toBe(1);
      expect(desk.bell.rung).toHaveLength(1);
    });

    it('and keeps its identities: one that two articles would have stays with the first', async () => {
      const { desk } = stores();
      const one = currentIn(await desk.publisher.submit(desk.arriving({ url: 'https://city.example/1' })));
      const two = currentIn(await desk.publisher.submit(desk.arriving({ title: 'Two' }, { externalId: 'b' })));
      desk.pass(SECOND_MS);
      await desk.publisher.submit(desk.arriving({ url: 'https://city.example/1' }, { externalId: 'b' }));
      desk.pass(SECOND_MS);
      const third = await desk.publisher.submit(desk.arriving({ url: 'https://city.example/1', title: 'Three' }));
      expect(currentIn(third).article.id).toBe(one.article.id);
      expect((await desk.articles.byId(two.article.id))?.article.revision).toBe(2);
    });
  });

  describe('a slug', () => {
    it('is one article’s: the next of the same title gets a number', async () => {
      const { desk } = stores();
      const slugs = [];
      for (let i = 0; i < 14; i++) {
        const outcome = await desk.publisher.submit(desk.arriving({ title: 'Weekly notes' }, { externalId: `n-${i}` }));
        slugs.push(currentIn(outcome).article.slug);
      }
      expect(slugs.slice(0, 3)).toEqual(['weekly-notes', 'weekly-notes-2', 'weekly-notes-3']);
      expect(new Set(slugs).size).toBe(14);
      const french = await desk.publisher.submit(
        desk.arriving({ title: 'Weekly notes', language: 'fr' }, { externalId: 'f' }),
      );
      expect(currentIn(french).article.slug).toBe('weekly-notes');
    });

    it('follows the title, and the old one still leads to the article', async () => {
      const { desk } = stores();
      const { id } = currentIn(
        await desk.publisher.submit(desk.arriving({ title: 'Before' }, { externalId: 'a' })),
      ).article;
      await desk.publisher.submit(desk.arriving({ title: 'Before' }, { externalId: 'b' }));
      desk.pass(SECOND_MS);
      await desk.publisher.submit(desk.arriving({ title: 'After' }, { externalId: 'a' }));
      expect((await desk.articles.bySlug('en', 'before'))?.article).toMatchObject({ id, slug: 'after' });
      desk.pass(SECOND_MS);
      const back = await desk.publisher.submit(desk.arriving({ title: 'Before' }, { externalId: 'a' }));
      expect(currentIn(back).article.slug).toBe('before');
    });

    it('stays when the title only changes its dress', async () => {
      const { desk } = stores();
      await desk.publisher.submit(desk.arriving({ title: 'Notes' }, { externalId: 'a' }));
      await desk.publisher.submit(desk.arriving({ title: 'Notes' }, { externalId: 'b' }));
      desk.pass(SECOND_MS);
      const outcome = await desk.publisher.submit(desk.arriving({ title: 'NOTES!' }, { externalId: 'b' }));
      expect(currentIn(outcome).article.slug).toBe('notes-2');
    });
  });

  describe('old news', () => {
    it('is not announced, and neither is its revision unless somebody asks', async () => {
      const { desk } = stores();
      const bring = async (title: string, announce: boolean | undefined) => {
        desk.pass(SECOND_MS);
        return currentIn(await desk.publisher.submit(desk.arriving({ title }, { externalId: 'a', announce })));
      };
      expect((await bring('Imported', false)).announcedSeq).toBeNull();
      expect((await bring('Corrected', undefined)).announcedSeq).toBeNull();
      expect((await bring('News after all', true)).announcedSeq).toBe(3);
      expect((await bring('And revised', undefined)).announcedSeq).toBe(3);
      const announced = (await desk.wire.after(0, 10)).map(({ announce }) => announce);
      expect(announced).toEqual([false, false, true, true]);
    });
  });

  describe('an edit of an article', () => {
    it('wins over every version before it', async () => {
      const { desk } = stores();
      const bring = (version: number, title: string) =>
        desk.publisher.submit(desk.arriving({ title }, { externalId: 'a', source: 'cms', version }));
      const { article } = currentIn(await bring(8e15, 'From a clock far ahead'));
      const { content } = desk.arriving({ title: 'Edited' });
      expect((await desk.publisher.revise(article.id, content, {})).is).toBe('revised');
      expect((await bring(8e15, 'From the source again')).is).toBe('older');
      expect((await desk.publisher.revise(article.id, content, {})).is).toBe('unchanged');
    });

    it('is refused where it was made for another revision, unless it is there already', async () => {
      const { desk } = stores();
      const { article } = currentIn(await desk.publisher.submit(desk.arriving()));
      const { content } = desk.arriving({ title: 'Edited' });
      expect((await desk.publisher.revise(article.id, content, { ifRevision: 1 })).is).toBe('revised');
      expect((await desk.publisher.revise(article.id, content, { ifRevision: 1 })).is).toBe('unchanged');
      const other = await desk.publisher.revise(article.id, { ...content, title: 'Other' }, { ifRevision: 1 });
      expect(other).toMatchObject({ is: 'conflict', current: { article: { revision: 2, title: 'Edited' } } });
      expect((await desk.publisher.revise('nobody', content, {})).is).toBe('unknown');
    });
  });
});
