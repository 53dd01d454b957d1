import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { Instant } from '../../../functions/shared/time.ts';

/** Some articles are so long that their text lies in the bucket, beside the table. */
const LONG_EVERY = 40;
const textOf = (title: string, i: number, times: number): string =>
  `${title}. ${'The ferries run. '.repeat(i % LONG_EVERY === 0 ? times : 5)}`;

const htmlOf = (title: string, i: number): string => `<p>${textOf(title, i, 20_000)}</p>`;

export const jsonArticle = (title: string, i: number): string =>
  JSON.stringify({ language: 'en', title, body: { html: htmlOf(title, i) }, externalId: title });

export const markdownArticle = (title: string, i: number): string =>
  `---\ntitle: ${title}\n---\n\n${textOf(title, i, 10_000)}\n`;

/** As Ghost posts it when the post is published. */
export const ghostWebhook = (title: string, i: number, at: Instant): string =>
  JSON.stringify({
    post: {
      current: {
        ...{ id: title, uuid: title, title, html: htmlOf(title, i), status: 'published', visibility: 'public' },
        ...{ published_at: at, updated_at: at, url: `https://blog.example/${i}/` },
      },
    },
  });

/** As Ghost exports it; short texts, since it comes along with the request. */
export const ghostExport = (titles: readonly string[], at: Instant): string =>
  JSON.stringify({
    db: [
      {
        data: {
          posts: titles.map((title, i) => ({
            ...{ id: String(i), uuid: title, title, slug: `old-${i}`, html: `<p>${title}.</p>` },
            ...{ status: 'published', published_at: at, updated_at: at },
          })),
        },
      },
    ],
  });

export const zipOf = async (files: Readonly<Record<string, string>>): Promise<Uint8Array> => {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  return buffer(zip.outputStream);
};
