import { z } from 'zod';
import type { Press } from '../../../functions/digest/composing/press.ts';
import { type NewsroomConfig, parseNewsroom } from '../../../functions/shared/config.ts';
import type { TemplateData } from '../../../functions/shared/page/templates.ts';

/** A newsroom with two languages and three topics. */
export const aNewsroom = (over: Partial<NewsroomConfig> = {}) =>
  parseNewsroom({
    name: 'Confluence',
    tagline: { en: 'News of the rivers', fr: 'Nouvelles des fleuves' },
    siteUrl: 'https://news.example',
    tagAuthority: 'example.org,2026',
    languages: [
      { id: 'en', label: 'English' },
      { id: 'fr', label: 'Français' },
    ],
    timeZone: 'UTC',
    topics: [
      { id: 'mobility', label: { en: 'Mobility', fr: 'Mobilité' } },
      { id: 'climate', label: { en: 'Climate', fr: 'Climat' } },
      { id: 'culture', label: { en: 'Culture', fr: 'Culture' } },
    ],
    newsletters: [
      {
        id: 'city-news',
        label: { en: 'City News', fr: 'Nouvelles des villes' },
        description: { en: 'What the cities did.', fr: 'Ce que les villes ont fait.' },
        languages: ['en', 'fr'],
        timeZone: 'UTC',
        cadences: { daily: { at: '07:00' }, weekly: { on: 'monday', at: '08:00' } },
        undoMinutes: 0,
      },
    ],
    sender: { name: 'Confluence', address: 'news@example.org', replyTo: 'editors@example.org' },
    unsubscribeAddress: 'unsubscribe@example.org',
    postalAddress: 'Confluence, Quai 12, Brussels',
    imprintUrl: 'https://example.org/imprint',
    privacyUrl: 'https://example.org/privacy',
    rights: { en: '© Confluence', fr: '© Confluence' },
    look: { accent: '#0b5c7a', accentDark: '#7cc7e0', ink: '#14212b', paper: '#ffffff', logo: 'logo.svg' },
    ...over,
  });

const shownSchema = z.object({
  article: z.object({ title: z.string(), summary: z.string(), url: z.string() }).optional(),
  title: z.string().optional(),
  intro: z.string().optional(),
  other: z.object({ title: z.string(), language: z.string() }).optional(),
  correction: z.object({ title: z.string(), note: z.string(), url: z.string() }).optional(),
  count: z.number().optional(),
  heading: z.string().optional(),
  url: z.string().optional(),
});

/** Templates so plain that a test can read what came of them. */
const shown = (name: string, raw: TemplateData): string => {
  const data = shownSchema.parse(raw);
  switch (name) {
    case 'email/digest-shell':
      return `[%%PREHEADER%%] ${data.heading} {%%CONTENT%%} leave:%%UNSUBSCRIBE_URL%% choose:%%PREFERENCES_URL%% web:%%WEB_URL%%\n`;
    case 'email/digest-lead':
      return `LEAD(${data.article?.title}|${data.article?.summary}|${data.article?.url})\n`;
    case 'email/digest-article':
      return `ARTICLE(${data.article?.title})\n`;
    case 'email/digest-greeting':
      return 'GREETING\n';
    case 'email/digest-intro':
      return `INTRO(${data.intro})\n`;
    case 'email/digest-other':
      return `OTHER(${data.other?.title}|${data.other?.language})\n`;
    case 'email/digest-correction':
      return `CORRECTION(${data.correction?.title}|${data.correction?.note}|${data.correction?.url})\n`;
    case 'email/digest-section':
      return `SECTION(${data.title})\n`;
    default:
      return `MORE(${data.count} ${data.url})\n`;
  }
};

export const aPress = (newsroom = aNewsroom()): Press => ({
  newsroom,
  siteUrl: newsroom.siteUrl,
  templates: {
    render: (name, data) => shown(name, data),
    renderText: (name, data) => shown(name, data),
    say: (_language, key) => key,
  },
});
