import { encodePart } from '../../mail/mime.ts';
import { choose, correctionsFor, keyOf, plainly, type Wants } from './choice.ts';
import { escaped } from './intro.ts';
import {
  type ArticlePiece,
  type Block,
  type CorrectionPiece,
  type Cut,
  filled,
  type Pieces,
  type Shell,
} from './pieces.ts';
import {
  MOST_ARTICLES,
  MOST_CORRECTION_BYTES,
  MOST_CORRECTIONS,
  NOTHING,
  type Room,
  roomBeside,
  roomOf,
} from './room.ts';

/** What goes into the mails of all who want the same. */
export interface Choice {
  readonly language: string;
  readonly subject: string;
  readonly preheader: Block;
  /** Behind the address of the edition's page: the other languages in which this reader may have had something. */
  readonly also: Buffer;
  /** Lead, sections and the way to the rest, in order. */
  readonly html: readonly Buffer[];
  readonly text: readonly Buffer[];
  /** Ids of the articles in it, the lead first. */
  readonly articles: readonly string[];
  /** How many more there would have been. */
  readonly more: number;
}

/** `undefined`: there is nothing in this edition for whoever wants this. */
export const layOut = (pieces: Pieces, wants: Wants): Choice | undefined => {
  const language = wants.languages.find((one) => pieces.shells.has(one));
  const shell = pieces.shells.get(language ?? '');
  if (language === undefined || !shell) return undefined;
  const chosen = choose(pieces.articles, wants, pieces);
  const corrections = correctionsFor(pieces.corrections, pieces.articles, wants, pieces);
  // What an editor put first; else the newest that has something to show; without any picture, the newest.
  const [newest] = chosen;
  const lead = newest && isPlaced(newest) ? newest : (chosen.find(({ hasImage }) => hasImage) ?? newest);
  const last = corrections.at(-1);
  const also = alsoQuery(pieces, wants, language);
  const intro = shell.intro ? [shell.intro] : [];
  const room = roomBeside(shell);
  if (!lead) {
    if (!pieces.alone || !last) return undefined;
    const blocks = [...intro, ...toPutRight(shell, corrections, { room, also })];
    return onlyCorrections({ language, shell, last, blocks, also });
  }
  const alsoIn = alsoFor(wants);
  const first = room.has(lead.lead) ? lead.lead : lead.block;
  room.take(first);
  const putRight = toPutRight(shell, corrections, { room, also });
  const besideLead = alsoIn(lead).filter((block) => room.take(block));
  const others = chosen.filter((article) => article !== lead);
  const sections = fitting({ shell, room, others, alsoIn, sectionOf: sectionFor(pieces.topics, wants) });
  const shown = sections.flatMap(({ articles }) => articles);
  const more = others.length - shown.length;
  return {
    language,
    subject: shell.subject ?? lead.title,
    preheader: preheaderOf(lead, shown, last),
    also,
    ...joined([
      ...[...intro, first, ...besideLead],
      ...sections.flatMap(({ heading, articles }) => [
        heading,
        ...articles.flatMap((article) => [article.block, ...alsoIn(article)]),
      ]),
      ...shell.more.slice(more - 1, more).map((cut) => moreOf(cut, also)),
      ...putRight,
    ]),
    articles: [lead, ...shown].map(({ id }) => id),
    more,
  };
};

const isPlaced = ({ pinned, ordered }: ArticlePiece): boolean => pinned || ordered;

/** The newest of what has to be put right, as far as it fits, under its heading; and the way to the rest. */
const toPutRight = (
  shell: Shell,
  corrections: readonly CorrectionPiece[],
  { room, also }: { readonly room: Room; readonly also: Buffer },
): Block[] => {
  const own = roomOf(MOST_CORRECTION_BYTES);
  const newest = corrections.slice(-MOST_CORRECTIONS).reverse();
  const end = newest.findIndex(({ block }) => !own.take(block) || !room.take(block));
  const shown = newest.slice(0, end < 0 ? newest.length : end).reverse();
  const more = shell.moreCorrections[corrections.length - shown.length - 1];
  return shown.length === 0 && !more
    ? []
    : [shell.corrections, ...shown.map(({ block }) => block), ...(more ? [moreOf(more, also)] : [])];
};

/** A mail that has nothing to tell but what was wrong. */
const onlyCorrections = ({
  language,
  shell,
  last,
  blocks,
  also,
}: {
  readonly language: string;
  readonly shell: Shell;
  readonly last: CorrectionPiece;
  readonly blocks: readonly Block[];
  readonly also: Buffer;
}): Choice => ({
  language,
  subject: shell.subject ?? last.subject,
  preheader: shortBlock(last.note),
  also,
  ...joined(blocks),
  articles: [],
  more: 0,
});

const joined = (blocks: readonly Block[]): Pick<Choice, 'html' | 'text'> => ({
  html: blocks.map(({ html }) => html),
  text: blocks.map(({ text }) => text),
});

/**
 * `?also=fr,en`, best first, so that the page shows what his mail had. It names languages, not a reader: whoever gets the
 * link from him sees the same. Language tags need no escaping, neither in an address nor in HTML.
 */
const alsoQuery = ({ shells }: Pieces, { languages }: Wants, language: string): Buffer => {
  const others = languages.filter((one) => one !== language && shells.has(one));
  return encodePart(others.length === 0 ? '' : `?also=${others.join(',')}`);
};

const moreOf = ({ html, text }: Cut, also: Buffer): Block => ({
  html: Buffer.concat(filled(html, { ALSO: [also] })),
  text: Buffer.concat(filled(text, { ALSO: [also] })),
});

/** An article's other languages, as far as the reader reads them. */
const alsoFor =
  ({ languages }: Wants) =>
  ({ others }: ArticlePiece): Block[] =>
    others.filter(({ language }) => languages.includes(language)).map(({ block }) => block);

/** The same, worked out once for all who want the same of the same pieces. */
export const layOutFor = (pieces: Pieces, asked: Wants): Choice | undefined => {
  const known = layouts.get(pieces) ?? new Map<string, Choice | null>();
  layouts.set(pieces, known);
  const wants = plainly(asked, pieces.articles, pieces);
  const key = keyOf(wants);
  const there = known.get(key);
  if (there !== undefined) return there ?? undefined;
  if (known.size >= MOST_LAYOUTS) known.clear();
  const choice = layOut(pieces, wants);
  known.set(key, choice ?? null);
  return choice;
};

const layouts = new WeakMap<Pieces, Map<string, Choice | null>>();
const MOST_LAYOUTS = 5000;

interface Section {
  readonly topic: string;
  readonly heading: Block;
  readonly articles: ArticlePiece[];
}

interface Fitting {
  readonly shell: Shell;
  readonly room: Room;
  readonly alsoIn: (article: ArticlePiece) => Block[];
  readonly others: readonly ArticlePiece[];
  readonly sectionOf: (article: ArticlePiece) => { topic: string; place: number };
}

/**
 * Takes what comes first as long as there is room, and puts it under its headings: those of what an editor put in order
 * as he did, then the others.
 */
const fitting = ({ shell, room, others, alsoIn, sectionOf }: Fitting): Section[] => {
  const sections = new Map<number, Section>();
  const ofEditor = new Set<Section>();
  for (const article of others.slice(0, MOST_ARTICLES - 1)) {
    const { topic, place } = sectionOf(article);
    const known = sections.get(place);
    const section = known ?? { topic, heading: shell.sections.get(topic) ?? NOTHING, articles: [] };
    if (!room.take(article.block, ...alsoIn(article), ...(known ? [] : [section.heading]))) break;
    section.articles.push(article);
    sections.set(place, section);
    // They come before all others, so their sections are found in their order.
    if (isPlaced(article)) ofEditor.add(section);
  }
  const inOrder = [...sections.entries()].sort(([a], [b]) => a - b).map(([, section]) => section);
  return [...ofEditor, ...inOrder.filter((section) => !ofEditor.has(section))];
};

/** An article stands under the first of its topics that the reader asked for, in the newsroom's order of topics. */
const sectionFor =
  (topics: readonly string[], wants: Wants) =>
  (article: ArticlePiece): { topic: string; place: number } => {
    const wanted = (topic: string): boolean => wants.topics.length === 0 || wants.topics.includes(topic);
    const place = topics.findIndex((topic) => wanted(topic) && article.topics.includes(topic));
    return place < 0 ? { topic: '', place: topics.length } : { topic: topics[place] ?? '', place };
  };

/** Inboxes show it behind the subject: what else is in the mail, else what the lead is about, else what is put right. */
const preheaderOf = (lead: ArticlePiece, shown: readonly ArticlePiece[], last: CorrectionPiece | undefined): Block => {
  const titles = shown.slice(0, 2).map(({ title }) => title);
  return shortBlock(titles.join(' · ') || lead.summary || (last?.note ?? ''));
};

const MOST_PREHEADER = 140;

const shortBlock = (text: string): Block => {
  const cut = text.length > MOST_PREHEADER ? `${text.slice(0, MOST_PREHEADER - 1).trimEnd()}…` : text;
  const blank = NOTHING_TO_SEE.repeat(Math.max(0, MOST_PREHEADER - cut.length));
  return { html: encodePart(escaped(cut) + blank), text: encodePart(cut) };
};

/**
 * Inboxes fill their line with whatever comes next, the newsroom's name and the date. A space behind a combining grapheme
 * joiner is one that no program draws together with the next; with the joiner written out it would take twice the bytes.
 */
const NOTHING_TO_SEE = '\u034f ';
