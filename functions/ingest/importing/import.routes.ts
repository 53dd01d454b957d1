import * as z from 'zod';
import type { Newsroom } from '../../shared/config.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { json } from '../../shared/http/answer.ts';
import { routeFor } from '../../shared/http/route.ts';
import { jobShown, shownJob } from '../../shared/job/shown.ts';
import { type JobOffice, makeJob } from '../../shared/job/start.ts';
import type { Table } from '../../shared/storage/table.ts';
import { IMPORT, importHow } from './how.ts';

/** What it takes to begin an import. */
export interface ImportPorts extends JobOffice {
  readonly newsroom: Newsroom;
  readonly keys: Table;
  readonly newJobId: () => string;
}

const route = routeFor<ImportPorts>();

const wish = importHow.extend({
  input: z
    .string()
    .min(1)
    .optional()
    .describe('The export itself, where it is short enough to come along (not a zip).'),
});

/** Together with what else the request says, under the megabyte that a request may have. */
const MOST_BYTES = 900_000;

export const importRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/articles:import',
    access: 'newsroom',
    summary: 'Bring an archive in',
    description:
      'A job. The file is a WordPress export (WXR), a Ghost export (JSON), or a zip of Markdown, HTML and JSON files. One of up to 900,000 bytes ' +
      'may come along as `input`, and the job begins at once; else the answer has an upload link: PUT the file there, then POST to ' +
      '`/api/v1/jobs/{id}/start`. What is imported is in pages and archives and is not announced: no feed, no mail. What is not public there is a ' +
      'draft here. The same file again changes nothing, and what was changed here since stays. Counts: `new`, `revised`, `unchanged`, `older`, ' +
      '`retracted`, `draft`, `passed-over` (pages, pictures), `refused`, and `sound` in a dry run; the report names every item and what became of ' +
      'it, the `notes` which of their topics nobody here knows.',
    accepts: { 'application/json': wish },
    answers: {
      201: {
        is: 'The job; with `upload` where the file is still to come.',
        schema: z.object({
          job: jobShown,
          upload: z.object({ method: z.literal('PUT'), url: z.string(), expiresAt: z.string() }).optional(),
        }),
      },
      400: 'Something is wrong with what was sent; `field` says where.',
      401: 'The newsroom key is missing or wrong.',
      413: 'The export is too long to come along.',
    },
    work: async (ports, { body }) => {
      const { newsroom, newJobId, now } = ports;
      const { input, ...how } = body;
      checked(how, newsroom);
      const asked = { id: newJobId(), kind: IMPORT, queue: 'articleJobs', how, unit: 'bytes', needsInput: true };
      const { job, upload } = await makeJob(ports, asked, input === undefined ? undefined : fileOf(input));
      const link = upload && { upload: { method: 'PUT' as const, ...upload } };
      return json(201, { job: shownJob(job, now()), ...link }, { 'cache-control': 'no-store' });
    },
  }),
];

const checked = ({ language, topics }: z.output<typeof importHow>, { languages, topics: ours }: Newsroom): void => {
  if (language !== undefined && !languages.some(({ id }) => id === language)) {
    const known = languages.map(({ id }) => id).join(', ');
    throw new InvalidInput(`The language is none of this newsroom’s: ${known}.`, { field: 'language' });
  }
  for (const [name, id] of Object.entries(topics)) {
    if (ours.some((topic) => topic.id === id)) continue;
    throw new InvalidInput(`It names no topic of this newsroom; there are ${ours.map((one) => one.id).join(', ')}.`, {
      field: `topics.${name}`.slice(0, 100),
    });
  }
};

const fileOf = (input: string) => {
  const bytes = Buffer.from(input);
  if (bytes.length <= MOST_BYTES) return { bytes, contentType: 'application/octet-stream' };
  throw new InvalidInput('The field “input” is over 900,000 bytes: leave it out, and use the upload link.', {
    field: 'input',
    status: 413,
  });
};
