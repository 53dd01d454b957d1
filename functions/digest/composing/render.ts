import { encodePart } from '../../mail/mime.ts';
import { type Cadence, labelIn, type Newsletter, zoneOf } from '../../shared/config.ts';
import { dayIn, type TemplateData } from '../../shared/page/templates.ts';
import type { Instant } from '../../shared/time.ts';
import { linkOf } from '../../wire/article.ts';
import type { LinkOver } from '../clicking/link.ts';
import { type Curation, NO_CURATION } from '../ledger/curation.ts';
import type { News } from '../planning/news.ts';
import type { Before } from '../planning/past.ts';
import { NO_PAST } from './choice.ts';
import { countedOf } from './counted.ts';
import { amongStories, arranged, beginningOf, correctionPiece, othersFor } from './extras.ts';
import { blockOf, frameOf } from './frame.ts';
import { MOST_ARTICLES, MOST_BYTES } from './layout.ts';
import {
  type ArticlePiece,
  type Block,
  bytesOf,
  type Cut,
  HOLES,
  type Hole,
  type Pieces,
  type Shell,
  type Strip,
} from './pieces.ts';
import type { Press } from './press.ts';

export interface ToRender {
  readonly edition: string;
  readonly newsletter: Newsletter;
  readonly cadence: Cadence;
  /** The day that stands at the top. */
  readonly date: Instant;
  /** Newest first. */
  readonly news: readonly News[];
  readonly before?: Before;
  readonly curation?: Curation;
  /** The links over us, where clicks are counted. */
  readonly over?: LinkOver | undefined;
  /** For whoever is new: other words around the articles, and where these are on the web, behind `/{language}`. */
  readonly welcome?: { readonly web: string };
}

/** Everything that the mails of an edition are joined from. The only place where an edition meets a template. */
export const renderPieces = (press: Press, toRender: ToRender): Pieces => {
  const { newsroom } = press;
  const { edition, newsletter, cadence, before = NOTHING_BEFORE, curation = NO_CURATION } = toRender;
  const news = arranged(toRender.news, curation);
  const others = othersFor(press, toRender, [...news, ...before.live]);
  const isPinned = amongStories(curation.pinned, news);
  const articles = news.map((one) => ({
    ...articlePiece(press, toRender, one),
    pinned: isPinned(one),
    others: others(one),
  }));
  return {
    edition,
    newsletter: newsletter.id,
    cadence,
    sender: {
      name: newsroom.sender.name,
      address: newsroom.sender.address,
      replyTo: newsroom.sender.replyTo ?? null,
    },
    unsubscribeAddress: newsroom.unsubscribeAddress,
    topics: newsroom.topics.map(({ id }) => id),
    shells: new Map(
      newsletter.languages.map((language) => [language, shellOf(press, toRender, language, mostMore(articles))]),
    ),
    articles,
    told: before.told,
    windows: before.windows,
    corrections: before.corrections.map((one) => correctionPiece(press, newsletter, one)),
    alone: newsletter.correctionsAlone,
  };
};

const NOTHING_BEFORE: Before = { ...NO_PAST, live: [], corrections: [] };

export const articlePiece = (
  press: Press,
  { newsletter, over }: Pick<ToRender, 'newsletter' | 'over'>,
  news: News,
): ArticlePiece => {
  const { language } = news;
  const inText = { ...frameOf(press, newsletter, language), article: articleData(press, newsletter, news) };
  const counted = countedOf(over, news.id, inText.article.url);
  const data = { ...inText, article: { ...inText.article, url: counted?.link ?? inText.article.url } };
  return {
    id: news.id,
    language,
    topics: news.topics,
    story: news.story,
    announcedSeq: news.announcedSeq,
    revision: news.revision,
    title: news.title,
    summary: shortened(news.summary ?? ''),
    hasImage: news.image !== null,
    image: news.image && { url: news.image.url, alt: news.image.alt },
    pinned: false,
    others: [],
    counted,
    lead: blockOf(press, 'digest-lead', data, inText),
    block: blockOf(press, 'digest-article', data, inText),
  };
};

const articleData = ({ newsroom, siteUrl }: Press, newsletter: Newsletter, news: News) => {
  const topic = newsroom.topics.find(({ id }) => news.topics.includes(id));
  return {
    title: news.title,
    summary: shortened(news.summary ?? ''),
    url: linkOf(news, siteUrl),
    image: news.image,
    topic: topic ? labelIn(topic.label, news.language, newsroom) : '',
    authors: new Intl.ListFormat(news.language).format(news.authors.map(({ name }) => name)),
    day: dayIn(news.language, newsletter.timeZone, news.publishedAt, 'long'),
  };
};

const shellOf = (press: Press, toRender: ToRender, language: string, more: number): Shell => {
  const { newsroom, siteUrl } = press;
  const { edition, newsletter, cadence, date, curation = NO_CURATION, over, welcome } = toRender;
  const frame = frameOf(press, newsletter, language);
  const label = labelIn(newsletter.label, language, newsroom);
  const web = welcome?.web ?? `/editions/${edition}`;
  // Only an edition's page knows of other languages.
  const webUrl = `${siteUrl}/${language}${web}${web.startsWith('/editions/') ? '%%ALSO%%' : ''}`;
  const dateLine = dayIn(language, zoneOf(newsletter, cadence), date, 'long');
  const data = {
    ...frame,
    cadence,
    heading: label,
    dateLine,
    welcome: welcome !== undefined,
    clicks: over !== undefined,
  };
  const heading = (title: string): Block => blockOf(press, 'digest-section', { ...frame, title });
  return {
    label,
    archiveUrl: `${siteUrl}/${language}/editions`,
    subject: curation.subject[language] ?? null,
    intro: beginningOf(press, data, curation.intro[language]),
    corrections: heading(press.templates.say(language, 'mail.corrections.title')),
    ...cutOf(press, 'digest-shell', data, webUrl),
    sections: new Map([
      ...newsroom.topics.map(({ id, label }) => [id, heading(labelIn(label, language, newsroom))] as const),
      ['', heading(press.templates.say(language, 'digest.otherNews'))],
    ]),
    more: Array.from({ length: more }, (_, i) =>
      cutOf(press, 'digest-more', { ...frame, count: i + 1, url: WEB_URL }, webUrl),
    ),
  };
};

const WEB_URL = '%%WEB_URL%%';

const cutOf = ({ templates }: Press, name: string, data: TemplateData, webUrl: string): Cut => ({
  html: stripsOf(templates.render(`email/${name}`, data), webUrl),
  text: stripsOf(templates.renderText(`email/${name}`, data), webUrl),
});

const MARKER = new RegExp(`%%(${HOLES.join('|')})%%`);

/** Cut where something personal goes in. The edition's own address is the same for all, but for its languages. */
const stripsOf = (rendered: string, webUrl: string): Strip[] =>
  rendered
    .replaceAll(WEB_URL, webUrl)
    .split(MARKER)
    .flatMap((part, i): Strip[] => {
      if (i % 2 === 0) return part === '' ? [] : [encodePart(part)];
      const hole: Hole | undefined = HOLES.find((one) => one === part);
      return hole ? [hole] : [];
    });

/** How many articles may be left over in a mail: none where all of them fit. */
const mostMore = (articles: readonly ArticlePiece[]): number => {
  const bytes = articles.reduce((sum, { lead }) => sum + bytesOf(lead), 0);
  return articles.length > MOST_ARTICLES || bytes > MOST_BYTES / 2 ? Math.max(0, articles.length - 1) : 0;
};

const MOST_SUMMARY = 400;

/** A summary that ends at a word. */
const shortened = (text: string): string => {
  if (text.length <= MOST_SUMMARY) return text;
  const cut = text.slice(0, MOST_SUMMARY);
  return `${cut
    .slice(0, Math.max(cut.lastIndexOf(' '), MOST_SUMMARY - 40))
    .toWellFormed()
    .replace(/[\s,;:–—-]+$/, '')}…`;
};
