import * as z from 'zod';
import { InvalidInput } from '../shared/errors.ts';
import { type Answer, json } from '../shared/http/answer.ts';
import { type Ask, routeFor } from '../shared/http/route.ts';
import { checkCuration } from './asking/checkCuration.ts';
import { curationOf, type Edit, edit } from './asking/curating.ts';
import { editionIn, editorOf, noEdition } from './asking/found.ts';
import type { Newsletters } from './asking/newsletters.ts';
import { curationSchema } from './ledger/curation.ts';
import type { Edition } from './ledger/edition.ts';

const route = routeFor<Newsletters>();

const PATH = '/api/v1/editions/{id}';

const curationView = curationSchema.extend({
  version: z.int().describe('0: untouched. The `If-Match` of the next change, in quotes.'),
  by: z.string().nullable().describe('Who changed it last: the name of his key, else what he said in `X-Editor`.'),
  at: z.string().nullable(),
});

const editing = {
  200: { is: 'The curation as it is now; the mails are composed anew in a moment.', schema: curationView },
  403: 'Somebody else must approve this newsletter, and the key does not say whose it is.',
  404: 'There is no such edition.',
  409: 'It is being sent, or is over: nothing can be changed.',
  412: 'Somebody else changed it meanwhile.',
} as const;

export const curationRoutes = [
  route({
    method: 'GET',
    path: `${PATH}/curation`,
    access: 'newsroom',
    summary: 'What editors changed of an edition',
    answers: { 200: { is: 'The curation.', schema: curationView }, 404: 'There is no such edition.' },
    work: async (room, { params }) => shown(room, await editionIn(room, params)),
  }),
  route({
    method: 'PUT',
    path: `${PATH}/curation`,
    access: 'newsroom',
    summary: 'Pin, order and leave out articles, write an intro, change the subject',
    description:
      'The whole curation anew, as long as the edition has not begun. Its mails are composed anew; its audience stays, and whoever has nothing left to read gets no mail. Where the newsletter asks for an approval, an approved edition must be approved again. Pinning or ordering an article means its translations too. `X-Editor` says who it is where the key has no name; where the newsletter says `"approvalBy": "someone-else"` it is not believed, and the key must have a name.',
    accepts: { 'application/json': curationSchema },
    answers: { ...editing, 400: 'Something is wrong with what was sent; `field` says where.' },
    work: async (room, ask) => {
      await checkCuration(room, await editionIn(room, ask.params), ask.body);
      return edited(room, { is: 'set', curation: ask.body }, ask);
    },
  }),
  route({
    method: 'DELETE',
    path: `${PATH}/curation`,
    access: 'newsroom',
    summary: 'Take everything back that editors changed',
    answers: editing,
    work: (room, ask) => edited(room, { is: 'clear' }, ask),
  }),
  route({
    method: 'POST',
    path: `${PATH}/curation/undo`,
    access: 'newsroom',
    summary: 'Go back to the curation before the last change',
    answers: { ...editing, 409: 'There is nothing to go back to, or the edition has begun.' },
    work: (room, ask) => edited(room, { is: 'undo' }, ask),
  }),
];

const NO_STORE = { 'cache-control': 'no-store' };

const edited = async (room: Newsletters, wanted: Edit, ask: Ask<unknown, unknown>): Promise<Answer> => {
  const id = ask.params['id'] ?? '';
  const outcome = await edit(room, id, wanted, {
    by: editorOf(ask),
    known: ask.caller !== undefined,
    ifVersion: versionIn(ask.headers['if-match']),
  });
  switch (outcome.is) {
    case 'done':
      return shown(room, outcome.edition);
    case 'missing':
      throw noEdition();
    case 'nameless':
      throw new InvalidInput(
        'Somebody else must approve what is edited here, and this key does not say whose it is: edit with a key that has a name.',
        { status: 403 },
      );
    case 'nothing-before':
      throw new InvalidInput('There is no change to go back from.', { status: 409 });
    case 'too-late':
      throw new InvalidInput(`The edition is ${outcome.state}: nothing can be changed any more.`, { status: 409 });
    case 'conflict':
      throw new InvalidInput(`The curation is at version ${outcome.version} by now; read it again.`, {
        field: 'If-Match',
        status: 412,
      });
  }
};

const shown = async (room: Newsletters, edition: Edition): Promise<Answer> => {
  const { version = 0, by = null, at = null } = edition.curation ?? {};
  const curation = await curationOf(room, edition);
  return json(200, { ...curation, version, by, at }, { ...NO_STORE, etag: `"${version}"` });
};

const versionIn = (ifMatch: string | undefined): number | undefined => {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch.trim())?.[1];
  if (version === undefined)
    throw new InvalidInput('It must be the ETag that came with the curation.', { field: 'If-Match' });
  return Number(version);
};
