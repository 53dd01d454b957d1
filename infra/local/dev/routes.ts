import { z } from 'zod';
import { instant, msOf, now } from '../../../functions/shared/time.ts';
import type { WebRequest, WebResponse } from '../web/event.ts';
import type { Clock } from './clock.ts';
import { inboxPage, type Mail, mailPage, messageOf } from './inbox.ts';

/** The mails that went out, as the SES emulator keeps them. */
export interface SentMails {
  /** Newest first. */
  list(how: { to?: string; limit: number }): Promise<Mail[]>;
  get(id: string): Promise<Mail | undefined>;
}

interface DevPorts {
  readonly clock: Clock;
  readonly mails: SentMails;
}

const MOST_LISTED = 1000;
const turn = z.strictObject({ now: z.iso.datetime({ offset: true }) });

/** Addresses that only a run on this machine has: the mails it sent, and its clock. */
export const devRoutes =
  (ports: DevPorts) =>
  async (request: WebRequest): Promise<WebResponse> => {
    const [, , what = '', id, part] = request.path.split('/');
    if (what === 'clock' && request.method === 'POST') return turnClock(ports.clock, request);
    if (request.method !== 'GET' && request.method !== 'HEAD') return problem(405, 'This address answers GET only.');
    if (what === 'clock') return json(200, { now: now() });
    if (what === 'inbox' && id !== undefined) return mailAnswer(ports.mails, decodeURIComponent(id), part);
    if (what === 'inbox' || what === 'inbox.json') return listAnswer(ports.mails, request, what === 'inbox');
    return problem(404, 'There is nothing at this address.');
  };

const listAnswer = async (mails: SentMails, request: WebRequest, forPeople: boolean): Promise<WebResponse> => {
  const query = new URLSearchParams(request.query);
  const to = query.get('to')?.toLowerCase();
  const limit = Math.min(Number(query.get('limit') ?? 100) || 100, MOST_LISTED);
  const listed = await mails.list({ limit, ...(to && { to }) });
  return forPeople ? page(inboxPage(listed, to)) : json(200, listed);
};

const mailAnswer = async (mails: SentMails, id: string, part: string | undefined): Promise<WebResponse> => {
  const mail = await mails.get(id);
  return mail ? partOf(mail, part) : problem(404, 'There is no such mail.');
};

const partOf = async (mail: Mail, part: string | undefined): Promise<WebResponse> => {
  if (part === 'raw') return answer(200, 'message/rfc822', mail.raw);
  const message = await messageOf(mail);
  // A foreign document: no scripts and nothing of ours within its reach, but its links and pictures work.
  if (part === 'html') {
    const policy =
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src * data:";
    return answer(200, 'text/html; charset=utf-8', message.html, { 'content-security-policy': policy });
  }
  return page(mailPage(mail, message));
};

const turnClock = async (clock: Clock, request: WebRequest): Promise<WebResponse> => {
  const parsed = turn.safeParse(parseJson(request.body));
  if (!parsed.success) return problem(400, 'The body must be { "now": "2026-01-02T08:00:00Z" }.', 'now');
  const moment = instant(msOf(parsed.data.now));
  if (moment < now()) return problem(400, `The clock goes forward only; it is ${now()}.`, 'now');
  await clock.turnTo(moment);
  return json(200, { now: now() });
};

const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    // Refused by the schema that follows.
    return undefined;
  }
};

const answer = (status: number, contentType: string, body: string, headers = {}): WebResponse => ({
  status,
  headers: {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  },
  body: Buffer.from(body),
});

const json = (status: number, value: unknown): WebResponse =>
  answer(status, 'application/json; charset=utf-8', `${JSON.stringify(value)}\n`);

const page = (html: string): WebResponse =>
  answer(200, 'text/html; charset=utf-8', html, {
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'",
  });

const problem = (status: number, detail: string, field?: string): WebResponse =>
  answer(
    status,
    'application/problem+json',
    JSON.stringify({ type: 'about:blank', title: 'Error', status, detail, field }),
  );
