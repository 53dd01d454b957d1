import { encodePart } from '../../mail/mime.ts';
import type { Newsletter } from '../../shared/config.ts';
import { languageName } from '../../shared/page/templates.ts';
import { pagePathOf } from '../../wire/article.ts';
import type { Curation } from '../ledger/curation.ts';
import type { News } from '../planning/news.ts';
import type { Correction } from '../planning/past.ts';
import { countedOf } from './counted.ts';
import { addressOf, blockOf, clipped, directionIn, frameOf } from './frame.ts';
import { type Intro, introOf, paragraphsOf } from './intro.ts';
import type { ArticlePiece, Block, CorrectionPiece } from './pieces.ts';
import type { Press } from './press.ts';
import type { ToRender } from './render.ts';

/** What stands in a mail beside its articles: intro, corrections, a story's other languages. */

/** How a mail begins: with what an editor says, else with a greeting. Both would be one too many. */
export const beginningOf = (press: Press, data: Beginning, written: string | undefined): Block =>
  written === undefined ? blockOf(press, 'digest-greeting', data) : introBlock(press, data, written);

type Beginning = ReturnType<typeof frameOf> & { readonly welcome: boolean };

const introBlock = (press: Press, frame: Beginning, written: string): Block => {
  const { html, text } = asLongAsItFits(written);
  return {
    html: encodePart(press.templates.render('email/digest-intro', { ...frame, intro: html })),
    text: encodePart(press.templates.renderText('email/digest-intro', { ...frame, intro: text })),
  };
};

/** What an earlier release took as an intro may be longer than a mail has room for: its last paragraphs are left out. */
const asLongAsItFits = (written: string): Intro => {
  const paragraphs = paragraphsOf(written);
  while (paragraphs.length > 0 && !introFits(paragraphs.join('\n\n'))) paragraphs.pop();
  return introOf(paragraphs.join('\n\n'));
};

/** Two parts of a mail hold it, and a letter may take nine bytes in each. */
const MOST_INTRO_BYTES = 40_000;

/** Whether a mail has room for an intro beside everything else that must be in it. */
export const introFits = (written: string): boolean => {
  const { html, text } = introOf(written);
  return encodePart(html).length + encodePart(text).length <= MOST_INTRO_BYTES;
};

/** As long as an editor's own may be. */
export const MOST_TITLE = 300;
const MOST_NOTE = 500;

export const correctionPiece = (press: Press, newsletter: Newsletter, correction: Correction): CorrectionPiece => {
  const { article, note, retracted, seq, at } = correction;
  const { language } = article;
  const title = clipped(article.title, MOST_TITLE);
  const say = (key: string, values = {}): string => press.templates.say(language, `mail.corrections.${key}`, values);
  // In words, and first: whoever sees a title and a reason alone does not know that the article is gone.
  const kind = retracted ? 'withdrawn' : 'corrected';
  const said = note === null ? say(retracted ? 'retracted' : 'revised') : say(kind, { note: clipped(note, MOST_NOTE) });
  // Only our own page says that an article was taken back.
  const url = retracted ? `${press.siteUrl}${pagePathOf(article)}` : addressOf(press, article);
  return {
    id: article.id,
    seq,
    at,
    language,
    subject: say(retracted ? 'withdrawnSubject' : 'subject', { title }),
    note: said,
    block: blockOf(press, 'digest-correction', {
      ...frameOf(press, newsletter, language),
      correction: { title, note: said, url, retracted },
    }),
  };
};

/** Links to the translations of each article, in the newsroom's order of languages. */
export const othersFor = (
  press: Press,
  toRender: Pick<ToRender, 'newsletter' | 'over'>,
  live: readonly News[],
): ((news: News) => ArticlePiece['others']) => {
  const order = toRender.newsletter.languages;
  const byStory = Map.groupBy(live, ({ story }) => story);
  return (news) =>
    (news.story === null ? [] : (byStory.get(news.story) ?? []))
      .filter(({ id, language }) => id !== news.id && language !== news.language)
      .sort((a, b) => order.indexOf(a.language) - order.indexOf(b.language))
      .map((other) => otherPiece(press, toRender, news, other));
};

const otherPiece = (
  press: Press,
  { newsletter, over }: Pick<ToRender, 'newsletter' | 'over'>,
  news: News,
  { id, language, title, ...rest }: News,
): ArticlePiece['others'][number] => {
  const known = press.newsroom.languages.find((one) => one.id === language);
  const label = languageName(news.language, language, known?.label);
  const url = addressOf(press, { ...rest, language });
  const counted = countedOf(over, id, url);
  const dataWith = (to: string) => ({
    ...frameOf(press, newsletter, news.language),
    other: {
      ...{ label, language, url: to, title: clipped(title, MOST_TITLE) },
      direction: directionIn(press.newsroom, language),
    },
  });
  const block = blockOf(press, 'digest-other', dataWith(counted?.link ?? url), dataWith(url));
  return { id, language, counted, block };
};

/** As an editor wants them: what is pinned, what he put in order, then the newest. A story's translations go together. */
export const arranged = (news: readonly News[], { pinned, order, excluded }: Curation): News[] => {
  const places = new Map<string, number>();
  const byId = new Map(news.map((one) => [one.id, one]));
  [...pinned, ...order].forEach((id, place) => {
    for (const name of namesOf(byId.get(id))) if (!places.has(name)) places.set(name, place);
  });
  const placeOf = (one: News): number =>
    Math.min(...namesOf(one).map((name) => places.get(name) ?? Number.MAX_SAFE_INTEGER));
  const left = new Set(excluded);
  return news.filter(({ id }) => !left.has(id)).sort((a, b) => placeOf(a) - placeOf(b));
};

/** Whether an article, or a translation of it, is among these. */
export const amongStories = (ids: readonly string[], news: readonly News[]): ((one: News) => boolean) => {
  const names = new Set(ids.flatMap((id) => namesOf(news.find((one) => one.id === id))));
  return (one) => namesOf(one).some((name) => names.has(name));
};

const namesOf = (one: News | undefined): string[] =>
  one ? [`article ${one.id}`, ...(one.story === null ? [] : [`story ${one.story}`])] : [];
