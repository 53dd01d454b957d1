import * as z from 'zod';
import { InvalidInput } from '../errors.ts';
import { type Answer, json, redirect } from '../http/answer.ts';
import { type Ask, routeFor } from '../http/route.ts';
import type { Table } from '../storage/table.ts';
import type { Job } from './job.ts';
import { jobShown, shownJob } from './shown.ts';
import { cancelJob, type JobOffice, startJob } from './start.ts';

export interface JobPorts extends JobOffice {
  /** Where the newsroom keys are known. */
  readonly keys: Table;
}

const route = routeFor<JobPorts>();

const NO_STORE = { 'cache-control': 'no-store' };
/** A link to a file of addresses is no longer good when somebody finds it in a history. */
const LINK_SECONDS = 300;

const theJob = async ({ jobs }: JobPorts, { params }: Ask): Promise<Job> => {
  const id = params['id'] ?? '';
  const job = /^[0-9a-z]{10,40}$/i.test(id) ? await jobs.byId(id) : undefined;
  if (!job) throw new InvalidInput('There is no job of this id.', { field: 'id', status: 404 });
  return job;
};

const told = (ports: JobPorts, job: Job): Answer => json(200, shownJob(job, ports.now()), NO_STORE);

const linked = async (ports: JobPorts, ask: Ask, what: 'report' | 'result'): Promise<Answer> => {
  const { files, state } = await theJob(ports, ask);
  const file = files[what];
  if (!file) {
    const over = state !== 'running' && state !== 'waiting-for-input';
    const sentence = over ? `This job has no ${what}.` : `The ${what} is there when the job is over.`;
    throw new InvalidInput(sentence, { status: over ? 404 : 409 });
  }
  const { url, expiresAt } = await ports.files.downloadLink(file.key, { ...file, seconds: LINK_SECONDS });
  if ((ask.headers['accept'] ?? '').includes('text/html')) return redirect(302, url, NO_STORE);
  return json(200, { url, expiresAt, name: file.name, contentType: file.contentType, bytes: file.bytes }, NO_STORE);
};

const link = z.object({
  url: z.string(),
  expiresAt: z.string(),
  name: z.string(),
  contentType: z.string(),
  bytes: z.int(),
});

const linkRoute = (what: 'report' | 'result', summary: string) =>
  route({
    method: 'GET',
    path: `/api/v1/jobs/{id}/${what}`,
    access: 'newsroom',
    summary,
    description: 'A browser is sent to the file. The link is good for five minutes; ask again for another.',
    answers: {
      200: { is: 'The link', schema: link },
      302: 'The file, for whoever accepts HTML',
      404: 'There is no such job, or it has no such file',
      409: 'The job is not over yet',
    },
    work: (ports, ask) => linked(ports, ask, what),
  });

/** Long work: how far it is, what became of it. */
export const jobRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/jobs/{id}',
    access: 'newsroom',
    summary: 'How far a job is',
    description:
      '`progress.done` and `of` count what `unit` says; `endsAbout` is when it would be over at the pace so far. `counts` says what became of the items, in the words of the kind of job.',
    answers: { 200: { is: 'The job', schema: jobShown }, 404: 'There is no job of this id' },
    work: async (ports, ask) => told(ports, await theJob(ports, ask)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/jobs/{id}/start',
    access: 'newsroom',
    summary: 'Say that the file of a job is there',
    description: 'Once it has begun, to start it again changes nothing.',
    answers: {
      200: { is: 'The job', schema: jobShown },
      404: 'There is no job of this id',
      409: 'The file is not there yet, or empty',
      413: 'The file is over 2 GB',
    },
    work: async (ports, ask) => told(ports, await startJob(ports, await theJob(ports, ask))),
  }),
  route({
    method: 'POST',
    path: '/api/v1/jobs/{id}/cancel',
    access: 'newsroom',
    summary: 'End a job where it stands',
    description: 'What was done stays done. A job that is over stays as it is.',
    answers: { 200: { is: 'The job', schema: jobShown }, 404: 'There is no job of this id' },
    work: async (ports, ask) => told(ports, await cancelJob(ports, await theJob(ports, ask))),
  }),
  linkRoute('report', 'What became of single items, as a link to JSON lines'),
  linkRoute('result', 'What a job has made, as a link to a file'),
];
