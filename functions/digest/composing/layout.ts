import { encodePart } from '../../mail/mime.ts';
import { choose, keyOf, type Wants } from './choice.ts';
import { type ArticlePiece, type Block, bytesOf, type Pieces, type Shell, shellBytes } from './pieces.ts';

/** What goes into the mails of all who want the same. */
export interface Choice {
  readonly language: string;
  readonly subject: string;
  readonly preheader: Block;
  /** Lead, sections and the way to the rest, in order. */
  readonly html: readonly Buffer[];
  readonly text: readonly Buffer[];
  /** Ids of the articles in it, the lead first. */
  readonly articles: readonly string[];
  /** How many more there would have been. */
  readonly more: number;
}

/** Nobody reads more in one mail. */
export const MOST_ARTICLES = 30;
/** Gmail clips what is over 102 KB, and with it the link for leaving. */
export const MOST_BYTES = 90_000;
/** Headers, and the frame of the two parts. */
const HEAD_BYTES = 3000;

/** `undefined`: there is nothing in this edition for whoever wants this. */
export const layOut = (pieces: Pieces, wants: Wants): Choice | undefined => {
  const language = wants.languages.find((one) => pieces.shells.has(one));
  const shell = pieces.shells.get(language ?? '');
  const chosen = choose(pieces.articles, wants);
  // The newest that has something to show; without any picture, the newest.
  const lead = chosen.find(({ hasImage }) => hasImage) ?? chosen[0];
  if (language === undefined || !shell || !lead) return undefined;
  const others = chosen.filter((article) => article !== lead);
  const sections = fitting({ shell, lead, others, sectionOf: sectionFor(pieces.topics, wants) });
  const shown = sections.flatMap(({ articles }) => articles);
  const more = others.length - shown.length;
  const moreBlock = shell.more[more - 1];
  const blocks = [
    lead.lead,
    ...sections.flatMap(({ heading, articles }) => [heading, ...articles.map(({ block }) => block)]),
    ...(moreBlock ? [moreBlock] : []),
  ];
  return {
    language,
    subject: lead.title,
    preheader: preheaderOf(lead, shown),
    html: blocks.map(({ html }) => html),
    text: blocks.map(({ text }) => text),
    articles: [lead, ...shown].map(({ id }) => id),
    more,
  };
};

/** The same, worked out once for all who want the same of the same pieces. */
export const layOutFor = (pieces: Pieces, wants: Wants): Choice | undefined => {
  const known = layouts.get(pieces) ?? new Map<string, Choice | null>();
  layouts.set(pieces, known);
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
  readonly lead: ArticlePiece;
  readonly others: readonly ArticlePiece[];
  readonly sectionOf: (article: ArticlePiece) => { topic: string; place: number };
}

/** Takes the newest as long as there is room, and puts them under their headings. */
const fitting = ({ shell, lead, others, sectionOf }: Fitting): Section[] => {
  const sections = new Map<number, Section>();
  let bytes = HEAD_BYTES + shellBytes(shell) + bytesOf(lead.lead) + bytesOf(shell.more.at(-1) ?? NOTHING);
  for (const article of others.slice(0, MOST_ARTICLES - 1)) {
    const { topic, place } = sectionOf(article);
    const section = sections.get(place) ?? { topic, heading: shell.sections.get(topic) ?? NOTHING, articles: [] };
    bytes += bytesOf(article.block) + (sections.has(place) ? 0 : bytesOf(section.heading));
    if (bytes > MOST_BYTES) break;
    section.articles.push(article);
    sections.set(place, section);
  }
  return [...sections.entries()].sort(([a], [b]) => a - b).map(([, section]) => section);
};

const NOTHING: Block = { html: Buffer.alloc(0), text: Buffer.alloc(0) };

/** An article stands under the first of its topics that the reader asked for, in the newsroom's order of topics. */
const sectionFor =
  (topics: readonly string[], wants: Wants) =>
  (article: ArticlePiece): { topic: string; place: number } => {
    const wanted = (topic: string): boolean => wants.topics.length === 0 || wants.topics.includes(topic);
    const place = topics.findIndex((topic) => wanted(topic) && article.topics.includes(topic));
    return place < 0 ? { topic: '', place: topics.length } : { topic: topics[place] ?? '', place };
  };

/** Inboxes show it behind the subject: what else is in the mail, else what the lead is about. */
const preheaderOf = (lead: ArticlePiece, shown: readonly ArticlePiece[]): Block => {
  const titles = shown.slice(0, 2).map(({ title }) => title);
  const text = titles.length > 0 ? titles.join(' · ') : lead.summary;
  const cut = text.length > 140 ? `${text.slice(0, 139).trimEnd()}…` : text;
  return { html: encodePart(escaped(cut)), text: encodePart(cut) };
};

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
