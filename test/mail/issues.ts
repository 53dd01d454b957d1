import type { ArticleData, Issue } from './aDigest.ts';

const SITE = 'https://news.confluence.example';

const article = (
  language: string,
  over: Omit<ArticleData, 'url' | 'image' | 'authors' | 'topic'> & {
    picture?: string;
    alt?: string;
    credit?: string;
    authors?: string;
    topic?: string;
  },
): ArticleData => ({
  title: over.title,
  summary: over.summary,
  day: over.day,
  authors: over.authors ?? '',
  topic: over.topic ?? '',
  url: `${SITE}/${language}/articles/${over.title
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}`,
  image: over.picture
    ? { url: `${SITE}/assets/samples/${over.picture}.png`, alt: over.alt ?? '', credit: over.credit ?? null }
    : null,
});

const pictureOf = ({ lead }: Issue): NonNullable<ArticleData['image']> => {
  if (!lead.image) throw new Error('It has no picture.');
  return lead.image;
};

/** The same week in three languages, as an editor would have it. */
export const english: Issue = {
  language: 'en',
  label: 'City News',
  dateLine: '4 May 2026',
  preheader: 'A silo becomes 84 homes · Lanterns return to the quay',
  lead: article('en', {
    title: 'Five towns share one ferry timetable',
    summary:
      'Since Friday the ferries of five towns along the estuary run to one timetable, with one ticket for all of them. Nobody should wait longer than ten minutes for the next boat, the operators promise, and the first weekend proved them nearly right.',
    day: '1 May 2026',
    authors: 'Ana Prat',
    topic: 'Mobility',
    picture: 'ferry',
    alt: 'A small ferry crosses a wide river in the morning light',
    credit: 'Jonas Lind',
  }),
  intro:
    'Dear readers,\n\nThe assembly meets in **Ruse** this week; [the programme](https://confluence.example/assembly) is on our site.',
  other: {
    label: 'French',
    language: 'fr',
    direction: 'ltr',
    title: 'Cinq villes, un seul horaire de bacs',
    url: `${SITE}/fr/articles/cinq-villes-un-seul-horaire-de-bacs`,
  },
  corrections: {
    title: 'Corrections',
    articles: [
      {
        title: 'Bridge tolls to end in June',
        note: 'Withdrawn: the council has not voted yet.',
        url: `${SITE}/en/articles/bridge-tolls-to-end-in-june`,
        retracted: true,
      },
      {
        title: 'A swimming pool in the old dock',
        note: 'Corrected: the pool will cost 4 million euros, not 40 million.',
        url: `${SITE}/en/articles/a-swimming-pool-in-the-old-dock`,
        retracted: false,
      },
    ],
  },
  sections: [
    {
      title: 'Mobility',
      articles: [
        article('en', {
          title: 'The night bus now waits for the last train',
          summary:
            'A change of eleven lines of code ends a quarrel of nine years: the bus driver sees whether the train is late.',
          day: '30 April 2026',
          authors: 'Marek Dvořák and Lucía Ferrer',
        }),
        article('en', {
          title: 'A footbridge opens after one summer of building',
          summary:
            'Prefabricated upstream and floated into place, it cost a third less than planned. Three cities have asked for the drawings.',
          day: '29 April 2026',
          authors: 'Ana Prat',
          picture: 'bridge',
        }),
      ],
    },
    {
      title: 'Climate and water',
      articles: [
        article('en', {
          title: 'Rain gauges on school roofs warn the lower town an hour earlier',
          summary: 'Two hundred pupils read them, a hydrologist checks them, and the lower town has its hour.',
          day: '30 April 2026',
          picture: 'rivers',
        }),
        article('en', {
          title: 'Which trees survived the dry year',
          summary: 'The list is shorter than hoped, and more useful than any before it.',
          day: '28 April 2026',
          authors: 'Noor Haddad',
          picture: 'trees',
        }),
      ],
    },
    {
      title: 'Housing and planning',
      articles: [
        article('en', {
          title: 'A grain silo becomes 84 homes',
          summary: 'The walls were too thick to cut and too good to lose. The architects made the thickness the plan.',
          day: '27 April 2026',
          authors: 'Pilar Soto',
          picture: 'silo',
        }),
      ],
    },
    {
      title: 'Culture and public life',
      articles: [
        article('en', {
          title: 'Lanterns return to the quay after thirty years',
          summary: '',
          day: '26 April 2026',
          authors: 'Jonas Lind',
          picture: 'lanterns',
        }),
      ],
    },
  ],
  more: 5,
};

/** What editors do not hope for: no words for the picture, no summary, news in other languages, and much to put right. */
export const difficult: Issue = {
  ...english,
  preheader: 'Cinq villes, un seul horaire de bacs · عبّارات جديدة على النهر',
  lead: { ...english.lead, title: 'Ferries', summary: '', image: { ...pictureOf(english), alt: '', credit: null } },
  sections: [
    {
      title: 'Mobility',
      articles: [
        {
          ...article('fr', {
            title: 'Cinq villes, un seul horaire de bacs',
            summary: 'Depuis vendredi, les bacs de cinq villes suivent le même horaire, avec un seul billet.',
            day: '1 mai 2026',
            authors: 'Ana Prat',
            picture: 'ferry',
          }),
          language: 'fr',
        },
        {
          ...article('ar', {
            title: 'عبّارات جديدة على النهر',
            summary: 'منذ يوم الجمعة تسير عبّارات خمس مدن وفق جدول واحد وبتذكرة واحدة.',
            day: '١ مايو ٢٠٢٦',
            picture: 'bridge',
          }),
          language: 'ar',
        },
        article('en', {
          title: 'القدس مدينة للجميع',
          summary: 'A headline may well be in another script than its text.',
          day: '29 April 2026',
        }),
      ],
    },
  ],
};

export const french: Issue = {
  language: 'fr',
  label: 'Nouvelles des villes',
  dateLine: '4 mai 2026',
  preheader: 'Un silo devient 84 logements · Les lanternes reviennent sur le quai',
  lead: article('fr', {
    title: 'Cinq villes, un seul horaire pour les bacs',
    summary:
      'Depuis vendredi, les bacs de cinq villes de l’estuaire circulent selon un horaire commun, avec un billet unique. Personne ne devrait attendre plus de dix minutes, promettent les exploitants ; le premier week-end leur a presque donné raison.',
    day: '1 mai 2026',
    authors: 'Ana Prat',
    topic: 'Mobilité',
    picture: 'ferry',
    alt: 'Un petit bac traverse un large fleuve dans la lumière du matin',
    credit: 'Jonas Lind',
  }),
  sections: [
    {
      title: 'Climat et eau',
      articles: [
        article('fr', {
          title: 'Des pluviomètres sur les toits des écoles',
          summary:
            'Deux cents élèves les relèvent, une hydrologue les vérifie : la ville basse est prévenue une heure plus tôt.',
          day: '30 avril 2026',
          authors: 'Noor Haddad',
          picture: 'rivers',
        }),
      ],
    },
    {
      title: 'Logement et urbanisme',
      articles: [
        article('fr', {
          title: 'Un silo à grains devient 84 logements',
          summary:
            'Les murs étaient trop épais pour être percés et trop beaux pour être perdus. L’épaisseur est devenue le plan.',
          day: '27 avril 2026',
          authors: 'Pilar Soto',
        }),
      ],
    },
  ],
  more: 1,
};

export const spanish: Issue = {
  language: 'es',
  label: 'Noticias de las ciudades',
  dateLine: '4 de mayo de 2026',
  preheader: 'Un silo se convierte en 84 viviendas',
  lead: article('es', {
    title: 'Cinco ciudades comparten un horario de transbordadores',
    summary:
      'Desde el viernes, los transbordadores de cinco ciudades del estuario circulan con un horario común y un billete único. ¿Diez minutos de espera como máximo? El primer fin de semana casi dio la razón a los operadores.',
    day: '1 de mayo de 2026',
    authors: 'Ana Prat',
    topic: 'Movilidad',
  }),
  sections: [
    {
      title: 'Vivienda y urbanismo',
      articles: [
        article('es', {
          title: 'Un silo de grano se convierte en 84 viviendas',
          summary: 'Los muros eran demasiado gruesos para abrirlos y demasiado buenos para perderlos.',
          day: '27 de abril de 2026',
          authors: 'Pilar Soto',
          picture: 'silo',
        }),
      ],
    },
  ],
  more: 0,
};
