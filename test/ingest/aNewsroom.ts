import { parseNewsroom } from '../../functions/shared/config.ts';

/** A newsroom of three languages and three topics. */
export const aNewsroom = () =>
  parseNewsroom({
    name: 'Confluence',
    tagline: { en: 'News of the river', fr: 'Nouvelles du fleuve', es: 'Noticias del río' },
    siteUrl: 'https://elsewhere.example',
    tagAuthority: 'confluence.example,2026',
    languages: [
      { id: 'en', label: 'English' },
      { id: 'fr', label: 'Français' },
      { id: 'es', label: 'Español' },
    ],
    timeZone: 'Europe/Brussels',
    topics: [
      {
        id: 'mobility',
        label: { en: 'Mobility', fr: 'Mobilité', es: 'Movilidad' },
        synonyms: ['Transport', 'Public transport'],
      },
      {
        id: 'housing',
        label: { en: 'Housing and planning', fr: 'Logement et urbanisme', es: 'Vivienda y urbanismo' },
        synonyms: ['Housing', 'Logement', 'Vivienda'],
      },
      {
        id: 'governance',
        label: { en: 'Governance and cooperation', fr: 'Gouvernance et coopération', es: 'Gobernanza y cooperación' },
        synonyms: ['Cooperation'],
      },
    ],
    newsletters: [
      {
        id: 'city-news',
        label: { en: 'City News', fr: 'Nouvelles', es: 'Noticias' },
        description: { en: 'Once a week.', fr: 'Chaque semaine.', es: 'Cada semana.' },
        languages: ['en', 'fr', 'es'],
        timeZone: 'Europe/Brussels',
        cadences: { weekly: { on: 'monday', at: '08:00' } },
      },
    ],
    sender: { name: 'Confluence', address: 'news@confluence.example' },
    unsubscribeAddress: 'leave@confluence.example',
    postalAddress: 'Confluence, Quay 1, Brussels',
    imprintUrl: 'https://confluence.example/imprint',
    privacyUrl: 'https://confluence.example/privacy',
    rights: { en: '© Confluence.', fr: '© Confluence (fr).', es: '© Confluence (es).' },
    look: { accent: '#0b5c7a', accentDark: '#7cc7e0', ink: '#14212b', paper: '#ffffff', logo: 'logo.svg' },
  });
