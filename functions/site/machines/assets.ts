import * as z from 'zod';
import { type Answer, text } from '../../shared/http/answer.ts';
import { stylesheetOf } from '../../shared/page/stylesheet.ts';
import { nothingHere } from '../pages/page.ts';
import { type Site, siteRoute } from '../ports.ts';

const TYPES: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  ico: 'image/x-icon',
};

/** The newsroom may change a picture and keep its name. */
const SOME_MINUTES = 'public, max-age=300, stale-while-revalidate=3600';
const FOR_EVER = 'public, max-age=31536000, immutable';

export const stylesheetRoute = siteRoute({
  method: 'GET',
  path: '/assets/site.css',
  access: 'public',
  summary: 'The stylesheet of all pages',
  query: z.object({ v: z.unknown() }),
  answers: { 200: 'The stylesheet in the newsroom’s colours.' },
  work: ({ house }, { query: { v } }) => {
    const { css, version } = stylesheetOf(house);
    // A page of the next version may ask this one while they change places.
    const cache = v === version ? FOR_EVER : SOME_MINUTES;
    return text(200, 'text/css; charset=utf-8', css, { 'cache-control': cache });
  },
});

export const assetRoutes = [
  siteRoute({
    method: 'GET',
    path: '/assets/{file}',
    access: 'public',
    summary: 'A picture of the site’s own',
    answers: { 200: 'The file.', 404: 'There is no such file.' },
    work: (site, { params }) => fileAnswer(site, params['file'] ?? ''),
  }),
  siteRoute({
    method: 'GET',
    path: '/assets/samples/{file}',
    access: 'public',
    summary: 'A picture of the sample articles',
    answers: { 200: 'The file.', 404: 'There is no such file.' },
    work: (site, { params }) => fileAnswer(site, params['file'] ?? '', 'samples/'),
  }),
  siteRoute({
    method: 'GET',
    path: '/favicon.ico',
    access: 'public',
    summary: 'The site’s icon',
    answers: { 200: 'A PNG picture: every browser looks at the bytes, not at the name.' },
    work: (site) => fileAnswer(site, 'favicon.png'),
  }),
];

/** A name and an ending, no dots before: nothing that could lead out of the folder. */
const FILE = /^[a-z0-9][\w-]*\.([a-z]+)$/i;

const fileAnswer = async ({ house }: Site, file: string, folder: '' | 'samples/' = ''): Promise<Answer> => {
  const type = TYPES[FILE.exec(file)?.[1] ?? ''];
  if (!type) throw nothingHere();
  return text(200, type, await read(house.templates, `site/assets/${folder}${file}`), {
    'cache-control': SOME_MINUTES,
    // An SVG that is opened as a page of its own must not run anything.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  });
};

const read = async (templates: Site['house']['templates'], path: string): Promise<Uint8Array> => {
  try {
    return await templates.file(path);
  } catch (error) {
    // No such file: the address is wrong, not the site.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw nothingHere();
    throw error;
  }
};
