import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { dynamoSources } from '../../../functions/ingest/sources/sources.dynamo.ts';
import { addMs, MINUTE_MS, msOf } from '../../../functions/shared/time.ts';
import { rss, rssItem } from '../../ingest/sources/someFeeds.ts';
import type { TestSite } from '../../support/httpServer.ts';
import type { Scene } from '../scene.ts';
import { ghostExport, ghostWebhook, jsonArticle, markdownArticle, zipOf } from './articles.ts';
import { type Asked, persistent } from './persistent.ts';

/** What whoever brings articles has to do with. */
export interface Bringing {
  readonly scene: Scene;
  readonly site: TestSite;
  readonly titles: readonly string[];
  /** Courant has taken it upon itself. */
  readonly accept: (title: string) => void;
  /** The day is over: nobody tries again. */
  readonly over: AbortSignal;
}

type Door = (bringing: Bringing) => Promise<void>;

const HANDS_AT_A_DOOR = 2;

/** Some at a time; each is sent again until it is answered. */
const each = async (
  { scene, titles, accept, over }: Bringing,
  asked: (title: string, i: number) => Asked,
): Promise<void> => {
  const waiting = [...titles.entries()];
  const hand = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const [i, title] = one;
      await persistent(scene, over, () => asked(title, i));
      accept(title);
    }
  };
  await Promise.all(Array.from({ length: HANDS_AT_A_DOOR }, hand));
};

const json = { 'content-type': 'application/json' };

const sendJson: Door = (bringing) =>
  each(bringing, (title, i) => ({ path: '/api/v1/articles', headers: json, body: jsonArticle(title, i) }));

const sendMarkdown: Door = (bringing) =>
  each(bringing, (title, i) => ({
    path: '/api/v1/articles?language=en',
    headers: { 'content-type': 'text/markdown' },
    body: markdownArticle(title, i),
  }));

const IN_A_ZIP = 3;

/** Files and zips of files, all at once, as an editor drops them. What becomes of them is read off their reports. */
const layIntoInbox: Door = async ({ scene, titles }) => {
  const inbox = scene.bucket('private');
  const contentType = 'application/octet-stream';
  for (let at = 0; at < titles.length; at += 2 * IN_A_ZIP) {
    const [json, ...pages] = titles.slice(at, at + IN_A_ZIP);
    const zipped = titles.slice(at + IN_A_ZIP, at + 2 * IN_A_ZIP);
    const files = Object.fromEntries(pages.map((title, i) => [`${title}.md`, markdownArticle(title, at + i)]));
    if (json !== undefined) files[`${json}.json`] = jsonArticle(json, at);
    const zip = Object.fromEntries(zipped.map((title, i) => [`${title}.md`, markdownArticle(title, at + i)]));
    for (const [name, text] of Object.entries(files))
      await inbox.put(`inbox/en/${name}`, Buffer.from(text), { contentType });
    if (zipped.length > 0) await inbox.put(`inbox/en/${at}.zip`, await zipOf(zip), { contentType });
  }
  scene.crew.tick();
};

const hook = z.object({ url: z.string(), secret: z.string(), ringUrl: z.string() });

/** A source, and how its CMS reaches us. One that is there already was made by a request that was not answered. */
const addSource = async ({ scene, over }: Bringing, source: Readonly<Record<string, unknown>>) => {
  const body = JSON.stringify({ ...source, language: 'en' });
  await persistent(scene, over, () => ({ path: '/api/v1/sources', headers: json, body, enough: [409] }));
  const answer = await persistent(scene, over, () => ({ method: 'GET', path: `/api/v1/sources/${source['id']}/hook` }));
  return hook.parse(JSON.parse(answer));
};

const ghost: Door = async (bringing) => {
  const { scene } = bringing;
  const { url, secret } = await addSource(bringing, { id: 'blog', url: 'https://blog.example/', paused: true });
  const publishedAt = scene.now();
  await each(bringing, (title, i) => {
    const body = ghostWebhook(title, i, publishedAt);
    // What is sent again is signed again.
    const moment = msOf(scene.now());
    const hex = createHmac('sha256', secret).update(`${body}${moment}`).digest('hex');
    const signature = `sha256=${hex}, t=${moment}`;
    return { path: new URL(url).pathname, headers: { ...json, 'x-ghost-signature': signature }, body };
  });
};

/** A feed: half of it when it is looked at first, all of it when its CMS rings. What it shows has to come in. */
const feed: Door = async (bringing) => {
  const { scene, site, titles, accept, over } = bringing;
  const date = new Date(addMs(scene.now(), -MINUTE_MS)).toUTCString();
  const items = titles.map((title) => rssItem({ guid: title, title, link: `https://city.example/${title}`, date }));
  let shown: readonly string[] = titles.slice(0, Math.ceil(titles.length / 2));
  site.says('/feed', () => ({
    headers: { 'content-type': 'application/rss+xml' },
    body: rss(items.slice(0, shown.length)),
  }));
  const { ringUrl } = await addSource(bringing, { id: 'city', url: `${site.url}/feed` });
  for (const title of shown) accept(title);
  const sources = dynamoSources(scene.table('sources'));
  while (!over.aborted && !(await sources.find('city'))?.state.readAt) await pause(200);
  shown = titles;
  for (const title of shown) accept(title);
  await persistent(scene, over, () => ({ path: new URL(ringUrl).pathname, headers: json, body: '{}' }));
};

const importArchive: Door = async ({ scene, titles, accept, over }) => {
  const input = ghostExport(titles, addMs(scene.now(), -MINUTE_MS));
  const body = JSON.stringify({ format: 'ghost', siteUrl: 'https://old.example', input });
  await persistent(scene, over, () => ({ path: '/api/v1/articles:import', headers: json, body }));
  for (const title of titles) accept(title);
};

/** Every way in. */
export const DOORS: Readonly<Record<string, Door>> = {
  json: sendJson,
  markdown: sendMarkdown,
  inbox: layIntoInbox,
  ghost,
  feed,
  import: importArchive,
};
