import { log } from '../../shared/log.ts';
import type { ArticlePiece, Pieces } from '../composing/pieces.ts';
import { boundsOf, type Edition, knownTo } from '../ledger/edition.ts';
import { unapproved } from '../ledger/editorial.ts';
import { composedAnew } from './composeEdition.ts';
import { learnLater } from './later.ts';
import { newsletterOf, type Planning, type Step } from './ports.ts';

/**
 * An edition waits, and the wire goes on: where one of its articles was retracted or revised, it is composed anew, and so
 * looked over anew. Where an approval is needed, what mails say otherwise than when it was given needs another one; what
 * they say no more does not. `undefined`: nothing is new.
 */
export const keepUp = async (planning: Planning, edition: Edition): Promise<Step | undefined> => {
  const { ledger, wire, now } = planning;
  const seen = knownTo(edition);
  const { gone, revised, read } = await learnLater(wire, new Map(), boundsOf(edition), seen);
  if (read <= seen) return undefined;
  if (gone.length + revised.length === 0) {
    // Not `touchedAt`: nothing was done for it.
    await ledger.save({ ...edition, seen: read });
    return 'again';
  }
  const anew = await composedAnew(planning, edition);
  const isOther = edition.approved && (await saysOther(planning, edition, anew, revised));
  const next = isOther && newsletterOf(planning, edition.newsletter)?.approval === 'required' ? unapproved(anew) : anew;
  const saved = await ledger.save({ ...next, seen: Math.max(read, knownTo(next)), touchedAt: now() });
  if (saved?.approved === false && edition.approved) log.warn('edition.unapproved', { edition: edition.id });
  return 'again';
};

/** Whether mails say something else of these articles: of their texts they carry nothing. */
const saysOther = async (
  { shelf }: Planning,
  before: Edition,
  after: Edition,
  ids: readonly string[],
): Promise<boolean> => {
  if (ids.length === 0) return false;
  const [old, now] = await Promise.all([shelf.read(before.pieces ?? ''), shelf.read(after.pieces ?? '')]);
  return ids.some((id) => wordsOf(old, id) !== wordsOf(now, id));
};

const wordsOf = ({ articles }: Pieces, wanted: string): string | undefined => {
  const piece: ArticlePiece | undefined = articles.find(({ id }) => id === wanted);
  return piece && [piece.lead.html, piece.lead.text].map((part) => part.toString('latin1')).join('\n');
};
