import { encodePart } from '../../mail/mime.ts';
import { type Cadence, labelIn, type Newsletter, zoneOf } from '../../shared/config.ts';
import { dayIn, type TemplateData } from '../../shared/page/templates.ts';
import type { Instant } from '../../shared/time.ts';
import type { Image } from '../../wire/article.ts';
import type { LinkOver } from '../clicking/link.ts';
import { type Curation, NO_CURATION } from '../ledger/curation.ts';
import type { News } from '../planning/news.ts';
import type { Before } from '../planning/past.ts';
import { NO_PAST } from './choice.ts';
import { countedOf } from './counted.ts';
import { amongStories, arranged, beginningOf, correctionPiece, MOST_TITLE, othersFor } from './extras.ts';
import { addressOf, blockOf, clipped, frameOf, isShort } from './frame.ts';
import {
  type ArticlePiece,
  type Block,
  bytesOf,
  type CorrectionPiece,
  type Cut,
  HOLES,
  type Hole,
  type Pieces,
  type Shell,
  type Strip,
} from './pieces.ts';
import type { Press } from './press.ts';
import { MOST_ARTICLES, MOST_BYTES, MOST_CORRECTION_BYTES, MOST_CORRECTIONS } from './room.ts';

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
  const isOrdered = amongStories(curation.order, news);
  const articles = news.map((one) => ({
    ...articlePiece(press, toRender, one),
    pinned: isPinned(one),
    ordered: isOrdered(one),
    others: others(one),
  }));
  const corrections = before.corrections.map((one) => correctionPiece(press, newsletter, one));
  const most = { more: mostMore(articles, corrections), moreCorrections: mostMoreCorrections(corrections) };
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
    shells: new Map(newsletter.languages.map((language) => [language, shellOf(press, toRender, language, most)])),
    articles,
    told: before.told,
    windows: before.windows,
    editions: before.editions,
    corrections,
    alone: newsletter.correctionsAlone,
  };
};

const NOTHING_BEFORE: Before = { ...NO_PAST, live: [], editions: [], corrections: [] };

export const articlePiece = (
  press: Press,
  { newsletter, over }: Pick<ToRender, 'newsletter' | 'over'>,
  news: News,
): ArticlePiece => {
  const { language } = news;
  const article = articleData(press, newsletter, news);
  const counted = countedOf(over, news.id, article.url);
  const inText = { ...frameOf(press, newsletter, language), article };
  const data = { ...inText, article: { ...article, url: counted?.link ?? article.url } };
  return {
    id: news.id,
    language,
    topics: news.topics,
    story: news.story,
    announcedSeq: news.announcedSeq,
    revision: news.revision,
    title: article.title,
    summary: article.summary,
    hasImage: article.image !== null,
    image: article.image && { url: article.image.url, alt: article.image.alt },
    pinned: false,
    ordered: false,
    others: [],
    counted,
    lead: blockOf(press, 'digest-lead', data, inText),
    block: blockOf(press, 'digest-article', data, inText),
  };
};

const MOST_SUMMARY = 400;
const MOST_BESIDE = 300;

/** Whatever an article says, as much of it as a mail has room for. */
const articleData = (press: Press, newsletter: Newsletter, news: News) => {
  const { newsroom } = press;
  const { image } = news;
  const topic = newsroom.topics.find(({ id }) => news.topics.includes(id));
  return {
    title: clipped(news.title, MOST_TITLE),
    summary: clipped(news.summary ?? '', MOST_SUMMARY),
    url: addressOf(press, news),
    image: image && isShort(image.url) ? clippedImage(image) : null,
    topic: topic ? labelIn(topic.label, news.language, newsroom) : '',
    authors: clipped(new Intl.ListFormat(news.language).format(news.authors.map(({ name }) => name)), MOST_BESIDE),
    day: dayIn(news.language, newsletter.timeZone, news.publishedAt, 'long'),
  };
};

/** How many “so many more on the web” a shell must be able to say. */
interface Most {
  readonly more: number;
  readonly moreCorrections: number;
}

const clippedImage = (image: Image): Image => ({
  ...image,
  alt: clipped(image.alt, MOST_BESIDE),
  ...(image.credit !== undefined && { credit: clipped(image.credit, MOST_BESIDE) }),
});

const shellOf = (press: Press, toRender: ToRender, language: string, most: Most): Shell => {
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
  const onTheWeb = (length: number, what: { readonly of: string }): Cut[] =>
    Array.from({ length }, (_, i) =>
      cutOf(press, 'digest-more', { ...frame, ...what, count: i + 1, url: WEB_URL }, webUrl),
    );
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
    more: onTheWeb(most.more, { of: 'articles' }),
    moreCorrections: onTheWeb(most.moreCorrections, { of: 'corrections' }),
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

/** How many articles may be left over in a mail: none where all of them fit, beside an intro and corrections. */
const mostMore = (articles: readonly ArticlePiece[], corrections: readonly CorrectionPiece[]): number => {
  const bytes = articles.reduce((sum, { lead }) => sum + bytesOf(lead), 0) + correctionBytes(corrections);
  return articles.length > MOST_ARTICLES || bytes > MOST_BYTES / 4 ? articles.length : 0;
};

const mostMoreCorrections = (corrections: readonly CorrectionPiece[]): number =>
  corrections.length > MOST_CORRECTIONS || correctionBytes(corrections) > MOST_CORRECTION_BYTES / 4
    ? corrections.length
    : 0;

const correctionBytes = (corrections: readonly CorrectionPiece[]): number =>
  corrections.reduce((sum, { block }) => sum + bytesOf(block), 0);
