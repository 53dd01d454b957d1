import { type NewsroomConfig, parseNewsroom } from '../../functions/shared/config.ts';

const inAll = (text: string) => ({ en: text, fr: `${text} (fr)`, es: `${text} (es)` });

const newsletter = {
  description: inAll('All that matters on the rivers.'),
  languages: ['en', 'fr', 'es'],
  timeZone: 'Europe/Brussels',
} satisfies Partial<NewsroomConfig['newsletters'][number]>;

/** Two newsletters, three languages, two topics; names that would be trouble in HTML. */
export const aNewsroom = () =>
  parseNewsroom({
    name: 'Delta & Sons <b>',
    tagline: inAll('News of the rivers'),
    siteUrl: 'https://delta.example',
    tagAuthority: 'delta.example,2026',
    languages: [
      { id: 'en', label: 'English' },
      { id: 'fr', label: 'Français' },
      { id: 'es', label: 'Español' },
    ],
    timeZone: 'Europe/Brussels',
    topics: [
      { id: 'mobility', label: { en: 'Mobility', fr: 'Mobilité', es: 'Movilidad' } },
      { id: 'climate', label: { en: 'Climate', fr: 'Climat', es: 'Clima' } },
    ],
    newsletters: [
      {
        ...newsletter,
        id: 'delta-post',
        label: inAll('Delta <i>Post</i>'),
        cadences: { daily: { at: '07:00' }, weekly: { on: 'monday', at: '08:00' }, monthly: { day: 1, at: '08:00' } },
      },
      {
        ...newsletter,
        id: 'ferries',
        label: inAll('Ferries'),
        languages: ['en', 'fr'],
        cadences: { daily: { at: '06:00' }, monthly: { day: 3, at: '06:00' } },
      },
    ],
    sender: { name: 'Delta', address: 'news@delta.example', replyTo: 'desk@delta.example' },
    unsubscribeAddress: 'leave@delta.example',
    postalAddress: 'Quay 1, Delta',
    imprintUrl: 'https://delta.example/imprint',
    privacyUrl: 'https://delta.example/privacy',
    rights: inAll('© Delta'),
    look: { accent: '#0b5c7a', accentDark: '#7cc7e0', ink: '#14212b', paper: '#ffffff', logo: 'logo.svg' },
  });
