import * as z from 'zod';
import { json } from '../shared/http/answer.ts';
import { routeFor } from '../shared/http/route.ts';
import { type Entry, isPublic } from './entry.ts';
import type { Wire } from './ports.ts';

interface WirePorts {
  readonly wire: Wire;
}

const MOST_ENTRIES = 100;

const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'it is not a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `it is not between ${least} and ${most}`);

const query = z.strictObject({
  after: number(0, Number.MAX_SAFE_INTEGER).default(0),
  limit: number(1, MOST_ENTRIES).default(50),
});

const shown = z.object({
  seq: z.int().describe('Its number on the wire. Numbers of entries that change nothing for readers are left out.'),
  kind: z.enum(['published', 'revised', 'retracted', 'expired']),
  at: z.iso.datetime(),
  announce: z.boolean().describe('Whether it is news: false for imports and the like.'),
  announcedSeq: z.int().nullable(),
  reason: z.string().nullable().describe('Why it was retracted.'),
  correction: z.string().optional().describe('What the revision puts right.'),
  article: z.looseObject({ id: z.string(), language: z.string(), revision: z.int(), title: z.string() }),
});

const answered = z.object({
  items: z.array(shown),
  next: z.int().optional().describe('There may be more: ask again with this as “after”.'),
});

export const wireRoutes = [
  routeFor<WirePorts>()({
    method: 'GET',
    path: '/api/v1/wire',
    access: 'newsroom',
    summary: 'Read the wire',
    description: 'Everything that became public or ceased to be, in order. Remember the last seq you have seen.',
    query,
    answers: {
      200: { is: 'Entries after the given one.', schema: answered },
      400: 'A parameter is wrong.',
      401: 'The newsroom key is missing or wrong.',
    },
    work: async ({ wire }, { query: { after, limit } }) => {
      const page = await wire.after(after, limit);
      const last = page.at(-1);
      const next = last && page.length === limit ? { next: last.seq } : {};
      return json(200, { items: page.filter(isPublic).map(shownEntry), ...next }, { 'cache-control': 'no-store' });
    },
  }),
];

/** Without what is the wire's own: names and attempts. */
const shownEntry = ({ seq, kind, at, announce, announcedSeq, reason, correction, article }: Entry) => ({
  seq,
  kind,
  at,
  announce,
  announcedSeq,
  reason,
  ...(correction !== undefined && { correction }),
  article,
});
