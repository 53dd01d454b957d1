import type { TokenKeys } from '../../shared/tokenKeys.ts';
import type { Wire } from '../../wire/ports.ts';
import { linkOverUs } from '../clicking/link.ts';
import type { PieceShelf } from '../composing/pieces.s3.ts';
import type { ArticlePiece, Pieces } from '../composing/pieces.ts';
import type { Press } from '../composing/press.ts';
import { articlePiece } from '../composing/render.ts';
import { boundsOf, type Edition } from '../ledger/edition.ts';
import { type Known, learnBetween, type News, withoutImages } from '../planning/news.ts';
import { newsletterOf } from '../planning/ports.ts';

interface Sources {
  readonly shelf: Pick<PieceShelf, 'read'>;
  readonly wire: Wire;
  readonly press: Press;
  /** Whoever only looks has none, and of what is rendered anew for him no click counts. */
  readonly linkKeys?: TokenKeys;
}

/**
 * The pieces of an edition, as they are true at each call: what was retracted since the planning is gone, what was
 * revised is rendered anew. They are loaded once; after that the wire is asked for what is new on it, as a rule nothing.
 */
export const piecesAsTheyAreNow = ({ shelf, wire, ...own }: Sources): ((edition: Edition) => Promise<Pieces>) => {
  let held: { edition: string; pieces: Pieces; read: number } | undefined;
  return async (edition) => {
    // One edition after the other is the rule; two at a time only cost a few loads more.
    const mine = held?.edition === edition.id ? held : await load(shelf, edition);
    held = mine;
    const known: Known = new Map();
    const read = await learnBetween(wire, known, mine.read, Number.MAX_SAFE_INTEGER);
    mine.read = Math.max(mine.read, read);
    mine.pieces = corrected(mine.pieces, known, rendererOf(own, edition));
    return mine.pieces;
  };
};

const load = async (shelf: Sources['shelf'], edition: Edition) => {
  if (edition.pieces === null) throw new Error(`The edition ${edition.id} has no pieces.`);
  return { edition: edition.id, pieces: await shelf.read(edition.pieces), read: boundsOf(edition).upTo };
};

const rendererOf =
  ({ press, linkKeys }: Pick<Sources, 'press' | 'linkKeys'>, edition: Edition) =>
  (news: News): ArticlePiece[] => {
    const newsletter = newsletterOf({ press }, edition.newsletter);
    if (!newsletter) return [];
    const over = linkKeys && linkOverUs({ linkKeys, siteUrl: press.siteUrl }, newsletter, edition.id);
    const shown = withoutImages([news], edition.preflight?.leftOut ?? []);
    return shown.map((one) => articlePiece(press, { newsletter, over }, one));
  };

const corrected = (pieces: Pieces, known: Known, render: (news: News) => ArticlePiece[]): Pieces => {
  const concerns = ({ id }: { readonly id: string }): boolean => known.has(id);
  if (!pieces.articles.some((piece) => concerns(piece) || piece.others.some(concerns))) return pieces;
  const gone = pieces.articles.filter(({ id, pinned }) => pinned && known.get(id)?.news === null);
  const isThere = ({ id }: { readonly id: string }): boolean => known.get(id)?.news !== null;
  const articles = pieces.articles.flatMap((before): ArticlePiece[] => {
    const piece = { ...before, others: before.others.filter(isThere) };
    const latest = known.get(piece.id);
    // Of two calls at a time, the one that read less may come to an end last.
    if (!latest || (latest.news && latest.news.revision <= piece.revision)) return [piece];
    const { pinned, ordered, others } = piece;
    return latest.news ? render(latest.news).map((now) => ({ ...now, pinned, ordered, others })) : [];
  });
  return { ...pieces, articles, shells: withoutSubjects(pieces.shells, gone) };
};

/** An editor's subject was written for what he pinned: where that has gone, the lead's title stands instead. */
const withoutSubjects = (shells: Pieces['shells'], gone: readonly ArticlePiece[]): Pieces['shells'] =>
  new Map(
    [...shells].map(([language, shell]) =>
      gone.some((one) => one.language === language) ? [language, { ...shell, subject: null }] : [language, shell],
    ),
  );
