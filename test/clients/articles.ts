/** Articles that feed readers have got wrong before, in the order in which they are published. */
export interface Sent {
  readonly language: 'en' | 'fr' | 'es';
  readonly title: string;
  readonly html: string;
  readonly authors: readonly string[];
  readonly at: string;
}

export const ARTICLES: readonly Sent[] = [
  {
    language: 'en',
    title: 'The first of all',
    html: '<p>It is here so that something is older than the others.</p>',
    authors: ['Ana Prat'],
    at: '2026-05-01T08:00:00.000Z',
  },
  {
    language: 'en',
    title: 'AT&T & Söhne: 5 < 6 and "7" > 3, it’s “true”',
    html: '<p>Fish &amp; chips for <em>all</em>: 5 &lt; 6, and &lt;b&gt; is no bold. ]]&gt; ends nothing.</p>',
    authors: ['Ana Prat', 'Tom O’Brien & Sons'],
    at: '2026-05-01T09:00:00.000Z',
  },
  {
    language: 'en',
    title: 'مرحبا by bike, שלום 🚲 and 𠮷野家',
    html: '<p dir="rtl">مرحبا بالعالم 🚲</p><p>𠮷野家 is spelt with a sign beyond the first plane.</p>',
    authors: ['Zoë Nuñez'],
    at: '2026-05-01T10:00:00.000Z',
  },
  {
    language: 'fr',
    title: 'L’été à l’écluse : « 100 % » d’accord',
    html: '<p>Œuvres d’art, à côté de l’île.</p>',
    authors: ['Hélène Œdel'],
    at: '2026-05-01T11:00:00.000Z',
  },
  {
    language: 'es',
    title: '¿Quién cruza el río? ¡Nadie! (aún)',
    html: '<p>El año próximo, mañana a las ñ.</p>',
    authors: ['Íñigo Ñáñez'],
    at: '2026-05-01T12:00:00.000Z',
  },
  {
    language: 'en',
    title: 'A figure that was wrong',
    html: '<p>Nine of ten ferries were late.</p>',
    authors: ['Ana Prat'],
    at: '2026-05-01T13:00:00.000Z',
  },
];
