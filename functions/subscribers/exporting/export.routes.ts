import * as z from 'zod';
import { json } from '../../shared/http/answer.ts';
import { routeFor } from '../../shared/http/route.ts';
import { jobShown, shownJob } from '../../shared/job/shown.ts';
import { makeJob } from '../../shared/job/start.ts';
import type { NewsroomPorts } from '../door.ts';
import { newsletterOf } from '../joining/wish.ts';
import { filter } from '../listing/filter.ts';
import { EXPORT } from './exportJob.ts';

const route = routeFor<NewsroomPorts>();

const wish = filter.extend({ format: z.enum(['csv', 'json']).default('csv') });

export const exportRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/subscribers/export',
    access: 'newsroom',
    summary: 'Write a list of readers to a file',
    description:
      'A job; when it is done, `GET /api/v1/jobs/{id}/result` gives a link to the file that dies after five minutes. One line per subscription; without `state` everybody who ever confirmed something. CSV is safe to open in a spreadsheet: always quoted, and a quotation mark before what it would take for a formula. Whoever changes while the file is written is in it as he was at that moment. Nobody who was erased is in it.',
    accepts: {
      'application/json': wish,
      '': z
        .undefined()
        .or(z.string())
        .transform(() => wish.parse({})),
    },
    answers: {
      201: { is: 'The job', schema: z.object({ job: jobShown }) },
      400: 'A field is not valid; the sentence names it',
    },
    work: async (ports, { body }) => {
      const { format, ...wanted } = body;
      if (wanted.newsletter !== undefined) newsletterOf(ports.house.newsroom, wanted.newsletter);
      const { job } = await makeJob(ports, {
        id: ports.newJobId(),
        kind: EXPORT,
        queue: 'subscriberJobs',
        how: { format, filter: wanted },
        unit: 'subscribers',
        needsInput: false,
      });
      return json(201, { job: shownJob(job, ports.now()) }, { 'cache-control': 'no-store' });
    },
  }),
];
