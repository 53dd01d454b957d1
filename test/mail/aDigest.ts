import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { introOf } from '../../functions/digest/composing/intro.ts';
import { type Newsroom, parseNewsroom } from '../../functions/shared/config.ts';
import { openTemplates, type Templates } from '../../functions/shared/page/templates.ts';
import { buildTemplates } from '../../infra/templates.ts';

/** The newsroom of these tests, so that whoever makes `newsroom.config.ts` theirs breaks none of them. */
export const aNewsroom = (over: Record<string, unknown> = {}): Newsroom =>
  parseNewsroom({
    name: 'Confluence',
    tagline: { en: 'News', fr: 'Actualités', es: 'Noticias' },
    siteUrl: 'https://news.confluence.example',
    tagAuthority: 'confluence.example,2026',
    languages: [
      { id: 'en', label: 'English' },
      { id: 'fr', label: 'Français' },
      { id: 'es', label: 'Español' },
    ],
    timeZone: 'Europe/Brussels',
    topics: [{ id: 'mobility', label: { en: 'Mobility', fr: 'Mobilité', es: 'Movilidad' } }],
    newsletters: [
      {
        id: 'city-news',
        label: { en: 'City News', fr: 'Nouvelles des villes', es: 'Noticias de las ciudades' },
        description: { en: 'News', fr: 'Actualités', es: 'Noticias' },
        languages: ['en', 'fr', 'es'],
        timeZone: 'Europe/Brussels',
        cadences: { weekly: { on: 'monday', at: '08:00' } },
      },
    ],
    sender: { name: 'Confluence', address: 'news@confluence.example' },
    unsubscribeAddress: 'unsubscribe@confluence.example',
    postalAddress: 'Confluence, Quai du Commerce 12, 1000 Brussels, Belgium',
    imprintUrl: 'https://confluence.example/imprint',
    privacyUrl: 'https://confluence.example/privacy',
    rights: { en: '©', fr: '©', es: '©' },
    look: { accent: '#0b5c7a', accentDark: '#7cc7e0', ink: '#14212b', paper: '#ffffff', logo: 'logo.svg' },
    ...over,
  });

export const builtTemplates = async (): Promise<{ directory: string; templates: Templates }> => {
  const directory = await mkdtemp(join(tmpdir(), 'courant-templates-'));
  await buildTemplates(directory);
  process.env['TEMPLATES_DIR'] = directory;
  return { directory, templates: await openTemplates() };
};

export interface ArticleData {
  readonly title: string;
  readonly summary: string;
  readonly url: string;
  readonly image: { readonly url: string; readonly alt: string; readonly credit: string | null } | null;
  readonly topic: string;
  readonly authors: string;
  readonly day: string;
  /** Where it is not that of its mail. */
  readonly language?: string;
}

export interface Issue {
  readonly language: string;
  readonly label: string;
  readonly dateLine: string;
  readonly preheader: string;
  readonly lead: ArticleData;
  readonly sections: readonly { readonly title: string; readonly articles: readonly ArticleData[] }[];
  readonly more: number;
  /** As an editor writes it. */
  readonly intro?: string;
  /** The lead in another language. */
  readonly other?: {
    readonly label: string;
    readonly language: string;
    readonly direction: string;
    readonly title: string;
    readonly url: string;
  };
  readonly corrections?: {
    readonly title: string;
    readonly articles: readonly { title: string; note: string; url: string; retracted: boolean }[];
  };
}

const SITE = 'https://news.confluence.example';

export const frameOf = (language: string, over: Record<string, unknown> = {}) => ({
  language,
  direction: 'ltr',
  newsroom: aNewsroom(),
  siteUrl: SITE,
  timeZone: 'Europe/Brussels',
  ...over,
});

const directionOf = (language: string): string => (language === 'ar' ? 'rtl' : 'ltr');

/** A whole digest in both parts, joined as the digest room does it: pieces rendered apart, markers filled. */
export const aDigest = (templates: Templates, issue: Issue, over: Record<string, unknown> = {}) => {
  const frame = {
    ...frameOf(issue.language, over),
    newsletter: { id: 'city-news', label: issue.label },
    cadence: 'weekly',
    heading: issue.label,
    dateLine: issue.dateLine,
  };
  /** An article that is not in its mail's language is rendered in its own. */
  const about = (article: ArticleData) => {
    const { language = issue.language } = article;
    return { ...frame, ...(language !== issue.language && { language, direction: directionOf(language) }), article };
  };
  const { intro, other, corrections } = issue;
  const joined = (render: Templates['render'], part: 'html' | 'text'): string => {
    const pieces = [
      intro === undefined
        ? render('email/digest-greeting', frame)
        : render('email/digest-intro', { ...frame, intro: introOf(intro)[part] }),
      render('email/digest-lead', about(issue.lead)),
      ...(other ? [render('email/digest-other', { ...frame, other })] : []),
      ...issue.sections.flatMap(({ title, articles }) => [
        render('email/digest-section', { ...frame, title }),
        ...articles.map((article) => render('email/digest-article', about(article))),
      ]),
      ...(issue.more > 0 ? [render('email/digest-more', { ...frame, count: issue.more, url: '%%WEB_URL%%' })] : []),
      ...(corrections ? [render('email/digest-section', { ...frame, title: corrections.title })] : []),
      ...(corrections?.articles ?? []).map((correction) => render('email/digest-correction', { ...frame, correction })),
    ];
    return render('email/digest-shell', frame)
      .replaceAll('%%CONTENT%%', () => pieces.join(''))
      .replaceAll('%%PREHEADER%%', issue.preheader)
      .replaceAll('%%UNSUBSCRIBE_URL%%', `${SITE}/unsubscribe/token-of-this-reader`)
      .replaceAll('%%PREFERENCES_URL%%', `${SITE}/preferences/token-of-this-reader`)
      .replaceAll('%%WEB_URL%%', `${SITE}/${issue.language}/editions/city-news-weekly-2026-05-04`);
  };
  return { html: joined(templates.render, 'html'), text: joined(templates.renderText, 'text') };
};
