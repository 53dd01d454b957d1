import { InvalidInput } from '../shared/errors.ts';
import { json } from '../shared/http/answer.ts';
import { routeFor } from '../shared/http/route.ts';
import { askPreflight } from './asking/askPreflight.ts';
import { editionIn, noEdition } from './asking/found.ts';
import type { Newsletters } from './asking/newsletters.ts';
import { preflightShown, preflightView } from './asking/preflightShown.ts';

const route = routeFor<Newsletters>();

const PATH = '/api/v1/editions/{id}/preflight';
const NO_STORE = { 'cache-control': 'no-store' };
const schema = preflightView.nullable();

export const preflightRoutes = [
  route({
    method: 'GET',
    path: PATH,
    access: 'newsroom',
    summary: 'What was found before an edition goes out',
    description:
      'Every edition is looked over once it is composed, again after each edit and whenever one of its articles is retracted or revised, and again where it begins more than a quarter of an hour later: the size and headers of its mails, the link for leaving (RFC 8058), the SES account and the sender’s identity, links, an editor’s own words about what has gone since (`own-words`), pictures and their alternative texts, languages without an article, and SPF, DKIM and DMARC of the sender. What is refused holds it; warnings do not. Dead pictures are left out of the mails. What could not be told within ten seconds is in `unchecked`.',
    answers: {
      200: { is: 'The pre-flight; `null` where the edition went out without one.', schema },
      404: 'There is no such edition.',
    },
    work: async (room, { params }) => json(200, preflightShown(await editionIn(room, params)), NO_STORE),
  }),
  route({
    method: 'POST',
    path: PATH,
    access: 'newsroom',
    summary: 'Looks an edition over once more',
    description:
      'Behind the scenes, within ten seconds; until then its state is `unfinished`. Pictures that were left out get another chance. An edition that was held stays so, whatever is found: `send` or `approve` lets it go.',
    answers: {
      202: { is: 'The pre-flight, as a rule `unfinished`.', schema },
      404: 'There is no such edition.',
      409: 'It is being sent, or is over.',
    },
    work: async (room, { params }) => {
      const outcome = await askPreflight(room, params['id'] ?? '');
      if (outcome.is === 'missing') throw noEdition();
      if (outcome.is === 'too-late') {
        throw new InvalidInput(`The edition is ${outcome.state}: it is too late for a pre-flight.`, { status: 409 });
      }
      return json(202, preflightShown(outcome.edition), NO_STORE);
    },
  }),
];
