import * as z from 'zod';
import { InvalidInput } from '../../shared/errors.ts';
import { json } from '../../shared/http/answer.ts';
import { routeFor } from '../../shared/http/route.ts';
import { jobShown, shownJob } from '../../shared/job/shown.ts';
import { makeJob } from '../../shared/job/start.ts';
import type { NewsroomPorts } from '../door.ts';
import { newsletterOf } from '../joining/wish.ts';
import { statement } from './how.ts';
import { IMPORT } from './importJob.ts';
import { MEANINGS } from './reading/columns.ts';

const route = routeFor<NewsroomPorts>();

const wish = z.strictObject({
  newsletter: z.string().max(100).optional(),
  consent: statement.optional(),
  dryRun: z.boolean().default(false),
  columns: z.record(z.string().max(200), z.enum(MEANINGS)).default({}),
  /** The file itself, where it is small enough to come along. */
  input: z.string().min(1).optional(),
});

const uploadShown = z.object({ method: z.literal('PUT'), url: z.string(), expiresAt: z.string() });

export const importRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/subscribers/import',
    access: 'newsroom',
    summary: 'Bring a list of readers in',
    description:
      'A job. The file is CSV or JSON (an array, or one object per line), and columns are understood by their names, in English, French and Spanish and as Mailchimp, Ghost and listmonk write them; the job’s `notes` say what each was taken for. A file of up to 900,000 bytes may come along as `input`, and the job begins at once; for a larger one (up to 2 GB) the answer has an upload link: PUT the file there, then POST to `/api/v1/jobs/{id}/start`. With `consent` the rows are readers from then on, and the statement stands in each one’s record; without it everybody is asked by one mail, a hundred a minute. An import only adds: it changes nothing for whoever is a reader, has left, bounced, complained or was erased. Counts: `joined`, `asked`, `known`, `has-left`, `waiting`, `suppressed`, `repeated`, `not-asked`, `left-there` (the file says so), `refused`; the report names each row that was not brought in by its line.',
    accepts: { 'application/json': wish },
    answers: {
      201: {
        is: 'The job; with `upload` where the file is still to come',
        schema: z.object({ job: jobShown, upload: uploadShown.optional() }),
      },
      400: 'A field is not valid; the sentence names it',
    },
    work: async (ports, { body }) => {
      const { newsletter, consent = null, dryRun, columns, input } = body;
      const how = { newsletter: newsletterOf(ports.house.newsroom, newsletter).id, consent, dryRun, columns };
      const asked = {
        id: ports.newJobId(),
        kind: IMPORT,
        queue: 'subscriberJobs',
        how,
        unit: 'bytes',
        needsInput: true,
      };
      const { job, upload } = await makeJob(ports, asked, input === undefined ? undefined : fileOf(input));
      const link = upload && { upload: { method: 'PUT' as const, ...upload } };
      return json(201, { job: shownJob(job, ports.now()), ...link }, { 'cache-control': 'no-store' });
    },
  }),
];

const MOST_BYTES = 900_000;

const fileOf = (input: string) => {
  const bytes = Buffer.from(input);
  if (bytes.length > MOST_BYTES)
    throw new InvalidInput('The field “input” is over 900,000 bytes: leave it out, and use the upload link.', {
      field: 'input',
      status: 413,
    });
  return { bytes, contentType: 'application/octet-stream' };
};
