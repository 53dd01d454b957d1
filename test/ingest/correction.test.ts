import { expect, test } from 'vitest';
import { aDoor } from './aDoor.ts';

const good = { language: 'en', title: 'A bridge opens', body: { html: '<p>It cost 40 million.</p>' } };

test('a revision may say what it puts right, and the next one says nothing of it', async () => {
  const door = await aDoor();
  const put = (id: string, body: object) => door.call('PUT', `/api/v1/articles/${id}`, { body });
  const { json } = await door.call('POST', '/api/v1/articles', { body: good });
  const id = String(json['id']);
  const right = { ...good, body: { html: '<p>It cost 4 million.</p>' } };
  await put(id, { ...right, correction: '  It cost 4 million,\n not 40. ' });
  // The same again is no other correction.
  const again = await put(id, { ...right, correction: 'It cost 4 million, not 40.' });
  expect(again.json).toMatchObject({ revision: 2, unchanged: true });
  await put(id, { ...right, title: 'A bridge opens at last' });
  const entries = await door.desk.wire.after(0, 10);
  expect(entries.map(({ kind, correction }) => [kind, correction])).toEqual([
    ['published', undefined],
    ['revised', 'It cost 4 million, not 40.'],
    ['revised', undefined],
  ]);
});

test('a correction of a text that was right already is told all the same', async () => {
  const door = await aDoor();
  const { json } = await door.call('POST', '/api/v1/articles', { body: good });
  const path = `/api/v1/articles/${String(json['id'])}`;
  const noted = await door.call('PUT', path, { body: { ...good, correction: 'An earlier text said 400 million.' } });
  expect(noted.json).toMatchObject({ revision: 2 });
});
