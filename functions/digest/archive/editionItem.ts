import type { FeedItem } from '../../feeds/render/document.ts';
import { soundLine, soundXml, webAddress } from '../../feeds/render/text.ts';
import { rslContent } from '../../feeds/rsl.ts';
import { labelIn, type Newsletter, zoneOf } from '../../shared/config.ts';
import { dayIn } from '../../shared/page/templates.ts';
import { linkOf, pagePathOf } from '../../wire/article.ts';
import { introForWeb } from '../composing/intro.ts';
import type { Press } from '../composing/press.ts';
import type { Edition } from '../ledger/edition.ts';
import type { Issue } from './issue.ts';
import type { Told } from './told.ts';

/** An edition in one language, with all that its item says. */
export interface ToShow {
  readonly edition: Pick<Edition, 'id' | 'cadence' | 'slot' | 'createdAt'> & { readonly startedAt: string };
  readonly newsletter: Newsletter;
  readonly issue: Issue['languages'][string];
  /** The languages in which it had news. */
  readonly languages: readonly string[];
  readonly told: readonly Told[];
}

/** The edition's item in the feed of its language: under its subject, what is in it. */
export const editionItem = (press: Press, language: string, shown: ToShow): FeedItem => {
  const { newsroom, siteUrl } = press;
  const { edition, newsletter, issue, told } = shown;
  const addressIn = (one: string): string => webAddress(`${siteUrl}/${one}/editions/${edition.id}`);
  const label = soundLine(labelIn(newsletter.label, language, newsroom));
  const day = dayIn(language, zoneOf(newsletter, edition.cadence), edition.slot ?? edition.createdAt, 'long');
  const link = addressIn(language);
  const updatedAt = [edition.startedAt, ...told.flatMap(({ since }) => since?.at ?? [])].sort().at(-1) ?? '';
  return {
    guid: `tag:${newsroom.tagAuthority}:editions/${edition.id}/${language}`,
    link,
    title: soundLine(issue.subject) || label,
    summary: soundLine(`${label}, ${day}`),
    html: htmlOf(press, language, shown),
    language,
    authors: [],
    categories: [{ id: newsletter.id, label }],
    publishedAt: edition.startedAt,
    updatedAt,
    isRevised: updatedAt > edition.startedAt,
    rights: null,
    licence: newsroom.licence?.url ?? null,
    rsl: rslContent(newsroom.licence, link),
    image: null,
    translations: shown.languages
      .filter((one) => one !== language)
      .map((one) => ({ language: one, url: addressIn(one) })),
  };
};

const htmlOf = (press: Press, language: string, { newsletter, issue, told }: ToShow): string =>
  soundXml(
    press.templates.render('site/edition-item', {
      language,
      timeZone: newsletter.timeZone,
      intro: issue.intro === null ? '' : introForWeb(issue.intro),
      told: told.map(({ article, since }) => ({
        title: article.title,
        summary: article.summary ?? '',
        // Only our own page says that an article was taken back.
        url: since?.is === 'retracted' ? `${press.siteUrl}${pagePathOf(article)}` : linkOf(article, press.siteUrl),
        since,
      })),
    }),
  ).trim();
