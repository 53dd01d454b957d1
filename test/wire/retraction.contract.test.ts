import { describe, expect, it } from 'vitest';
import { SECOND_MS } from '../../functions/shared/time.ts';
import { entryKey } from '../../functions/wire/append/keys.dynamo.ts';
import { currentIn } from './newsdesk.ts';
import { onEveryStore } from './stores.ts';

const SECRET = 'Told in error';

onEveryStore((stores) => {
  const publishedTwice = async () => {
    const { desk } = stores();
    await desk.publisher.submit(desk.arriving({ summary: SECRET, html: `<p>${SECRET}.</p>` }, { externalId: 'a' }));
    desk.pass(SECOND_MS);
    const again = desk.arriving({ summary: SECRET, html: `<p>${SECRET}, twice.</p>` }, { externalId: 'a' });
    return currentIn(await desk.publisher.submit(again)).article;
  };

  describe('a retraction', () => {
    it('is an entry of its own, with the reason, and leaves what a page needs to say so', async () => {
      const { desk } = stores();
      const { id, title, slug } = await publishedTwice();
      const outcome = await desk.publisher.retract(id, 'A name was wrong.');
      expect(outcome).toMatchObject({
        is: 'retracted',
        current: { seq: 3, state: 'retracted', reason: 'A name was wrong.', announcedSeq: 1 },
      });
      expect(currentIn(outcome).article).toMatchObject({ title, slug, html: '', summary: null, revision: 3 });
      expect(await desk.articles.bySlug('en', slug)).toEqual(currentIn(outcome));
    });

    it('takes the text out of everything the wire ever said of the article, and of nothing else', async () => {
      const { desk } = stores();
      const other = currentIn(await desk.publisher.submit(desk.arriving({ title: 'Other' }, { externalId: 'b' })));
      const { id } = await publishedTwice();
      await desk.publisher.retract(id, 'An error.');
      const entries = await desk.wire.after(0, 10);
      expect(entries.map(({ kind }) => kind)).toEqual(['published', 'published', 'revised', 'retracted']);
      expect(JSON.stringify(entries)).not.toContain(SECRET);
      expect(entries[0]?.article).toEqual(other.article);
      expect(entries[1]?.article.title).toBe('Five towns share one ferry timetable');
    });

    it('holds: the same article brought again, by whatever name, stays away', async () => {
      const { desk } = stores();
      const url = 'https://city.example/1';
      const { article } = currentIn(await desk.publisher.submit(desk.arriving({ url }, { externalId: 'a' })));
      await desk.publisher.retract(article.id, 'An error.');
      desk.pass(SECOND_MS);
      expect((await desk.publisher.submit(desk.arriving({ url, title: 'Again' }))).is).toBe('retracted');
      expect((await desk.publisher.submit(desk.arriving({ title: 'Again' }, { externalId: 'a' }))).is).toBe(
        'retracted',
      );
      expect((await desk.publisher.revise(article.id, desk.arriving().content, {})).is).toBe('retracted');
      expect(await desk.wire.head()).toBe(2);
    });

    it('may be repeated', async () => {
      const { desk } = stores();
      const { id } = await publishedTwice();
      const first = await desk.publisher.retract(id, 'An error.');
      expect(await desk.publisher.retract(id, 'Another.')).toEqual({ ...first, is: 'already-retracted' });
      expect(await desk.publisher.retract('nobody', 'An error.')).toEqual({ is: 'unknown' });
      expect(await desk.wire.head()).toBe(3);
    });

    it('that died half way is finished by whoever comes next', async () => {
      const { desk, table } = stores();
      const { id } = await publishedTwice();
      await desk.publisher.retract(id, 'An error.');
      // As a crash leaves it: the entry is written, nothing is projected, nothing is blanked.
      const [first, , third] = await Promise.all([1, 2, 3].map((seq) => table.get(entryKey(seq))));
      if (!first || !third) throw new Error('The entries are there.');
      await table.put({ ...first, article: { ...Object(first['article']), html: `<p>${SECRET}</p>` } });
      await table.put({ pk: 'WIRE', sk: 'HEAD', seq: 2 });
      await desk.another().ringClock();
      expect(JSON.stringify(await desk.wire.after(0, 10))).not.toContain(SECRET);
      expect(await table.get({ pk: 'WIRE', sk: 'HEAD' })).toMatchObject({ seq: 3 });
    });
  });

  describe('a text too long for the table', () => {
    const long = `<p>${'Ferries, é. '.repeat(40_000)}</p>`;

    it('lies in the bucket and is read back whole, by every way', async () => {
      const { desk, bucket } = stores();
      const first = currentIn(await desk.publisher.submit(desk.arriving({ html: long }, { externalId: 'a' })));
      expect(first.article.html).toBe(long);
      expect((await desk.articles.byId(first.article.id))?.article.html).toBe(long);
      expect((await desk.wire.after(0, 10))[0]?.article.html).toBe(long);
      expect(await bucket.list('bodies/')).toHaveLength(1);
      const again = await desk.publisher.submit(desk.arriving({ html: long }, { externalId: 'a' }));
      expect(again).toEqual({ is: 'unchanged', current: first });
    });

    it('is removed by the retraction, and not with another article that says the same', async () => {
      const { desk, bucket } = stores();
      const one = currentIn(await desk.publisher.submit(desk.arriving({ html: long }, { externalId: 'a' })));
      const two = currentIn(await desk.publisher.submit(desk.arriving({ html: long }, { externalId: 'b' })));
      await desk.publisher.retract(one.article.id, 'An error.');
      expect(await bucket.list(`bodies/${one.article.id}/`)).toEqual([]);
      expect((await desk.articles.byId(two.article.id))?.article.html).toBe(long);
      expect((await desk.wire.after(0, 10))[0]?.article.html).toBe('');
    });
  });
});
