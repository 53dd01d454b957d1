import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobFilesClient, s3JobFiles } from '../../functions/shared/job/files.s3.ts';
import type { JobFiles } from '../../functions/shared/job/ports.ts';
import { addMs, instant, MINUTE_MS } from '../../functions/shared/time.ts';
import { makeBucket } from '../../infra/local/resources.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';

let emulators: Emulators;
/** The store as it is at the present, and as it was so many minutes ago. */
let filesOf: (minutesAgo: number) => JobFiles;

beforeAll(async () => {
  emulators = await startEmulators();
  const client = jobFilesClient();
  await makeBucket(client, 'jobs-test');
  filesOf = (minutesAgo) =>
    s3JobFiles({ client, bucket: 'jobs-test', now: () => addMs(instant(Date.now()), -minutesAgo * MINUTE_MS) });
});
afterAll(() => emulators.stop());

const asDownload = { name: 'list.csv', contentType: 'text/csv; charset=utf-8', seconds: 300 };

describe('the files of a job', () => {
  test('are read in pieces, and joined in their order', async () => {
    const files = filesOf(0);
    await files.write('a', Buffer.from('one\n'), 'text/plain');
    await files.write('b', Buffer.from('twö\n'), 'text/plain');
    await files.join(
      [
        { key: 'b', bytes: 5 },
        { key: 'a', bytes: 4 },
      ],
      'both',
      'text/plain',
    );
    expect(await files.size('both')).toBe(9);
    expect(Buffer.from(await files.read('both', 0, 100)).toString()).toBe('twö\none\n');
    expect(Buffer.from(await files.read('both', 5, 2)).toString()).toBe('on');
    await files.remove('both');
    expect(await files.size('both')).toBeUndefined();
  });

  test('come by a link, under the name a person understands', async () => {
    await filesOf(0).write('list', Buffer.from('email\n'), 'application/octet-stream');
    const { url } = await filesOf(0).downloadLink('list', asDownload);
    const answer = await fetch(url);
    expect(await answer.text()).toBe('email\n');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="list.csv"');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  });

  test('go by a link, from whoever has it', async () => {
    const { url } = await filesOf(0).uploadLink('sent', 3600);
    expect((await fetch(url, { method: 'PUT', body: 'a,b\n'.repeat(1000) })).status).toBe(200);
    expect(await filesOf(0).size('sent')).toBe(4000);
  });
});

describe('a link', () => {
  test('is dead after five minutes', async () => {
    await filesOf(0).write('list', Buffer.from('email\n'), 'text/csv');
    expect((await fetch((await filesOf(4).downloadLink('list', asDownload)).url)).status).toBe(200);
    expect((await fetch((await filesOf(6).downloadLink('list', asDownload)).url)).status).toBe(403);
  });

  test.each([
    ['lives longer', (url: string) => url.replace('X-Amz-Expires=300', 'X-Amz-Expires=604800')],
    ['was made later', (url: string) => url.replace(/X-Amz-Date=\d{4}/, 'X-Amz-Date=2099')],
    ['names another file', (url: string) => url.replace('/list?', '/other?')],
    ['has another signature', (url: string) => url.replace(/(X-Amz-Signature=)[0-9a-f]/, '$1g')],
    ['has another name for the file', (url: string) => url.replace('list.csv', 'list.exe')],
  ])('is worth nothing when it %s', async (_, forged) => {
    await filesOf(0).write('list', Buffer.from('email\n'), 'text/csv');
    await filesOf(0).write('other', Buffer.from('secret\n'), 'text/csv');
    const { url } = await filesOf(6).downloadLink('list', asDownload);
    expect(forged(url)).not.toBe(url);
    expect((await fetch(forged(url))).status).toBe(403);
  });

  test('for sending a file reads none, and one for reading sends none', async () => {
    await filesOf(0).write('list', Buffer.from('email\n'), 'text/csv');
    const upload = await filesOf(0).uploadLink('list', 3600);
    const download = await filesOf(0).downloadLink('list', asDownload);
    expect((await fetch(upload.url)).status).toBe(403);
    expect((await fetch(download.url, { method: 'PUT', body: 'x' })).status).toBe(403);
    expect((await fetch(download.url, { method: 'DELETE' })).status).toBe(403);
  });
});
