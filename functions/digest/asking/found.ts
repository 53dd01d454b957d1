import { InvalidInput } from '../../shared/errors.ts';
import type { Ask } from '../../shared/http/route.ts';
import { knownTokenKeys } from '../../shared/tokenKeys.ts';
import type { Edition } from '../ledger/edition.ts';
import { standingOf } from '../ledger/standing.ts';
import { newsletterOf } from '../planning/ports.ts';
import type { Newsletters } from './newsletters.ts';
import { previewLinkOf } from './previewLink.ts';
import { wholeView } from './shown.ts';
import { statisticsOf } from './statistics.ts';

export const noEdition = (): InvalidInput =>
  new InvalidInput('There is no such edition.', { field: 'id', status: 404 });

export const editionIn = async ({ ledger }: Newsletters, params: Ask['params']): Promise<Edition> => {
  const found = await ledger.edition(params['id'] ?? '');
  if (!found) throw noEdition();
  return found;
};

export const countedView = async (room: Newsletters, one: Edition) => {
  const standing = await standingOf(room.ledger, one);
  const newsletter = newsletterOf(room, one.newsletter);
  const statistics = await statisticsOf(room, one, { standing, countsClicks: newsletter?.clicks ?? false });
  const view = wholeView(one, standing, { newsletter, statistics, now: room.now() });
  return { ...view, ...(await previewIn(room, one)) };
};

/** Before there are keys there is nothing composed either. */
const previewIn = async ({ keys, siteUrl, now }: Newsletters, { id, pieces }: Edition) => {
  const known = pieces === null ? undefined : await knownTokenKeys(keys, 'links');
  return known ? { preview: previewLinkOf(known, id, siteUrl, now()) } : {};
};

const MOST_NAME = 80;

/** Who asks: by the name of the key, else as he says himself in `X-Editor`. */
export const editorOf = ({ caller, headers }: Ask<unknown, unknown>): string | null => {
  const said = (headers['x-editor'] ?? '').replace(/\p{Cc}/gu, ' ').trim();
  return caller ?? (said === '' ? null : said.slice(0, MOST_NAME).toWellFormed());
};
