import type { NewsroomConfig } from './functions/shared/config.ts';

/** Everything a newsroom changes to make Courant its own. Start again after a change. */
export default {
  name: 'Confluence',
  tagline: {
    en: 'News from the network of river cities',
    fr: 'L’actualité du réseau des villes fluviales',
    es: 'Noticias de la red de ciudades fluviales',
  },
  siteUrl: 'https://news.confluence.example',
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
      synonyms: ['Transport', 'Public transport', 'Transports', 'Transporte'],
    },
    {
      id: 'climate',
      label: { en: 'Climate and water', fr: 'Climat et eau', es: 'Clima y agua' },
      synonyms: ['Environment', 'Climate', 'Environnement', 'Medio ambiente'],
    },
    {
      id: 'housing',
      label: { en: 'Housing and planning', fr: 'Logement et urbanisme', es: 'Vivienda y urbanismo' },
      synonyms: ['Housing', 'Urban planning', 'Logement', 'Vivienda'],
    },
    {
      id: 'smart-city',
      label: {
        en: 'Smart city and technology',
        fr: 'Ville intelligente et technologie',
        es: 'Ciudad inteligente y tecnología',
      },
      synonyms: ['Technology', 'Digital', 'Numérique', 'Tecnología'],
    },
    {
      id: 'governance',
      label: { en: 'Governance and cooperation', fr: 'Gouvernance et coopération', es: 'Gobernanza y cooperación' },
      synonyms: ['Governance', 'Cooperation', 'International relations', 'Gouvernance', 'Gobernanza'],
    },
    {
      id: 'culture',
      label: { en: 'Culture and public life', fr: 'Culture et vie publique', es: 'Cultura y vida pública' },
      synonyms: ['Culture', 'Cultura'],
    },
  ],
  newsletters: [
    {
      id: 'city-news',
      label: { en: 'City News', fr: 'Nouvelles des villes', es: 'Noticias de las ciudades' },
      description: {
        en: 'What the river cities decided, built and learned, in one mail on the topics you choose.',
        fr: 'Ce que les villes fluviales ont décidé, construit et appris, en un seul courriel sur vos thèmes.',
        es: 'Lo que las ciudades fluviales decidieron, construyeron y aprendieron, en un correo con sus temas.',
      },
      languages: ['en', 'fr', 'es'],
      timeZone: 'Europe/Brussels',
      // When each goes out, by the clocks of `timeZone` above; a cadence may have a `timeZone` of its own. Where people are to
      // see an edition first, it is made before it goes out, of what was announced up to then: with
      //   approval: 'required',
      //   weekly: { on: 'monday', at: '08:00', cutOff: { hoursBefore: 62 } },
      // on Friday at 18:00. Approved by Monday at 08:00 it goes out on the minute, later as soon as it is approved.
      cadences: {
        immediate: {},
        daily: { at: '07:00' },
        weekly: { on: 'monday', at: '08:00' },
        monthly: { day: 1, at: '08:00' },
      },
      // Sent on the minute. Without this line an edition waits ten minutes for whoever wants to stop it after all.
      undoMinutes: 0,
      // An edition that could not go out for so many hours waits for a person: old news is not sent by itself.
      staleAfterHours: 6,
    },
  ],
  sender: { name: 'Confluence', address: 'news@confluence.example', replyTo: 'editors@confluence.example' },
  unsubscribeAddress: 'unsubscribe@confluence.example',
  postalAddress: 'Confluence, Quai du Commerce 12, 1000 Brussels, Belgium',
  imprintUrl: 'https://confluence.example/imprint',
  privacyUrl: 'https://confluence.example/privacy',
  rights: {
    en: '© Confluence. Member cities may republish with attribution.',
    fr: '© Confluence. Les villes membres peuvent republier en citant la source.',
    es: '© Confluence. Las ciudades miembro pueden republicar citando la fuente.',
  },
  look: { accent: '#0b5c7a', accentDark: '#7cc7e0', ink: '#14212b', paper: '#ffffff', logo: 'logo.svg' },
} satisfies NewsroomConfig;
