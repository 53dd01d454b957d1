import { InvalidInput } from '../../shared/errors.ts';
import { introFits } from '../composing/extras.ts';
import type { Curation } from '../ledger/curation.ts';
import type { Edition } from '../ledger/edition.ts';
import { newsletterOf } from '../planning/ports.ts';
import { curationOf } from './curating.ts';
import type { Newsletters } from './newsletters.ts';

/** Throws `InvalidInput` that names the first field that does not fit the edition. */
export const checkCuration = async (room: Newsletters, edition: Edition, wanted: Curation): Promise<void> => {
  const languages = newsletterOf(room, edition.newsletter)?.languages ?? [];
  for (const field of ['subject', 'intro'] as const) {
    const foreign = Object.keys(wanted[field]).find((language) => !languages.includes(language));
    if (foreign !== undefined) {
      throw new InvalidInput(`The newsletter has no “${foreign}”; it has ${languages.join(', ')}.`, {
        field: `${field}.${foreign}`,
      });
    }
  }
  const long = Object.entries(wanted.intro).find(([, written]) => !introFits(written));
  if (long) {
    throw new InvalidInput('It is too long for a mail: letters outside the Latin alphabet take more room.', {
      field: `intro.${long[0]}`,
    });
  }
  const known = await articlesOf(room, edition);
  const seen = new Set<string>();
  for (const field of ['pinned', 'order', 'excluded'] as const) {
    for (const [i, id] of wanted[field].entries()) {
      const at = { field: `${field}[${i}]` };
      if (known && !known.has(id)) throw new InvalidInput('This edition has no such article.', at);
      if (seen.has(id)) throw new InvalidInput('This article is named twice.', at);
      seen.add(id);
    }
  }
};

/** What can be curated: what is in the pieces, and what was left out of them. `undefined` before they are composed. */
const articlesOf = async (room: Newsletters, edition: Edition): Promise<ReadonlySet<string> | undefined> => {
  if (edition.pieces === null) return undefined;
  const { articles } = await room.shelf.read(edition.pieces);
  const { excluded } = await curationOf(room, edition);
  return new Set([...articles.map(({ id }) => id), ...excluded]);
};
